-- A synonym is found by the stems of its words, a boost by the words of its query; both are kept beside the text.
-- Locks both tables against writes for an instant (CREATE TRIGGER: SHARE ROW EXCLUSIVE); they are new.
CREATE FUNCTION search_key(language regconfig, given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(coalesce((tsvector_to_array(to_tsvector(language, word)))[1], word), ' ' ORDER BY place), '')
    FROM unnest(search_words_of(given)) WITH ORDINALITY AS found (word, place)
$$;

CREATE FUNCTION search_phrases_are_kept_as_stems() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.phrase_key := left(search_key(NEW.language::regconfig, NEW.phrase), 255);
    NEW.meaning_key := left(search_key(NEW.language::regconfig, NEW.meaning), 255);
    RETURN NEW;
END;
$$;

CREATE FUNCTION search_boost_is_found_by_its_query() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.query_key := left(array_to_string(search_words_of(NEW.query), ' '), 255);
    RETURN NEW;
END;
$$;

CREATE TRIGGER search_phrases_are_kept_as_stems BEFORE INSERT OR UPDATE ON search_synonyms
    FOR EACH ROW EXECUTE FUNCTION search_phrases_are_kept_as_stems();

CREATE TRIGGER search_boost_is_found_by_its_query BEFORE INSERT OR UPDATE ON search_boosts
    FOR EACH ROW EXECUTE FUNCTION search_boost_is_found_by_its_query();

CREATE TRIGGER update_search_synonyms_updated_at BEFORE UPDATE ON search_synonyms
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

CREATE TRIGGER update_search_boosts_updated_at BEFORE UPDATE ON search_boosts
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
