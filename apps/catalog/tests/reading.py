"""Reading the catalogue as a customer does."""

from apps.catalog.models import ProductCategory

PRODUCTS = "/api/v1/products/"


def names(response):
    return [product["name"] for product in response.json()["results"]]


def shelve(product, category):
    ProductCategory.objects.using("catalog").create(product=product, category=category)
