"""`database_query_duration_seconds`: one observation a statement, under the table it is about."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connections, transaction
from django.db.models import Count, F
from django.utils import timezone
from prometheus_client import REGISTRY

from apps.core.database.series import QUERY_DURATION
from apps.core.database.statements import Statement
from apps.core.sql import query

Key = tuple[str, str, str]
pytestmark = pytest.mark.django_db(databases=["accounts"])


def counts() -> dict[Key, float]:
    """Return how many statements were observed, by service, query type and table."""
    samples = (sample for family in QUERY_DURATION.collect() for sample in family.samples)
    return {
        (s.labels["service"], s.labels["query_type"], s.labels["table"]): s.value
        for s in samples
        if s.name.endswith("_count")
    }


@contextmanager
def observed() -> Iterator[dict[Key, float]]:
    """Give the statements that the block ran, once it is over."""
    before = counts()
    new: dict[Key, float] = {}
    yield new
    new |= {key: count - before.get(key, 0) for key, count in counts().items() if count > before.get(key, 0)}


def execute(sql: str, alias: str = "accounts") -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)


class TestSeries:
    def test_has_the_buckets_of_the_founding_design(self):
        ContentType.objects.count()

        bounds = {
            sample.labels["le"]
            for family in QUERY_DURATION.collect()
            for sample in family.samples
            if sample.name == "database_query_duration_seconds_bucket"
        }
        assert bounds == {"0.001", "0.01", "0.1", "0.5", "1.0", "2.0", "5.0", "+Inf"}

    def test_counts_in_the_series_of_django_prometheus_too(self):
        labels = {"alias": "accounts", "vendor": "postgresql"}
        before = REGISTRY.get_sample_value("django_db_execute_total", labels) or 0

        ContentType.objects.count()

        assert REGISTRY.get_sample_value("django_db_execute_total", labels) == before + 1


class TestORM:
    def test_knows_a_select(self):
        with observed() as statements:
            list(ContentType.objects.all())

        assert statements == {("accounts", "select", "django_content_type"): 1}

    def test_knows_the_table_a_join_starts_from(self):
        with observed() as statements:
            list(Permission.objects.select_related("content_type").filter(content_type__model="user"))

        assert statements == {("accounts", "select", "auth_permission"): 1}

    def test_knows_aggregates_and_subqueries(self):
        with observed() as statements:
            Permission.objects.values("content_type").annotate(n=Count("id")).aggregate(Count("n"))
            ContentType.objects.filter(permission__codename="x").distinct().count()

        assert statements == {
            ("accounts", "select", "auth_permission"): 1,
            ("accounts", "select", "django_content_type"): 1,
        }

    def test_knows_each_way_of_writing(self):
        with observed() as statements:
            one = ContentType.objects.create(app_label="a", model="one")
            ContentType.objects.bulk_create([ContentType(app_label="a", model=f"thing{n}") for n in range(3)])
            ContentType.objects.filter(pk=one.pk).update(model=F("app_label"))
            one.save()
            Session.objects.create(session_key="k", session_data="", expire_date=timezone.now())
            Session.objects.all().delete()

        assert statements == {
            ("accounts", "insert", "django_content_type"): 2,
            ("accounts", "update", "django_content_type"): 2,
            ("accounts", "insert", "django_session"): 1,
            ("accounts", "delete", "django_session"): 1,
        }

    def test_knows_what_streams(self):
        with observed() as statements:
            list(ContentType.objects.iterator(chunk_size=10))

        assert statements == {("accounts", "select", "django_content_type"): 1}


class TestWrittenByHand:
    def test_counts_a_statement_that_names_its_table(self):
        with observed() as statements:
            execute(Statement("SELECT 1 FROM auth_group", query_type="select", table="auth_group"))

        assert statements == {("accounts", "select", "auth_group"): 1}

    def test_never_guesses(self):
        with observed() as statements:
            execute("SELECT 1 FROM auth_group")

        assert statements == {("accounts", "other", "other"): 1}

    def test_refuses_a_type_that_is_none(self):
        with pytest.raises(ValueError, match="'upsert' is none of select, insert, update, delete, other"):
            Statement("", query_type="upsert", table="auth_group")

    def test_reads_what_a_file_says_it_is_about(self, tmp_path):
        (tmp_path / "hold.sql").write_text("-- Hold.\n-- about: update auth_group\nUPDATE auth_group SET name = name")

        with observed() as statements:
            execute(query(tmp_path, "hold"))

        assert statements == {("accounts", "update", "auth_group"): 1}

    def test_counts_what_a_silent_file_does_as_other(self, tmp_path):
        (tmp_path / "hold.sql").write_text("SELECT 1 FROM auth_group")

        assert query(tmp_path, "hold").about == ("other", "other")


class TestFailure:
    def test_is_observed_like_a_success(self):
        with observed() as statements, pytest.raises(DatabaseError), transaction.atomic(using="accounts"):
            execute(Statement("SELECT 1/0 FROM auth_group", query_type="select", table="auth_group"))

        # The savepoint, its rollback and its release are statements too.
        assert statements == {("accounts", "select", "auth_group"): 1, ("accounts", "other", "other"): 3}

    def test_is_counted_by_its_type(self):
        labels = {"alias": "accounts", "vendor": "postgresql", "type": "ProgrammingError"}
        before = REGISTRY.get_sample_value("django_db_errors_total", labels) or 0

        with pytest.raises(DatabaseError), transaction.atomic(using="accounts"):
            execute("SELECT nonsense")

        assert REGISTRY.get_sample_value("django_db_errors_total", labels) == before + 1

    def test_leaves_no_trace_on_the_next_statement(self):
        with pytest.raises(DatabaseError), transaction.atomic(using="accounts"):
            list(ContentType.objects.extra(where=["nonsense"]))

        with observed() as statements:
            execute("SELECT 1")

        assert statements == {("accounts", "other", "other"): 1}


@pytest.mark.committed(databases=["accounts"])
class TestThreads:
    def test_keep_their_statements_apart(self):
        together = threading.Barrier(4)

        def work(number: int) -> None:
            try:
                together.wait(10)
                for _ in range(50):
                    if number % 2:
                        ContentType.objects.filter(pk=0).exists()
                    else:
                        execute(Statement("SELECT 1", query_type="select", table="auth_group"))
            finally:
                connections["accounts"].close()

        with observed() as statements, ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))

        assert statements == {
            ("accounts", "select", "django_content_type"): 100,
            ("accounts", "select", "auth_group"): 100,
        }
