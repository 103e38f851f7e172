"""A hasher that counts its work."""

from typing import ClassVar

from django.contrib.auth.hashers import MD5PasswordHasher


class CountingHasher(MD5PasswordHasher):
    algorithm = "counting"
    hashes: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str) -> str:
        self.hashes.append(password)
        return super().encode(password, salt)
