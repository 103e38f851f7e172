"""A developer's machine: embedded servers, debug pages."""

import os

from apps.core.services.addresses import embedded_databases

# Before base.py, which reads it.
os.environ.setdefault("LOG_FORMAT", "console")
os.environ.setdefault("SHOP_NAME", "Lantern Quay")

from .base import *
from .environment import env

DEBUG = env.bool("DEBUG", default=True)
# On somebody else's database nobody gets a login that everybody knows.
DEMO_ACCOUNTS = bool(embedded_databases(["accounts"]))
RUN_LOGINS = "load_demo_accounts" if DEMO_ACCOUNTS else None

# Nobody else's sagas depend on a definition that is being written.
SAGA_DEFINITIONS_SEALED = env.bool("SAGA_DEFINITIONS_SEALED", default=False)
