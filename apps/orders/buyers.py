"""Who buys: a customer who is logged in, a guest who shows a secret, or both at once while one becomes the other."""

from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """
    What a request proves about whoever sent it.

    Shape: `user_id` is None for guests; `token` is the secret of a guest's cart, None where none was shown. Nobody at
    all (both None) owns nothing.
    """

    user_id: UUID | None = None
    token: str | None = None

    @property
    def session_id(self) -> str | None:
        """What carts keep of the secret: its SHA-256 in hexadecimal."""
        return hashed(self.token).hex() if self.token else None

    @property
    def access_token_hash(self) -> bytes | None:
        """What orders keep of the secret: its SHA-256."""
        return hashed(self.token) if self.token else None


def new_token() -> str:
    """Return a secret of 256 bits for a guest; only its hash is stored, so it cannot be shown again."""
    return token_urlsafe(32)


def hashed(token: str) -> bytes:
    """Return the hash of a secret; a plain one is enough for a secret that nobody can guess."""
    return sha256(token.encode()).digest()
