"""Reading the catalogue as a customer does."""

from django.db import connections

from apps.catalog.models import ProductCategory

PRODUCTS = "/api/v1/products/"


def names(response):
    return [product["name"] for product in response.json()["results"]]


def shelve(product, category):
    ProductCategory.objects.using("catalog").create(product=product, category=category)


MANY = """
INSERT INTO products (
    name, slug, sku, price, vendor, product_type, tags, options, published_at, track_inventory, is_featured, created_at,
    rating_average, rating_count, popularity_score
)
SELECT
    'Shirt ' || n, 'shirt-' || n, 'S-' || n, n, 'Oliveira ' || n %% 7, 'Type ' || n %% 50,
    ARRAY['tag ' || n %% 400, 'wool'],
    jsonb_build_array(jsonb_build_object('name', 'Size', 'values', jsonb_build_array('S' || n %% 300, 'M'))),
    '2026-01-05', n %% 3 <> 0, n %% 500 = 0, timestamptz '2026-01-05' + n * interval '1 minute', n %% 6, n, n
FROM generate_series(%s, %s) AS n
"""


def fill(number, *, first=1):
    """Put many products into the catalogue, quickly, and let PostgreSQL look at them."""
    with connections["catalog"].cursor() as cursor:
        cursor.execute(MANY, [first, first + number - 1])
        cursor.execute("ANALYZE products, product_categories, categories, category_ancestors, product_variants")
