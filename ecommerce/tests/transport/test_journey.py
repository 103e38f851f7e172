"""A shop whose catalogue is deployed apart: each process has the databases it needs, and no other."""

import subprocess

import pytest

from apps.core.testing.waiting import eventually
from apps.sagas.testing import broken_histories
from ecommerce.testing.books import ledger_of, saga_status, stock_of
from ecommerce.testing.customer import Customer
from ecommerce.testing.processes import PYTHON, ROOT
from ecommerce.testing.rabbitmq import INSTALLED
from ecommerce.testing.remote import participant
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES

pytestmark = [
    pytest.mark.deployment,
    pytest.mark.committed(databases=ALIASES),
    pytest.mark.skipif(not INSTALLED, reason="needs RabbitMQ: apt-get install rabbitmq-server"),
]

ASK_ORDERS = """
import django
django.setup()
from django.utils.connection import ConnectionDoesNotExist
from apps.catalog.models import Product
from apps.orders.models import Order
Product.objects.count()
try:
    Order.objects.count()
except ConnectionDoesNotExist as error:
    print(error)
"""


class TestACatalogueDeployedApart:
    def test_serves_a_buyer(self, crew, shop, rabbit):
        shop.start_web()
        catalogue = crew.participant()
        crew.asking()
        crew.others()
        (variant_id,) = make_variants(stock=5)
        customer = Customer(shop)

        order = customer.check_out(customer.fill_cart(str(variant_id)), wait_seconds=20).expect(200, 202)
        eventually(lambda: saga_status(order["id"]) == "completed", seconds=20, what="the saga's end")

        assert customer.order_status(order["id"])["status"] == "confirmed"
        assert stock_of(variant_id) == (4, 0)
        assert [kind for kind, _ in ledger_of(order["id"])] == ["capture"]
        assert broken_histories(order["id"]) == []
        assert "Traceback" not in catalogue.log.read_text()
        assert rabbit.queues()["commands.catalog"] == "quorum"
        assert rabbit.waiting("commands.catalog") == 0

    def test_knows_no_database_but_its_own(self, shop):
        environment = participant(shop, "participant").environment

        ran = subprocess.run(
            [PYTHON, "-c", ASK_ORDERS], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
        )

        assert ran.stdout.strip() == "The connection 'orders' doesn't exist."
        assert "127.0.0.1:1/" in environment["ORDERS_DATABASE_URL"]

    def test_starts_in_production_with_what_it_needs_alone(self, shop):
        needed = ("PATH", "CATALOG_DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "DATABASES_HERE")
        environment = {name: participant(shop, "participant").environment[name] for name in needed}
        environment |= {"DJANGO_SETTINGS_MODULE": "ecommerce.settings.production", "SECRET_KEY": "s" * 50}

        ran = subprocess.run(
            [PYTHON, "-c", ASK_ORDERS], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
        )

        assert ran.stdout.strip() == "The connection 'orders' doesn't exist."
