"""How many SQL statements one order costs, from an empty cart to its confirmation."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.sagas.lanes import run_batch
from ecommerce.testing.customer import ADDRESS, APPROVED
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES

pytestmark = pytest.mark.committed(databases=ALIASES)

CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET LOCAL")
MOST_STATEMENTS = 60


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Count the statements sent to each database meanwhile, transaction control apart."""
    counts: Counter[str] = Counter()
    with ExitStack() as stack:
        captures = {alias: stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in ALIASES}
        yield counts
    for alias, capture in captures.items():
        for query in capture.captured_queries:
            kind = "control" if query["sql"].startswith(CONTROL) else alias
            counts[kind] += 1


class TestAJourney:
    def test_costs_less_than_60_statements(self, stack, settings):
        settings.PAYMENT_GATEWAY_URL = stack.environment["PAYMENT_GATEWAY_URL"]
        stack.worker.stop()
        variants = make_variants(stock=10, products=2)
        guest = Client()

        with counted() as shopping:
            cart = guest.post("/api/v1/carts/", {}, content_type="application/json").json()
            proof = {"X-Cart-Token": cart["token"]}
            for variant in variants:
                line = {"variant_id": str(variant), "quantity": 1}
                address = f"/api/v1/carts/{cart['id']}/lines/"
                assert guest.post(address, line, content_type="application/json", headers=proof).status_code < 300
            contact = {"email": "ann@example.com", "shipping_address": ADDRESS}
            guest.patch(f"/api/v1/carts/{cart['id']}/", contact, content_type="application/json", headers=proof)
        with counted() as checking_out:
            order = guest.post(
                f"/api/v1/carts/{cart['id']}/checkout/",
                {"payment_method": APPROVED},
                content_type="application/json",
                headers=proof | {"Idempotency-Key": '"statements"'},
            ).json()
        with counted() as processing:
            # The lanes in the order the saga needs them: a worker that looks in vain is no part of the journey.
            for lane in ("catalog", "payments", "catalog", "notifications"):
                assert run_batch(lane) == 1

        with connections["orders"].cursor() as cursor:
            cursor.execute("SELECT status FROM orders WHERE id = %s", [order["id"]])
            assert cursor.fetchone() == ("confirmed",)
        total = sum(sum(part.values()) - part["control"] for part in (shopping, checking_out, processing))
        print(f"cart {dict(shopping)}, checkout {dict(checking_out)}, processing {dict(processing)}: {total}")
        assert total < MOST_STATEMENTS
