"""
Columns that a file does not have say nothing: what the shop holds stays.

A column that is there and blank says something: it clears the field.
"""

from .layout import Layout

# Which columns of the table each field of a file decides; a column stays when the file has none of its fields.
PRODUCT_COLUMNS: dict[str, tuple[str, ...]] = {
    "description": ("body",),
    "vendor": ("vendor",),
    "product_type": ("type",),
    "tags": ("tags",),
    "images": ("image_src",),
    "seo_title": ("seo_title",),
    "seo_description": ("seo_description",),
    "is_active": ("status",),
    "barcode": ("barcode",),
    "compare_price": ("compare_at",),
    "cost_price": ("cost",),
    "weight": ("grams",),
    "requires_shipping": ("requires_shipping",),
    "taxable": ("taxable",),
}
VARIANT_COLUMNS: dict[str, tuple[str, ...]] = {
    "sku": ("sku",),
    "barcode": ("barcode",),
    "compare_price": ("compare_at",),
    "cost_price": ("cost",),
    "weight": ("grams",),
    "image_url": ("variant_image",),
    "allow_backorder": ("policy", "tracker"),
    "requires_shipping": ("requires_shipping",),
    "taxable": ("taxable",),
    "weight_unit": ("weight_unit",),
}


def keeping_statements(layout: Layout) -> list[str]:
    """Return the statements that fill in, from the shop, what a file has no column for; none for a full layout."""
    return [
        f"UPDATE {staged} s SET {assignments} FROM {table} k WHERE k.id = s.{key} AND NOT s.is_new"  # noqa: S608
        for staged, table, key, columns in (
            ("staged_products", "products", "product_id", PRODUCT_COLUMNS),
            ("staged_variants", "product_variants", "variant_id", VARIANT_COLUMNS),
        )
        if (assignments := ", ".join(f"{column} = k.{column}" for column in absent(layout, columns)))
    ]


def absent(layout: Layout, columns: dict[str, tuple[str, ...]]) -> list[str]:
    return [column for column, fields in columns.items() if not any(map(layout.has, fields))]
