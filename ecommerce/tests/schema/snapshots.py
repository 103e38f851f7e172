"""What stands in a schema, by name, in words that two schemas can be compared by."""

import re
from pathlib import Path

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

Snapshot = dict[str, str]
CATALOGS = (Path(__file__).parent / "catalogs.sql").read_text(encoding="utf-8")
BODY_OF = "body of "

# What PostgreSQL keeps apart as it was typed, and means the same.
SYNONYMS = [
    (re.compile(r"\bCURRENT_TIMESTAMP\b"), "now()"),
    (re.compile(r"\b(\w+) = true\b"), r"\1"),
    # What an extension brings stands there, and seen from another schema bears its name.
    (re.compile(r"\bpublic\."), ""),
]
COMMENT = re.compile(r"--.*")
SPACE = re.compile(r"\s+")
QUOTED_OR_NOT = re.compile(r"'(?:[^']|'')*'|[^']+")


def take(cursor: CursorWrapper, schema: str) -> Snapshot:
    """Return every object of the schema by kind and name; the cursor's search path is the schema from then on."""
    # Names are then written without their schema.
    cursor.execute(f"SET LOCAL search_path TO {schema}")
    cursor.execute(CATALOGS, {"schema": schema})
    snapshot = {}
    for name, definition, body in cursor.fetchall():
        snapshot[name] = plain(definition)
        if body is not None:
            snapshot[BODY_OF + name] = plain_code(body)
    return snapshot


def found_in(connection: BaseDatabaseWrapper) -> Snapshot:
    """Return what stands in a database."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        return take(cursor, "public")


def found(alias: str) -> Snapshot:
    """Return what stands in the database of an alias."""
    return found_in(connections[alias])


def plain(definition: str) -> str:
    """Return a definition on one line, one word for one meaning."""
    for pattern, word in SYNONYMS:
        definition = pattern.sub(word, definition)
    return SPACE.sub(" ", definition).strip()


def plain_code(body: str) -> str:
    """Return the body of a function without comments, layout and case, except in what is quoted."""
    pieces = QUOTED_OR_NOT.findall(COMMENT.sub("", body))
    code = "".join(piece if piece.startswith("'") else piece.lower() for piece in pieces)
    return SPACE.sub(" ", code).strip()


def differences(declared: Snapshot, found: Snapshot) -> list[str]:
    """Return one line for each object that is missing, extra or different, in the order of their names."""
    lines = []
    # The body of a function that is missing or extra goes without saying.
    bodies = {name for name in declared.keys() ^ found.keys() if name.startswith(BODY_OF)}
    for name in sorted((declared.keys() | found.keys()) - bodies):
        if name not in found:
            lines.append(f"missing: {name}, declared as: {declared[name]}")
        elif name not in declared:
            lines.append(f"extra: {name}, found as: {found[name]}")
        elif declared[name] != found[name]:
            lines.append(f"different: {name}, declared as: {declared[name]}, found as: {found[name]}")
    return lines
