"""What the tests of the catalogue share."""

import pytest
from rest_framework.test import APIClient


@pytest.fixture
def client(own_cache: None) -> APIClient:
    """Anybody, with a cache that no other test sees."""
    return APIClient()
