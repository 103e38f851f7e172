-- A text is taken apart into the words by which products are found, the same way for products and for queries: without
-- accents and case, `TN-2110` as `tn` and `2110`, `men's` as `mens`.
-- The extensions are trusted ones: the owner of the database may create them. Takes no lock on any table.
CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;

-- What PostgreSQL's parser would keep together as a path, a host or a signed number is parted.
CREATE FUNCTION search_text(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(
        lower(public.unaccent('public.unaccent', translate(normalize(coalesce(given, '')), '™®©', '   '))),
        '-/._@:+*=~|\%''’`´',
        '             '
    )
$$;

CREATE FUNCTION search_words_of(given text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT string_to_array(btrim(regexp_replace(search_text(given), '[^[:alnum:]]+', ' ', 'g')), ' ')
$$;

-- The other spellings of what stands in a text: `t-shirt` joined, and the parts of a model number such as `tn2110`.
CREATE FUNCTION search_spellings(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT concat_ws(
        ' ',
        (
            SELECT string_agg(translate(joined[1], '-._', ''), ' ')
            FROM regexp_matches(given, '[[:alnum:]]+(?:[-._][[:alnum:]]+)+', 'g') AS joined
        ),
        (
            SELECT string_agg(regexp_replace(model[1], '(\d+)', ' \1 ', 'g'), ' ')
            FROM regexp_matches(given, '\m(?=\w*[[:alpha:]])\w*\d{3}\w*\M', 'g') AS model
        )
    )
$$;

-- The words as they are written, each with a leading `=` that no stem has.
CREATE FUNCTION search_written(given text, weight text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg('''=' || word || ''':' || least(place, 16383) || weight, ' '), '')::tsvector
    FROM unnest(search_words_of(given)) WITH ORDINALITY AS found (word, place)
    WHERE length(word) <= 100
$$;
