-- The products that stand in some categories.
-- about: select product_categories
SELECT DISTINCT product_id FROM product_categories WHERE category_id = ANY (%(categories)s)
