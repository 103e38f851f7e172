"""How people are told of a product."""

# What Shopify's files call the only variant of a product without options.
ONLY_VARIANT = "Default Title"


def full_title(product_name: str, variant_title: str) -> str:
    """Return the name by which a buyer knows a variant, "Linen Shirt, Blue / M"; an only one bears the product's."""
    if variant_title in ("", ONLY_VARIANT, product_name):
        return product_name
    return f"{product_name}, {variant_title}"


def named(title: str, sku: str) -> str:
    """Return how a sentence names a variant; one that exists no more has neither."""
    return f"{title} ({sku})" if sku else "A product that is no longer there"
