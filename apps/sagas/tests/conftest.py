"""The tea house, open for the tests that need real databases."""

import pytest

from . import tea_house


@pytest.fixture
def house(request):
    """The tea house with its tables, no faults ordered, and nothing due from earlier tests."""
    tea_house.make_tables()
    for store in (
        tea_house.FAULTS,
        tea_house.POISON,
        tea_house.DEADLY,
        tea_house.CALLS,
        tea_house.BANK,
        tea_house.BANK_SILENCE,
    ):
        store.clear()
    yield tea_house
    tea_house.drop_tables()
