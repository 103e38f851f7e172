"""What an order leaves in the metrics, whichever process did the work."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from ecommerce.testing.customer import Customer
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES, Stack

pytestmark = pytest.mark.committed(databases=ALIASES)


def statements(stack: Stack) -> dict[tuple[str, str, str], float]:
    """Return how many statements ran, by service, query type and table, as `/metrics` of the web tells."""
    page = stack.http.request("GET", stack.url("/metrics")).data.decode()
    return {
        (sample.labels["service"], sample.labels["query_type"], sample.labels["table"]): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
        if sample.name == "database_query_duration_seconds_count"
    }


class TestAnOrder:
    def test_is_told_by_the_web_with_the_work_of_the_workers(self, stack):
        (variant_id,) = make_variants(stock=5)
        customer = Customer(stack)
        before = statements(stack)

        customer.check_out(customer.fill_cart(str(variant_id)), wait_seconds=20).expect(200)

        after = statements(stack)
        new = {key: count - before.get(key, 0) for key, count in after.items()}
        # Written by the web.
        assert new["orders", "insert", "orders"] == 1
        # Written by a worker.
        assert new["catalog", "update", "product_variants"] >= 1
        assert new["payments", "insert", "payment_attempts"] == 1
        assert new["orders", "update", "orders"] >= 1
