"""Who people are: the user model, password hashing, sign-in backends, permissions."""

from .environment import env

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["apps.accounts.backends.RoleBackend"]
PASSWORD_HASHERS = ["apps.accounts.hashers.Argon2idHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Tokens of the API. Another key signs out everybody; unset, SECRET_KEY signs.
JWT_SIGNING_KEY = env("JWT_SIGNING_KEY", default="")
JWT_ISSUER = env("JWT_ISSUER", default="commerce")
JWT_AUDIENCE = env("JWT_AUDIENCE", default="commerce-api")
ACCESS_TOKEN_SECONDS = env.int("ACCESS_TOKEN_SECONDS", default=10 * 60)
# A session dies when it was not used for so long.
REFRESH_TOKEN_SECONDS = env.int("REFRESH_TOKEN_SECONDS", default=30 * 24 * 60 * 60)
PASSWORD_RESET_SECONDS = env.int("PASSWORD_RESET_SECONDS", default=60 * 60)
# The storefront's page that takes a new password. After a # the token reaches no server and no log.
PASSWORD_RESET_URL = env("PASSWORD_RESET_URL", default="http://localhost:3000/reset-password#token={token}")

# Whether accounts with a known password may be made: `manage.py load_demo_accounts`. Development alone allows it.
DEMO_ACCOUNTS = False

# The resource, in the rows of `permissions`, that each model belongs to; an app's own line speaks for its other models.
PERMISSION_RESOURCES = {
    "accounts": "customers",
    "accounts.role": "roles",
    "accounts.permission": "roles",
    "catalog": "products",
    "catalog.category": "categories",
    "catalog.inventorymovement": "inventory",
    "catalog.inventoryreservation": "inventory",
    "notifications": "notifications",
    "orders": "orders",
    "orders.orderreturn": "returns",
    "orders.orderreturnline": "returns",
    "payments": "payments",
    "sagas": "sagas",
}
