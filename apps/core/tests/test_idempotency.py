"""`Idempotency-Key` against a real database: the effect and its answer are one commit."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import DatabaseError, connections
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from apps.core.api import idempotency
from apps.core.exceptions import DomainError, InvalidInput, NotFound
from apps.core.idempotency_store import forget_expired
from apps.core.models import IdempotencyRecord

DATABASE = "payments"
KEY = '"8e03978e-40d5-43e8-bc93-6894a57f9324"'


class KeptAnswer(IdempotencyRecord):
    """Abstract, so that no app seems to own it: the statements ask only for the table's name."""

    class Meta:
        abstract = True
        db_table = "idempotency_test_records"


class OutOfStock(DomainError):
    """Not enough is left."""

    code = "out_of_stock"


def execute(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def tables(transactional_db: None) -> Iterator[None]:
    execute("""
        CREATE TABLE idempotency_test_records (
            scope varchar(200), key varchar(255), request_hash bytea NOT NULL, status smallint NOT NULL,
            headers jsonb NOT NULL, body bytea NOT NULL,
            created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
            PRIMARY KEY (scope, key));
        CREATE TABLE idempotency_test_effects (name text)
    """)
    yield
    execute("DROP TABLE idempotency_test_records, idempotency_test_effects")


pytestmark = [pytest.mark.django_db(transaction=True, databases=[DATABASE]), pytest.mark.usefixtures("tables")]


def post(body: Any, key: str | None = KEY, path: str = "/api/v1/orders/") -> Request:
    headers = {"Idempotency-Key": key} if key else {}
    plain = APIRequestFactory().post(path, body, format="json", headers=headers)
    return Request(plain, parsers=[JSONParser()])


def buy(name: str = "tea") -> Response:
    execute("INSERT INTO idempotency_test_effects VALUES (%s)", name)
    return Response({"bought": name}, status=201, headers={"Location": "/api/v1/orders/1/"})


def send(request: Request, perform: Callable[[], Response] = buy, **options: Any) -> idempotency.Answer:
    return idempotency.once(
        request,
        using=DATABASE,
        model=KeptAnswer,  # type: ignore[type-abstract]
        scope="place_order:ada",
        perform=perform,
        **options,
    )


def effects() -> int:
    return execute("SELECT count(*) FROM idempotency_test_effects")[0][0]


def records() -> int:
    return execute("SELECT count(*) FROM idempotency_test_records")[0][0]


class TestOnce:
    def test_performs_and_answers(self):
        answer = send(post({"item": "tea"}))

        assert (answer.status_code, answer.data, answer["Location"]) == (201, {"bought": "tea"}, "/api/v1/orders/1/")
        assert answer["Content-Type"] == "application/json"
        assert not answer.replayed
        assert effects() == 1

    def test_repeats_the_first_answer_byte_by_byte(self):
        first = send(post({"item": "tea", "count": 2}))

        second = send(post({"count": 2, "item": "tea"}))

        assert (second.status_code, second.content, second["Location"]) == (201, first.content, first["Location"])
        assert second["Idempotent-Replayed"] == "true"
        assert second.replayed
        assert effects() == 1

    def test_takes_a_bare_key_for_the_quoted_one(self):
        send(post({}))

        assert send(post({}, key=KEY.strip('"'))).replayed

    def test_performs_each_time_without_a_key(self):
        send(post({}, key=None))
        send(post({}, key=None))

        assert (effects(), records()) == (2, 0)

    def test_insists_on_a_key_where_it_is_required(self):
        with pytest.raises(idempotency.IdempotencyKeyMissing):
            send(post({}, key=None), required=True)

        assert effects() == 0

    @pytest.mark.parametrize("key", ["", '""', '"open', 'a"b', '"a" "b"', '"' + 256 * "a" + '"', 256 * "a", '"ä"'])
    def test_refuses_what_is_no_key(self, key):
        with pytest.raises(idempotency.IdempotencyKeyInvalid):
            send(post({}, key=key if key else " "))

        assert effects() == 0

    def test_refuses_another_body_under_the_key(self):
        send(post({"item": "tea"}))

        with pytest.raises(idempotency.IdempotencyKeyReused):
            send(post({"item": "coffee"}))

        assert effects() == 1

    def test_refuses_another_address_under_the_key(self):
        send(post({"item": "tea"}))

        with pytest.raises(idempotency.IdempotencyKeyReused):
            send(post({"item": "tea"}, path="/api/v1/orders/1/"))

    def test_keeps_scopes_apart(self):
        send(post({}))
        idempotency.once(post({}), using=DATABASE, model=KeptAnswer, scope="place_order:grace", perform=buy)

        assert effects() == 2

    def test_undoes_and_repeats_a_refusal(self):
        def refuse() -> Response:
            buy()
            raise OutOfStock("One tea is left.", left=1)

        first = send(post({}), refuse)
        second = send(post({}))

        assert (first.status_code, first.data["code"], first.data["left"]) == (409, "out_of_stock", 1)
        assert first["Content-Type"] == "application/problem+json"
        assert (second.status_code, second.content, second.replayed) == (409, first.content, True)
        assert effects() == 0

    def test_forgets_wrong_fields(self):
        def refuse() -> Response:
            raise InvalidInput("Some fields are wrong.", errors={"count": ["At least 1."]})

        with pytest.raises(InvalidInput):
            send(post({}), refuse)

        assert send(post({})).status_code == 201

    @pytest.mark.parametrize("status", [500, 503, 429])
    def test_stores_no_answer_that_is_not_final(self, status):
        send(post({}), lambda: Response({}, status=status))

        assert records() == 0

    def test_leaves_neither_effect_nor_answer_after_an_error(self):
        def fail() -> Response:
            buy()
            raise DatabaseError("lost")

        with pytest.raises(DatabaseError):
            send(post({}), fail)

        assert (effects(), records()) == (0, 0)
        assert not send(post({})).replayed

    def test_performs_again_after_the_record_expired(self):
        send(post({}))
        execute("UPDATE idempotency_test_records SET expires_at = now() - interval '1 second'")

        assert not send(post({"item": "coffee"})).replayed
        assert (effects(), records()) == (2, 1)

    def test_costs_two_statements(self, django_assert_num_queries):
        with django_assert_num_queries(5, connection=connections[DATABASE]) as queries:
            send(post({}))

        # Between them the effect itself.
        assert [query["sql"].split()[0] for query in queries] == ["BEGIN", "SELECT", "INSERT", "INSERT", "COMMIT"]

    def test_repeats_that_nothing_was_there(self):
        def refuse() -> Response:
            raise NotFound("No such cart.")

        assert send(post({}), refuse).status_code == 404
        assert send(post({})).status_code == 404


class TestConcurrency:
    def test_refuses_while_the_first_is_under_way(self):
        started, finish = threading.Event(), threading.Event()

        def slowly() -> Response:
            started.set()
            assert finish.wait(10)
            return buy()

        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(closing, lambda: send(post({}), slowly))
            assert started.wait(10)
            with pytest.raises(idempotency.IdempotencyKeyInProgress):
                send(post({}))
            finish.set()
            first.result(10)

        assert send(post({})).replayed
        assert effects() == 1

    def test_acts_once_for_sixteen_at_once(self):
        barrier = threading.Barrier(16)

        def attempt() -> int:
            barrier.wait(10)
            try:
                return send(post({})).status_code
            except idempotency.IdempotencyKeyInProgress:
                return 409

        with ThreadPoolExecutor(16) as pool:
            statuses = list(pool.map(closing, [attempt] * 16))

        assert set(statuses) <= {201, 409}
        assert 201 in statuses
        assert effects() == 1

    def test_undoes_the_effect_when_another_answer_came_first(self):
        def while_another_commits() -> Response:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(closing, insert_answer).result(10)
            return buy()

        with pytest.raises(idempotency.IdempotencyKeyInProgress):
            send(post({}), while_another_commits)

        assert effects() == 0

    def test_gives_no_second_answer_when_another_came_before_the_refusal_was_kept(self):
        def while_another_commits() -> Response:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(closing, insert_answer).result(10)
            raise OutOfStock("There is no tea left.")

        with pytest.raises(idempotency.IdempotencyKeyInProgress):
            send(post({}), while_another_commits)

        assert execute("SELECT status FROM idempotency_test_records") == [(200,)]


def insert_answer() -> None:
    execute(
        """INSERT INTO idempotency_test_records
           VALUES ('place_order:ada', %s, 'x', 200, '{}', 'x', now(), now() + interval '1 hour')""",
        KEY.strip('"'),
    )


def closing(work: Callable[[], Any]) -> Any:
    """Give a thread's connection back, so that the test database can be dropped."""
    try:
        return work()
    finally:
        connections[DATABASE].close()


class TestForgetExpired:
    def test_deletes_only_expired_records(self):
        send(post({}))
        send(post({}, key="older"))
        execute("UPDATE idempotency_test_records SET expires_at = now() WHERE key = 'older'")

        assert forget_expired(KeptAnswer, using=DATABASE) == 1
        assert records() == 1
