"""A busy shop is judged while its workers run, and nothing is found that is not so."""

import json
import threading
from datetime import timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from apps.core import clock
from apps.core.ids import new_id
from apps.core.testing.threads import at_once
from apps.orders.models import Order, OrderLineItem, OrderReturn
from apps.orders.tests import backs
from apps.sagas import requests
from apps.sagas.audit import SUBJECTS, turns
from apps.sagas.models import SagaTransaction
from apps.sagas.selectors import list_sagas
from apps.sagas.testing import drain
from ecommerce.testing.customer import APPROVED, DECLINED
from ecommerce.testing.orders import place_orders
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES, LANES

pytestmark = pytest.mark.committed(databases=ALIASES)

WAVES, ORDERS = 6, 40


class Looks:
    """What is found while the shop runs, and how often somebody looked."""

    def __init__(self) -> None:
        self.order_ids: list[UUID] = []
        self.variants: list[UUID] = []
        self.found: list[object] = []
        self.unfinished = self.returns = 0
        self.over = threading.Event()

    def look(self) -> None:
        """Judge everything that was placed, by every check, over and over."""
        while not self.over.is_set():
            sagas = list_sagas(order_ids=list(self.order_ids), limit=10_000)
            self.unfinished += sum(saga.finished_at is None for saga in sagas)
            for name, ids in (("saga", [saga.id for saga in sagas]), ("variant", list(self.variants))):
                judged = turns.judge(SUBJECTS[name], ids, list(SUBJECTS[name].checks))
                self.found += [one.findings for one in judged if one.findings != []]

    def sell(self) -> None:
        """Place orders wave by wave: paid, declined, sold out; and carry them."""
        try:
            for wave in range(WAVES):
                plenty, few = make_variants(stock=1000, products=2), make_variants(stock=3)
                self.variants += plenty + few
                for card, baskets in ((APPROVED, [plenty] * ORDERS), (DECLINED, [plenty] * 5), (APPROVED, [few] * 8)):
                    self.order_ids += place_orders(baskets, payment_method=card)
                if wave % 2:
                    drain(LANES)
            drain(LANES)
        finally:
            self.over.set()

    def send_back(self) -> None:
        """Have the goods of confirmed orders come back as they are confirmed; every fourth receipt is called off."""
        while not self.over.is_set():
            seen = [made.order_id for made in OrderReturn.objects.using("orders").filter(order_id__in=self.order_ids)]
            confirmed = Order.objects.using("orders").filter(id__in=self.order_ids, status="confirmed")
            for order in confirmed.exclude(id__in=seen).order_by("id")[:5]:
                order.user_id = new_id()
                order.save(using="orders", update_fields=["user_id"])
                line = OrderLineItem.objects.using("orders").filter(order_id=order.id).order_by("id")[0]
                made = backs.received(order, (line, 1))
                self.returns += 1
                if self.returns % 4 == 0:
                    saga_id = SagaTransaction.objects.get(subject_id=made.receipt_id).id
                    requests.ask(saga_id=saga_id, kind="cancel", actor="ann", reason="The wrong box.")

    def carry(self) -> None:
        """Work beside the seller, as a second worker does."""
        while not self.over.is_set():
            drain(LANES)


class TestABusyShop:
    def test_raises_no_alarm(self, settings):
        settings.SAGA_BATCH = 10
        looks = Looks()

        at_once(looks.sell, looks.carry, looks.look, looks.send_back)
        drain(LANES)

        assert looks.found == []
        assert looks.unfinished > 0
        ended = {(saga.definition, saga.status) for saga in list_sagas(order_ids=looks.order_ids, limit=10_000)}
        assert ended == {
            (name, end) for name in ("order_processing", "return_order") for end in ("completed", "failed")
        }


class TestVerifyCross:
    def said(self, *options: str, since: object) -> tuple[str, str]:
        said, progress = StringIO(), StringIO()
        call_command("saga", "verify", "--cross", "--since", since.isoformat(), *options, stdout=said, stderr=progress)
        return said.getvalue(), progress.getvalue()

    def test_says_that_everything_agrees_and_how_far_it_has_got(self):
        since = clock.now() - timedelta(milliseconds=1)
        (variant_id,) = make_variants(stock=5)
        place_orders([[variant_id]] * 3)
        drain(LANES)

        said, progress = self.said(since=since)

        assert said == "Every history leads to its row. Inboxes, orders, stock, money and mails say the same.\n"
        assert progress == "3 sagas compared\n"

    def test_names_the_saga_and_ends_with_1(self):
        since = clock.now() - timedelta(milliseconds=1)
        (variant_id,) = make_variants(stock=5)
        (order_id,) = place_orders([[variant_id]])
        drain(LANES)
        (saga,) = list_sagas(order_ids=[order_id])
        with connections["notifications"].cursor() as cursor:
            cursor.execute("DELETE FROM messages WHERE order_id = %s", [order_id])
        said = StringIO()

        with pytest.raises(CommandError, match="1 findings"):
            call_command(
                "saga", "verify", "--cross", "--json", "--since", since.isoformat(), stdout=said, stderr=StringIO()
            )

        assert json.loads(said.getvalue()) == [
            {"saga_id": str(saga.id), "problem": f"I7: the confirmation of its order {order_id} is not there"}
        ]

    def test_says_that_somebody_is_away(self, gateway):
        since = clock.now() - timedelta(milliseconds=1)
        (variant_id,) = make_variants(stock=5)
        place_orders([[variant_id]])
        drain(LANES)
        gateway.kill()

        with pytest.raises(CommandError, match="could not be judged: a database or the gateway is away"):
            self.said(since=since)
