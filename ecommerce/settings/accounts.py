"""Who people are: the user model, password hashing, sign-in backends."""

# AUTH_USER_MODEL = "accounts.User" comes in with the model itself; without the model Django does not start.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
