"""An order of a shop whose catalogue is deployed apart."""

import pytest

from apps.core.testing.waiting import eventually
from apps.sagas.verification import find_broken_histories
from ecommerce.testing.books import ledger_of, saga_status, stock_of
from ecommerce.testing.orders import place_orders
from ecommerce.testing.rabbitmq import INSTALLED
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES

pytestmark = [
    pytest.mark.deployment,
    pytest.mark.committed(databases=ALIASES),
    pytest.mark.skipif(not INSTALLED, reason="needs RabbitMQ: apt-get install rabbitmq-server"),
]


class TestACatalogueDeployedApart:
    def test_serves_an_order(self, crew, rabbit):
        crew.participant()
        crew.asking()
        crew.others()
        (variant_id,) = make_variants(stock=5)

        (order_id,) = place_orders([[variant_id]])
        eventually(lambda: saga_status(order_id) == "completed", seconds=30, what="the saga's end")

        assert stock_of(variant_id) == (4, 0)
        assert [kind for kind, _ in ledger_of(order_id)] == ["capture"]
        assert find_broken_histories() == []
        print(rabbit.queues())
