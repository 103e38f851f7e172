"""The look of the back office; what stands in it is in ecommerce/admin.py."""

from django.templatetags.static import static

# The front door's indigo, in the shades that the theme asks for.
INDIGO = {
    "50": "oklch(96.2% .018 272.314)",
    "100": "oklch(93% .034 272.788)",
    "200": "oklch(87% .065 274.039)",
    "300": "oklch(78.5% .115 274.713)",
    "400": "oklch(67.3% .182 276.935)",
    "500": "oklch(58.5% .233 277.117)",
    "600": "oklch(51.1% .262 276.966)",
    "700": "oklch(45.7% .24 277.023)",
    "800": "oklch(39.8% .195 277.366)",
    "900": "oklch(35.9% .144 278.697)",
    "950": "oklch(25.7% .09 281.288)",
}

UNFOLD = {
    "SITE_TITLE": "ecommerce.admin.shop_name",
    "SITE_HEADER": "ecommerce.admin.shop_name",
    "SITE_SUBHEADER": "Back office",
    "SITE_SYMBOL": "storefront",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("core/shop.svg")},
    ],
    "ENVIRONMENT": "ecommerce.admin.environment",
    "DASHBOARD_CALLBACK": "ecommerce.dashboard.dashboard",
    "STYLES": [lambda request: static("core/office.css")],
    "SHOW_BACK_BUTTON": True,
    "COLORS": {"primary": INDIGO},
    "SIDEBAR": {"navigation": "ecommerce.admin.navigation"},
}

# Where a clerk comes in, and where to after that.
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# Times as in logs and in the API: 2026-11-24 04:43:05.
FORMAT_MODULE_PATH = ["ecommerce.formats"]
