-- Take a query apart: each run of up to four of its words, with what it means for a search.
-- about: select search_words
WITH words AS (
    SELECT word, place::integer
    FROM unnest((search_words_of(%(text)s))[1:%(most)s]) WITH ORDINALITY AS found (word, place)
), runs AS (
    SELECT
        a.place AS first,
        b.place AS last,
        string_agg(w.word, ' ' ORDER BY w.place) AS phrase,
        string_agg(w.word, '' ORDER BY w.place) AS joined
    FROM words a
    JOIN words b ON b.place BETWEEN a.place AND a.place + 3
    JOIN words w ON w.place BETWEEN a.place AND b.place
    GROUP BY a.place, b.place
)
SELECT
    r.first,
    r.last,
    r.phrase,
    r.joined,
    read.stems,
    coalesce((SELECT max(known.products) FROM search_words known WHERE known.word = ANY (read.stems)), 0) AS products,
    ARRAY(
        SELECT phraseto_tsquery(s.language::regconfig, search_text(s.meaning))::text
        FROM search_synonyms s
        WHERE s.is_active AND s.phrase_key = ANY (read.keys)
        UNION
        SELECT phraseto_tsquery(s.language::regconfig, search_text(s.phrase))::text
        FROM search_synonyms s
        WHERE s.is_active AND s.both_ways AND s.meaning_key = ANY (read.keys)
    ) AS synonyms,
    coalesce((SELECT known.products FROM search_words known WHERE known.word = ''), 0) AS total
FROM runs r
CROSS JOIN LATERAL (
    SELECT
        ARRAY(
            SELECT DISTINCT stem
            FROM unnest(%(languages)s::regconfig[]) AS language
            CROSS JOIN LATERAL unnest(tsvector_to_array(to_tsvector(language, r.joined))) AS stem
        ) AS stems,
        ARRAY(
            SELECT DISTINCT search_key(language, r.phrase) FROM unnest(%(languages)s::regconfig[]) AS language
        ) AS keys
) AS read
ORDER BY r.first, r.last
