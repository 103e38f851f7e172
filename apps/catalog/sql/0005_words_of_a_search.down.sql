DROP FUNCTION search_written(text, text);
DROP FUNCTION search_spellings(text);
DROP FUNCTION search_words_of(text);
DROP FUNCTION search_text(text);
-- An extension that somebody else made is theirs.
DO $$
DECLARE
    extension name;
BEGIN
    FOR extension IN
        SELECT extname FROM pg_extension
        WHERE extname IN ('unaccent', 'pg_trgm') AND extowner = current_user::regrole
    LOOP
        EXECUTE format('DROP EXTENSION %I', extension);
    END LOOP;
END;
$$;
