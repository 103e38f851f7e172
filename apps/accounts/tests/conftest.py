"""What the tests of accounts share."""

from datetime import UTC, datetime

import pytest
from rest_framework.test import APIClient

from apps.accounts import services
from apps.accounts.models import User

from .factories import PASSWORD, UserFactory

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def ada() -> User:
    return UserFactory.create(email="ada@example.org", first_name="Ada", last_name="Lovelace")


@pytest.fixture
def client() -> APIClient:
    return APIClient()


@pytest.fixture
def signed_in(ada: User) -> services.SignedIn:
    """Ada, signed in through the service a moment ago."""
    return services.log_in(email=ada.email, password=PASSWORD, device=services.Device(), now=datetime.now(UTC))


@pytest.fixture
def ada_client(signed_in: services.SignedIn) -> APIClient:
    return bearer(signed_in.access_token)


def bearer(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client
