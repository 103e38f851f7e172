"""A developer's machine: embedded servers, debug pages."""

import os

# Before base.py, which reads it.
os.environ.setdefault("LOG_FORMAT", "console")

from .base import *
from .environment import env

DEBUG = env.bool("DEBUG", default=True)
