"""A broken constraint of the database, told as the business says it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError

from .exceptions import DomainError


def broken_constraint(error: IntegrityError) -> str | None:
    """Return the name of the constraint, unique index or SQL rule that refused the row; None where none is named."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return diagnostics.constraint_name if diagnostics else None


@contextmanager
def translated(errors: Mapping[str, Callable[[], DomainError]]) -> Iterator[None]:
    """
    Raise the DomainError given for a constraint's name when the block breaks that constraint.

    Put it outside `transaction.atomic`, so that the transaction is rolled back by the time the error is told. A
    deferred constraint breaks at the commit, which is then inside the block too. Errors of constraints not named
    pass unchanged.

    Args:
        errors: the constraint's name to whatever makes its error: `{"users_email_key": lambda: EmailTaken(...)}`.
    """
    try:
        yield
    except IntegrityError as error:
        make = errors.get(broken_constraint(error) or "")
        if make is None:
            raise
        raise make() from error
