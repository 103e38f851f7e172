"""`manage.py set_active FILE`: what is on sale and what is not. The rules are in docs/catalog.md."""

from typing import Any

from apps.catalog.importing.bulk import ActivationJob
from apps.catalog.management.files import FileCommand


class Command(FileCommand):
    help = (
        "Put variants (sku) or products (slug) on sale, or take them off, by a CSV with the column active. "
        f"{FileCommand.__doc__}"
    )

    def job(self, **options: Any) -> ActivationJob:
        return ActivationJob()
