"""The declared side: the files of a database, read by PostgreSQL."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction

from .snapshots import BODY_OF, Snapshot, plain_code, take

FOLDER = Path(__file__).parent / "declared"
SHARED = ["shared/founding", "shared/mends"]
FOUNDED = ["accounts", "catalog", "orders"]
PARTS = {
    "accounts": [
        *SHARED,
        "accounts/founding",
        "accounts/mends",
        "accounts/additions",
        "accounts/django",
        "shared/outbox",
    ],
    "catalog": [
        *SHARED,
        "catalog/founding",
        "catalog/functions",
        "catalog/mends",
        "catalog/additions",
        "shared/inbox",
        "shared/outbox",
    ],
    "orders": [*SHARED, "orders/founding", "orders/mends", "orders/additions", "orders/sagas", "shared/outbox"],
    "payments": [*SHARED, "payments/tables", "shared/inbox", "shared/outbox"],
    "notifications": [*SHARED, "notifications/tables", "shared/inbox", "shared/outbox"],
}
# A declared body such as 'rule catalog/0003_uuid_v7' is the function's body in apps/catalog/sql/0003_uuid_v7.sql.
RULE = re.compile(r"rule (\w+)/(\w+)")


def read(part: str, alias: str) -> str:
    """Return the SQL of one part of a declaration; `:alias` in it is the name of the database."""
    text = (FOLDER / f"{part}.sql").read_text(encoding="utf-8")
    return text.replace(":alias", f"'{alias}'")


@cache
def declared(alias: str) -> Snapshot:
    """Return what the declaration says stands in a database."""
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("CREATE SCHEMA declared")
        cursor.execute("SET LOCAL search_path TO declared")
        cursor.execute("SET LOCAL check_function_bodies TO off")
        for part in PARTS[alias]:
            cursor.execute(read(part, alias))
        snapshot = take(cursor, "declared")
        transaction.set_rollback(True, using=alias)
    return {name: rule_body(name, text) if name.startswith(BODY_OF) else text for name, text in snapshot.items()}


def rule_body(name: str, body: str) -> str:
    """Return the body of a function: as it is declared, or as the rule file named there has it."""
    rule = RULE.fullmatch(body)
    if rule is None:
        return body
    file = settings.BASE_DIR / "apps" / rule[1] / "sql" / f"{rule[2]}.sql"
    function = re.escape(name.removeprefix(f"{BODY_OF}function ").partition("(")[0])
    found = re.search(rf"FUNCTION {function}\(.*?\$\$(.*?)\$\$", file.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"{file.name} has no function {function}"
    return plain_code(found[1])
