"""The one base of every error that the business foresees."""

from typing import Any, ClassVar


class DomainError(Exception):
    """
    A fact that stops what was asked, foreseen and named.

    Subclasses are named after the fact (`InsufficientStock`), live beside the function that raises them, and set
    `code`, which clients may rely on for ever, and `status`, the HTTP status the API answers with.
    The message says what is wrong and what to do; `details` are JSON values that a program can use.
    """

    code: ClassVar[str]
    status: ClassVar[int] = 409

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class NotFound(DomainError):
    """Nothing has this address."""

    code = "not_found"
    status = 404


class InvalidInput(DomainError):
    """
    Fields of a request are wrong.

    `errors` maps each field to its sentences, as Django's forms and DRF's serializers do.
    """

    code = "invalid"
    status = 422

    def __init__(self, message: str, *, errors: dict[str, list[str]] | None = None, **details: Any) -> None:
        super().__init__(message, **details)
        self.errors = errors or {}
