-- Under which headers an import kept what the catalogue has no column for.
SELECT jsonb_object_keys(metadata -> 'import') AS header FROM products
UNION
SELECT jsonb_object_keys(metadata -> 'import') FROM product_variants
ORDER BY header
