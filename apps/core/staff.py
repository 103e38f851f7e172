"""The staff login of a developer's machine: made once, and printed at each start."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model


@dataclass(frozen=True)
class Login:
    """An address and its password."""

    email: str
    password: str


def ensure_staff_login(email: str, kept_in: Path) -> Login:
    """
    Return a login that may do everything; its password, drawn on the first start, is kept in a file for the owner only.

    Where the file is gone, the user gets a new password.
    """
    users: Any = get_user_model()._default_manager
    known = kept_in.read_text().strip() if kept_in.exists() else ""
    user = users.filter(email=email).first()
    if known and user:
        return Login(email, known)
    password = known or secrets.token_urlsafe(9)
    kept_in.touch(mode=0o600)
    kept_in.write_text(password + "\n")
    if user is None:
        users.create_superuser(email=email, password=password)
    else:
        user.set_password(password)
        user.save(update_fields=["password"])
    return Login(email, password)
