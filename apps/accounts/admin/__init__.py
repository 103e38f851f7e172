"""The back office of accounts: users, roles, sessions, address books."""

from django.contrib import admin
from django.contrib.auth.models import Group

from .addresses import AddressAdmin
from .roles import RoleAdmin
from .sessions import SessionAdmin
from .users import UserAdmin

# Roles take the place of Django's groups.
admin.site.unregister(Group)

__all__ = ["AddressAdmin", "RoleAdmin", "SessionAdmin", "UserAdmin"]
