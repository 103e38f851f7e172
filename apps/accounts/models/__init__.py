"""Tables of the accounts database."""

from .addresses import Address
from .messages import OutboxEvent
from .roles import Permission, Role, RolePermission, UserRole
from .sessions import PasswordResetToken, Session
from .users import User

__all__ = [
    "Address",
    "OutboxEvent",
    "PasswordResetToken",
    "Permission",
    "Role",
    "RolePermission",
    "Session",
    "User",
    "UserRole",
]
