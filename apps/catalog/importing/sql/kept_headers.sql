-- Under which headers an import kept what the catalogue has no column for.
-- about: select products
SELECT jsonb_object_keys(metadata -> 'import') AS header FROM products
UNION
SELECT jsonb_object_keys(metadata -> 'import') FROM product_variants
ORDER BY header
