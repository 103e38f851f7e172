"""The products that are there already get the words that new ones get, some at a time, while the shop goes on."""

from pathlib import Path

from django.db import migrations

from apps.core.ids import FIRST_ID
from apps.core.sql import query

SQL = Path(__file__).resolve().parent.parent / "sql"
BATCH = 1000


def index_anew(apps, schema_editor):
    """Each batch is a transaction of its own, so no row is locked for longer than its batch takes."""
    after = FIRST_ID
    with schema_editor.connection.cursor() as cursor:
        while after:
            cursor.execute(query(SQL, "index_products_anew"), {"after": after, "limit": BATCH})
            (after,) = cursor.fetchone() or (None,)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0005_search")]

    operations = [migrations.RunPython(index_anew, migrations.RunPython.noop)]
