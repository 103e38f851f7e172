"""A deployment. Refuses to start on an unsafe configuration."""

from .base import *
