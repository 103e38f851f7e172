-- The words of products that begin so, those of most products first.
-- about: select search_words
SELECT substr(word, 2) AS word
FROM search_words
WHERE word LIKE %(beginning)s
ORDER BY products DESC, word
LIMIT %(limit)s
