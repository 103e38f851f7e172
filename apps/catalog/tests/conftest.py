"""What the tests of the catalogue share."""

from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from rest_framework.test import APIClient

from .factories import ProductFactory, VariantFactory
from .product_files import Desk


@pytest.fixture
def client(own_cache: None) -> APIClient:
    """Anybody, with a cache that no other test sees."""
    return APIClient()


@pytest.fixture
def shirt():
    """A linen shirt that customers can read of, two pieces of it in blue."""
    product = ProductFactory(
        name="Linen Shirt",
        slug="linen-shirt",
        sku="LS",
        price=Decimal("49.00"),
        compare_price=Decimal("60"),
        vendor="Oliveira",
        tags=["linen", "summer"],
        images=[{"url": "https://shop.example/front.jpg", "alt": "Front"}, {"url": "https://shop.example/back.jpg"}],
        options=[{"name": "Colour", "values": ["Blue"]}],
        weight=Decimal("250"),
    )
    VariantFactory(product=product, title="Blue", option1="Blue", sku="LS-BLUE", inventory_quantity=2)
    return product


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Where files are imported."""
    with ExitStack() as stack:
        yield Desk(tmp_path, stack)


@pytest.fixture
def boss():
    """Somebody who may do everything in the back office."""
    # Types made in an earlier test are gone with its transaction.
    ContentType.objects.clear_cache()
    return get_user_model().objects.create_superuser("boss@example.org", "a long password")


@pytest.fixture
def office(boss):
    """The back office, with the boss signed in."""
    client = Client()
    client.force_login(boss)
    return client
