"""
Writes of accounts, and the errors they raise.

customers: how they join and change; login and sessions: how they come in and leave; passwords; addresses; roles.
"""

from .addresses import (
    DEFAULTS,
    AddressBookFull,
    InvalidAddress,
    add_address,
    change_address,
    checked_address,
    remove_address,
)
from .cleanup import forget_old_sessions
from .customers import CUSTOMER, EmailTaken, change_profile, close_account, register_customer, sign_up
from .login import InvalidCredentials, check_credentials, log_in
from .passwords import (
    InvalidResetToken,
    WrongPassword,
    change_password,
    request_password_reset,
    reset_password,
    reset_secret,
    set_password,
)
from .roles import give_role, set_permissions, set_roles
from .sessions import (
    Device,
    RefreshTokenReused,
    SessionEnded,
    SessionNotFound,
    SignedIn,
    end_sessions,
    end_sessions_of,
    log_out,
    refresh_session,
    revoke_session,
)
from .tokens import InvalidToken

__all__ = [
    "CUSTOMER",
    "DEFAULTS",
    "AddressBookFull",
    "Device",
    "EmailTaken",
    "InvalidAddress",
    "InvalidCredentials",
    "InvalidResetToken",
    "InvalidToken",
    "RefreshTokenReused",
    "SessionEnded",
    "SessionNotFound",
    "SignedIn",
    "WrongPassword",
    "add_address",
    "change_address",
    "change_password",
    "change_profile",
    "check_credentials",
    "checked_address",
    "close_account",
    "end_sessions",
    "end_sessions_of",
    "forget_old_sessions",
    "give_role",
    "log_in",
    "log_out",
    "refresh_session",
    "register_customer",
    "remove_address",
    "request_password_reset",
    "reset_password",
    "reset_secret",
    "revoke_session",
    "set_password",
    "set_permissions",
    "set_roles",
    "sign_up",
]
