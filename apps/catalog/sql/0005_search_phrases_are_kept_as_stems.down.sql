DROP TRIGGER update_search_boosts_updated_at ON search_boosts;
DROP TRIGGER update_search_synonyms_updated_at ON search_synonyms;
DROP TRIGGER search_boost_is_found_by_its_query ON search_boosts;
DROP TRIGGER search_phrases_are_kept_as_stems ON search_synonyms;
DROP FUNCTION search_boost_is_found_by_its_query();
DROP FUNCTION search_phrases_are_kept_as_stems();
DROP FUNCTION search_key(regconfig, text);
