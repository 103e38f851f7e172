"""A plan carried out: a handful of statements, whatever the size of the taxonomy."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.db import connections

from apps.catalog.importing.staging import copy
from apps.catalog.models import Category
from apps.catalog.services import announce_categories, announce_products
from apps.catalog.statements import DATABASE
from apps.core.sql import Statements

from .planning import Plan, Row, Standing

SQL = Statements(Path(__file__).parent / "sql", using=DATABASE)
TOLD = ("taxonomy", "taxonomy_id", "taxonomy_name", "taxonomy_parent_id")


def list_standing() -> list[Standing]:
    """Return every category, the oldest first."""
    columns = ("id", "name", "slug", "parent_id", *TOLD)
    rows = Category.objects.using(DATABASE).order_by("created_at", "id").values(*columns)
    return [Standing(**row) for row in rows]


def list_holding(taxonomy: str) -> set[UUID]:
    """Return the categories of a taxonomy with products or boosts of their own."""
    return set(SQL.column("list_holding_categories", taxonomy=taxonomy))


def list_heirless(plan: Plan) -> list[UUID]:
    """Return the products whose categories go."""
    return SQL.column("list_products_standing_in", categories=list(plan.removed))


def carry_out(plan: Plan, taxonomy: str) -> None:
    """Do what a plan says, inside the caller's transaction; nothing is written where it says nothing."""
    moved = list_heirless(plan)
    insert(plan.created, taxonomy)
    if plan.changed:
        follow(plan.changed, taxonomy)
    if plan.orphaned:
        SQL.run("leave_taxonomy", categories=plan.orphaned)
    if plan.removed:
        remove(plan.removed)
    if moved:
        announce_products(product_ids=moved)
    if plan.created or plan.changed or plan.orphaned or plan.removed:
        announce_categories()


def insert(rows: Sequence[Row], taxonomy: str) -> None:
    with connections[DATABASE].cursor() as cursor:
        copy(
            cursor,
            "categories",
            (
                {
                    "id": row.id,
                    "name": row.name,
                    "slug": row.slug,
                    "parent_id": row.parent_id,
                    "taxonomy": taxonomy,
                    "taxonomy_id": row.entry.id,
                    "taxonomy_name": row.entry.name,
                    "taxonomy_parent_id": row.entry.parent_id,
                }
                for row in rows
            ),
        )


def follow(rows: Sequence[Row], taxonomy: str) -> None:
    SQL.run(
        "follow_taxonomy",
        taxonomy=taxonomy,
        ids=[row.id for row in rows],
        names=[row.name for row in rows],
        parent_ids=[row.parent_id for row in rows],
        taxonomy_ids=[row.entry.id for row in rows],
        taxonomy_names=[row.entry.name for row in rows],
        taxonomy_parent_ids=[row.entry.parent_id for row in rows],
    )


def remove(heirs: dict[UUID, UUID | None]) -> None:
    going = {"going": list(heirs), "heirs": list(heirs.values())}
    SQL.run("inherit_products", **going)
    SQL.run("inherit_boosts", **going)
    SQL.run("inherit_children", **going)
    SQL.run("delete_categories", categories=list(heirs))
