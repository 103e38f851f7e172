-- The variants that have some SKUs.
-- about: select product_variants
SELECT sku, id FROM product_variants WHERE sku = ANY (%(skus)s)
