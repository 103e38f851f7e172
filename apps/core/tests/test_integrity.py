from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connections, transaction

from apps.core.exceptions import DomainError
from apps.core.integrity import translated

DATABASE = "payments"
pytestmark = pytest.mark.django_db(transaction=True, databases=[DATABASE])


class NameTaken(DomainError):
    """The name belongs to somebody."""

    code = "name_taken"


@pytest.fixture
def names(transactional_db: None) -> Iterator[None]:
    execute("""
        CREATE TABLE names (
            name text CONSTRAINT names_name_key UNIQUE DEFERRABLE INITIALLY DEFERRED,
            length int CONSTRAINT names_length_positive CHECK (length > 0)
        )
    """)
    execute("INSERT INTO names VALUES ('ada', 3)")
    yield
    execute("DROP TABLE names")


def execute(sql: str) -> None:
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(sql)


def taken() -> DomainError:
    return NameTaken("Somebody is called that.")


@pytest.mark.usefixtures("names")
class TestTranslated:
    def test_tells_a_broken_constraint_by_its_domain_error(self):
        with pytest.raises(NameTaken), translated({"names_length_positive": taken}):
            execute("INSERT INTO names VALUES ('grace', 0)")

    def test_tells_a_deferred_one_at_the_commit(self):
        with pytest.raises(NameTaken), translated({"names_name_key": taken}), transaction.atomic(using=DATABASE):
            execute("INSERT INTO names VALUES ('ada', 3)")

    def test_lets_others_pass(self):
        with pytest.raises(IntegrityError), translated({"names_name_key": taken}):
            execute("INSERT INTO names VALUES ('grace', 0)")

    def test_reads_the_constraint_that_a_rule_in_sql_names(self):
        rule = "DO $$BEGIN RAISE 'no' USING ERRCODE = 'check_violation', CONSTRAINT = 'names_are_kind'; END$$"

        with pytest.raises(NameTaken), translated({"names_are_kind": taken}):
            execute(rule)
