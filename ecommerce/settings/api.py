"""The REST API: authentication, errors, pages, throttles, documentation."""

from .environment import env

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["apps.core.api.json.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.core.api.json.JSONParser"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.accounts.api.authentication.SessionTokenAuthentication"],
    "DEFAULT_PAGINATION_CLASS": "apps.core.api.pagination.CursorPages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_THROTTLE_CLASSES": ["apps.core.api.throttling.ScopedThrottle"],
    # One line a scope; a view names its scope as `throttle_scope`. An empty variable lifts a limit.
    "DEFAULT_THROTTLE_RATES": {
        "login": env("THROTTLE_LOGIN", default="10/min"),
        "register": env("THROTTLE_REGISTER", default="20/hour"),
        "password": env("THROTTLE_PASSWORD", default="10/hour"),
        # Guests of one storefront share its address.
        "checkout": env("THROTTLE_CHECKOUT", default="600/min"),
        "reviews": env("THROTTLE_REVIEWS", default="20/hour"),
        "review_votes": env("THROTTLE_REVIEW_VOTES", default="60/min"),
    },
    # How many proxies of ours add to X-Forwarded-For; 0 trusts only the connection's own address.
    "NUM_PROXIES": env.int("TRUSTED_PROXIES", default=0),
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "apps.core.api.problems.problem_response",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": ["apps.core.api.json.JSONRenderer"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Commerce API",
    "DESCRIPTION": "Money is a decimal string with its currency's digits; times are UTC; errors are problem documents "
    "(RFC 9457) with a stable `code`.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "OrderStatusEnum": "apps.orders.models.Order.Status",
        "ReturnStatusEnum": "apps.orders.models.OrderReturn.Status",
        "AdjustmentReasonEnum": "apps.catalog.models.InventoryMovement.Reason",
        "ReturnReasonEnum": "apps.orders.models.OrderReturn.Reason",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.core.api.schema.document_operations",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Nothing is asked of other hosts: no validator, no fonts.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": True, "validatorUrl": None},
}
