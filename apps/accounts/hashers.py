"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """
    Argon2id with 19 MiB, two passes, one lane: as strong against guessing as what it must defend against needs.

    Django's own 100 MiB and eight lanes would let a few dozen sign-ins at once exhaust a small machine.

    Source: OWASP Password Storage Cheat Sheet, Argon2id.
    """

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1
