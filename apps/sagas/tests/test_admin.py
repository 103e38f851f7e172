"""The back office shows sagas and lets nobody change them."""

import pytest
from django.contrib.admin.sites import site
from django.test import RequestFactory

from apps.sagas.admin import SagaTransactionAdmin
from apps.sagas.models import SagaDeadLetter, SagaRequest, SagaTransaction
from apps.sagas.testing import drain

from .tea_house import LANES, begun, order

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]


class TestSagaTransactionAdmin:
    def test_shows_the_steps_and_the_history(self):
        tea = order(price=500)
        begun(tea)
        drain(LANES)

        page = SagaTransactionAdmin(SagaTransaction, site).steps(SagaTransaction.objects.get(id=tea.saga_id))

        assert "take_money" in page
        assert "give_back" in page
        assert "Turned back at take_money: no_money. The bank said no." in page

    @pytest.mark.parametrize("model", [SagaTransaction, SagaDeadLetter, SagaRequest])
    def test_lets_nobody_change_a_row(self, model):
        request = RequestFactory().get("/")
        page = site._registry[model]

        assert not page.has_add_permission(request)
        assert not page.has_change_permission(request)
        assert not page.has_delete_permission(request)
