"""What can be wrong with an operation, in words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """Why an operation is dangerous on a table in use, and what to do instead."""

    why: str
    instead: str


RELEASE = Verdict(
    "the release that still runs uses it",
    "deploy code without it first; then say so in the migration: safe_because = '...'",
)
