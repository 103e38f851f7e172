"""A developer's machine: embedded servers, debug pages."""

from .base import *
from .environment import env

DEBUG = env.bool("DEBUG", default=True)
