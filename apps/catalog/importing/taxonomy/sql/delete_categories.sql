-- about: delete categories
DELETE FROM categories WHERE id = ANY (%(categories)s)
