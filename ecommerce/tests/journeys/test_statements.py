"""How many SQL statements one order costs, from an empty cart to its confirmation."""

import pytest
from django.db import connections
from django.test import Client

from apps.core.testing.statements import captured
from apps.sagas.lanes import run_batch
from apps.sagas.testing import drain
from ecommerce.testing.customer import ADDRESS, APPROVED
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES, LANES

pytestmark = pytest.mark.committed(databases=ALIASES)

MOST_STATEMENTS = 60


class TestAJourney:
    def test_costs_less_than_60_statements(self, stack, settings):
        settings.PAYMENT_GATEWAY_URL = stack.environment["PAYMENT_GATEWAY_URL"]
        stack.worker.stop()
        # What other tests left due would be claimed along with the order.
        drain(LANES)
        variants = make_variants(stock=10, products=2)
        guest = Client()

        with captured(*ALIASES) as shopping:
            cart = guest.post("/api/v1/carts/", {}, content_type="application/json").json()
            proof = {"X-Cart-Token": cart["token"]}
            for variant in variants:
                line = {"variant_id": str(variant), "quantity": 1}
                address = f"/api/v1/carts/{cart['id']}/lines/"
                assert guest.post(address, line, content_type="application/json", headers=proof).status_code < 300
            contact = {"email": "ann@example.com", "shipping_address": ADDRESS}
            guest.patch(f"/api/v1/carts/{cart['id']}/", contact, content_type="application/json", headers=proof)
        with captured(*ALIASES) as checking_out:
            order = guest.post(
                f"/api/v1/carts/{cart['id']}/checkout/",
                {"payment_method": APPROVED},
                content_type="application/json",
                headers=proof | {"Idempotency-Key": '"statements"'},
            ).json()
        with captured(*ALIASES) as processing:
            # The lanes in the order the saga needs them: a worker that looks in vain is no part of the journey.
            for lane in ("catalog", "payments", "catalog", "notifications"):
                assert run_batch(lane) == 1

        with connections["orders"].cursor() as cursor:
            cursor.execute("SELECT status FROM orders WHERE id = %s", [order["id"]])
            assert cursor.fetchone() == ("confirmed",)
        parts = {"cart": shopping, "checkout": checking_out, "processing": processing}
        counts = {part: {alias: len(sent) for alias, sent in ran.items()} for part, ran in parts.items()}
        total = sum(count for part in counts.values() for count in part.values())
        print(f"{counts}: {total}")
        assert total < MOST_STATEMENTS
