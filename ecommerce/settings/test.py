"""The test suite: real servers, cheap password hashes."""

import os

# Before base.py, which reads it.
os.environ.setdefault("LOG_LEVEL", "WARNING")

from apps.core.services.addresses import broker_url, redis_url

from .base import *
from .environment import env

# Every test process has a cache and a broker of its own, apart from those of `make run`.
TEST_PROCESS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 7
CACHES["default"]["LOCATION"] = env("REDIS_URL", default=redis_url(2 + 2 * TEST_PROCESS))
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default=broker_url(3 + 2 * TEST_PROCESS))

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Limits have tests of their own, which set the rates they need.
REST_FRAMEWORK = REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": {}}
# Tests need no collected static files; WhiteNoise looks for them when asked and not at the start.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True

DEMO_ACCOUNTS = True
