"""Who people are: the user model, password hashing, sign-in backends, permissions."""

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["apps.accounts.backends.RoleBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

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
    "payments": "payments",
    "sagas": "sagas",
}
