"""The test suite: real servers, cheap password hashes."""

from .base import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Limits have tests of their own, which set the rates they need.
REST_FRAMEWORK = REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": {}}
# Tests need no collected static files; WhiteNoise looks for them when asked and not at the start.
WHITENOISE_AUTOREFRESH = True
