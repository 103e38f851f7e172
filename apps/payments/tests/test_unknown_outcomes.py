"""When the gateway's answer is lost, nothing is assumed: the next try asks first, and acts with the same key."""

from decimal import Decimal

import pytest
from django.db import connections

from apps.core.testing.waiting import eventually
from apps.payments.contracts import PaymentDeclined, PaymentRefunded, PaymentSucceeded
from apps.payments.models import Refund
from apps.payments.testing import RunningGateway
from apps.sagas.messages import Unknown, Unreachable

from . import factories as f
from .readings import Paid, attempt, events, held, ledger, payment

pytestmark = pytest.mark.django_db(databases=["payments"])

PAID = ("succeeded", Decimal("59.90"), 0)
GIVEN_BACK = ("succeeded", Decimal("59.90"), Decimal("59.90"))


def call_first_made_hours_ago(call: Paid, hours: int) -> None:
    with connections["payments"].cursor() as cursor:
        cursor.execute(
            "UPDATE payment_attempts SET first_called_at = first_called_at - make_interval(hours => %s) WHERE id = %s",
            [hours, call.effect_id],
        )


class TestALostAnswer:
    def test_after_a_charge_is_found_by_asking(self, gateway: RunningGateway) -> None:
        call = f.pay(payment_method=f.TIMEOUT_WITH_EFFECT)

        [lost] = f.deliver(call)
        state_between = (attempt(call).state, payment(call), ledger(call))
        [reply] = f.deliver(call)

        assert lost == Unreachable("the gateway did not answer: ReadTimeoutError")
        assert state_between == ("calling", ("pending", 0, 0), [])
        assert isinstance(reply, PaymentSucceeded)
        assert gateway.operations_on([call.effect_id]) == ["charge", "find"]
        assert held(gateway, call) == [PAID]
        assert ledger(call) == [("capture", Decimal("59.90"))]
        assert events(call) == ["payment.captured"]

    def test_without_a_charge_leads_to_one_under_the_same_key(self, gateway: RunningGateway) -> None:
        call = f.pay(payment_method=f.TIMEOUT_WITHOUT_EFFECT)

        [lost] = f.deliver(call)
        nothing = held(gateway, call)
        [reply] = f.deliver(call)

        assert isinstance(lost, Unknown)
        assert nothing == []
        assert isinstance(reply, PaymentSucceeded)
        assert gateway.operations_on([call.effect_id]) == ["charge", "find", "charge"]
        assert held(gateway, call) == [PAID]

    @pytest.mark.parametrize("kind", ["timeout_with_effect", "reset_with_effect"])
    def test_of_a_whole_batch_charges_each_order_once(self, gateway: RunningGateway, kind: str) -> None:
        calls = [f.pay() for _ in range(5)]
        gateway.fault(kind, operation="charge")

        lost = f.deliver(*calls)
        replies = f.deliver(*calls)

        assert {type(reply) for reply in lost} == {Unreachable}
        assert {type(reply) for reply in replies} == {PaymentSucceeded}
        assert [held(gateway, call) for call in calls] == [[PAID]] * 5

    def test_of_one_order_leaves_the_rest_of_its_batch_alone(self, gateway: RunningGateway) -> None:
        good, lost = f.pay(), f.pay(payment_method=f.TIMEOUT_WITH_EFFECT)

        replies = f.deliver(good, lost)

        assert isinstance(replies[0], PaymentSucceeded)
        assert replies[1] == Unknown("the gateway answered 504 no_answer")
        assert (attempt(good).state, attempt(lost).state) == ("succeeded", "calling")

    def test_to_the_question_charges_nothing(self, gateway: RunningGateway) -> None:
        call = f.pay(payment_method=f.TIMEOUT_WITHOUT_EFFECT)
        f.deliver(call)
        gateway.fault("timeout_without_effect", operation="find")

        [still_lost] = f.deliver(call)
        [reply] = f.deliver(call)

        assert isinstance(still_lost, Unknown)
        assert isinstance(reply, PaymentSucceeded)
        assert gateway.operations_on([call.effect_id]) == ["charge", "find", "find", "charge"]

    def test_to_a_refund_is_asked_again_under_the_same_key(self, gateway: RunningGateway) -> None:
        call = f.pay()
        f.deliver(call)
        gateway.fault("timeout_with_effect", operation="refund")

        [lost] = f.deliver(f.undo(call))
        between = (attempt(call).state, payment(call)[0], Refund.objects.get(attempt_id=call.effect_id).state)
        [reply] = f.deliver(f.undo(call))

        assert lost == Unreachable("the gateway did not answer: ReadTimeoutError")
        assert between == ("succeeded", "succeeded", "calling")
        assert reply == PaymentRefunded(amount=Decimal("59.90"))
        assert held(gateway, call) == [GIVEN_BACK]
        assert ledger(call) == [("capture", Decimal("59.90")), ("refund", Decimal("-59.90"))]
        assert events(call) == ["payment.captured", "payment.refunded"]

    def test_to_the_fence_undoes_nothing_yet(self, gateway: RunningGateway) -> None:
        call = f.pay(payment_method=f.TIMEOUT_WITH_EFFECT)
        f.deliver(call)
        gateway.fault("timeout_without_effect", operation="cancel")

        [lost] = f.deliver(f.undo(call))
        between = (attempt(call).state, attempt(call).fenced_at)
        [reply] = f.deliver(f.undo(call))

        assert isinstance(lost, Unknown)
        assert between == ("calling", None)
        assert reply == PaymentRefunded(amount=Decimal("59.90"))
        assert held(gateway, call) == [GIVEN_BACK]


class TestAnUnknownCharge:
    def test_is_given_back_when_the_saga_turns_back(self, gateway: RunningGateway) -> None:
        call = f.pay(payment_method=f.TIMEOUT_WITH_EFFECT)
        f.deliver(call)

        [reply] = f.deliver(f.undo(call))

        assert reply == PaymentRefunded(amount=Decimal("59.90"))
        assert held(gateway, call) == [GIVEN_BACK]
        assert payment(call) == ("refunded", Decimal("59.90"), Decimal("59.90"))
        assert events(call) == ["payment.captured", "payment.refunded"]

    def test_that_is_still_on_its_way_is_refused_by_the_fence(self, gateway: RunningGateway) -> None:
        call = f.pay(payment_method=f.LANDS_LATE)
        f.deliver(call)

        [reply] = f.deliver(f.undo(call))
        later = f.pay(payment_method=f.LANDS_LATE)
        f.deliver(later)
        eventually(lambda: held(gateway, later) == [PAID], what="the landing of a later charge")

        assert reply == PaymentRefunded(amount=Decimal(0))
        assert held(gateway, call) == [("cancelled", 0, 0)]
        assert (attempt(call).state, payment(call)[0], ledger(call)) == ("cancelled", "cancelled", [])

    def test_that_landed_before_the_fence_is_given_back(self, gateway: RunningGateway) -> None:
        call = f.pay(payment_method=f.LANDS_LATE)
        f.deliver(call)
        eventually(lambda: held(gateway, call) == [PAID], what="the landing of the charge")

        [reply] = f.deliver(f.undo(call))

        assert reply == PaymentRefunded(amount=Decimal("59.90"))
        assert held(gateway, call) == [GIVEN_BACK]

    def test_older_than_the_life_of_its_key_is_closed_and_not_charged(self, gateway: RunningGateway) -> None:
        call = f.pay(payment_method=f.TIMEOUT_WITHOUT_EFFECT)
        f.deliver(call)
        call_first_made_hours_ago(call, 24)

        [reply] = f.deliver(call)

        assert isinstance(reply, PaymentDeclined)
        assert reply.reason == "cancelled"
        assert gateway.operations_on([call.effect_id]) == ["charge", "find", "cancel"]
        assert held(gateway, call) == []
        assert (attempt(call).state, payment(call)[0]) == ("cancelled", "cancelled")

    def test_older_than_the_life_of_its_key_is_still_found(self, gateway: RunningGateway) -> None:
        call = f.pay(payment_method=f.TIMEOUT_WITH_EFFECT)
        f.deliver(call)
        call_first_made_hours_ago(call, 24)

        [reply] = f.deliver(call)

        assert isinstance(reply, PaymentSucceeded)
        assert held(gateway, call) == [PAID]


class TestAGatewayInTrouble:
    def test_that_is_slow_is_waited_for(self, gateway: RunningGateway) -> None:
        call = f.pay()
        gateway.fault("delay", operation="charge", seconds=0.3)

        [reply] = f.deliver(call)

        assert isinstance(reply, PaymentSucceeded)

    def test_that_is_too_slow_is_asked_again(self, gateway: RunningGateway) -> None:
        call = f.pay(payment_method=f.SLOW)

        [lost] = f.deliver(call)
        [reply] = f.deliver(call)

        assert isinstance(lost, Unknown)
        assert isinstance(reply, PaymentSucceeded)
        assert held(gateway, call) == [PAID]

    def test_that_saved_an_error_under_the_key_is_charged_by_another_request(self, gateway: RunningGateway) -> None:
        call = f.pay(payment_method=f.SAVED_ERROR)

        [failed] = f.deliver(call)
        [reply] = f.deliver(call)

        assert failed == Unknown("the gateway answered 500 internal_error")
        assert isinstance(reply, PaymentSucceeded)
        assert gateway.operations_on([call.effect_id]) == ["charge", "find", "charge"]
        assert attempt(call).renewal == 1
        assert held(gateway, call) == [PAID]

    def test_that_saved_an_error_and_was_not_noted_repeats_it_once_more(self, gateway: RunningGateway) -> None:
        call = f.pay(payment_method=f.SAVED_ERROR)
        f.perform([call], f.prepare([call]))

        [failed] = f.deliver(call)
        [reply] = f.deliver(call)

        assert failed == Unknown("the gateway answered 500 internal_error")
        assert isinstance(reply, PaymentSucceeded)
        assert held(gateway, call) == [PAID]

    @pytest.mark.parametrize(
        ("status", "silence"), [(409, Unknown), (429, Unknown), (502, Unreachable), (503, Unreachable)]
    )
    def test_that_answers_with_an_error_declines_nobody(
        self, gateway: RunningGateway, status: int, silence: type[Unknown]
    ) -> None:
        call = f.pay()
        gateway.fault("error", operation="charge", status=status)

        [failed] = f.deliver(call)
        [reply] = f.deliver(call)

        assert failed == silence(f"the gateway answered {status}")
        assert isinstance(reply, PaymentSucceeded)
        assert (attempt(call).renewal, held(gateway, call)) == (0, [PAID])

    def test_that_refuses_a_refund_is_asked_until_it_gives_in(self, gateway: RunningGateway) -> None:
        call = f.pay()
        f.deliver(call)
        gateway.fault("refuse", operation="refund", count=3)

        refusals = [f.deliver(f.undo(call))[0] for _ in range(3)]
        between = held(gateway, call)
        [reply] = f.deliver(f.undo(call))

        assert refusals == [Unknown("the gateway answered 402 refused")] * 3
        assert between == [PAID]
        assert reply == PaymentRefunded(amount=Decimal("59.90"))
        assert held(gateway, call) == [GIVEN_BACK]
        assert Refund.objects.filter(attempt_id=call.effect_id, state="succeeded").count() == 1

    def test_that_is_down_leaves_every_order_open(self, own_gateway: RunningGateway) -> None:
        calls = [f.pay(), f.pay()]
        own_gateway.kill()

        lost = f.deliver(*calls)
        own_gateway.start()
        replies = f.deliver(*calls)

        assert lost == [Unreachable("the gateway did not answer: NewConnectionError")] * 2
        assert [type(reply) for reply in replies] == [PaymentSucceeded] * 2
        assert [held(own_gateway, call) for call in calls] == [[PAID], [PAID]]

    def test_that_is_killed_remembers_what_it_charged(self, own_gateway: RunningGateway) -> None:
        call = f.pay()
        f.perform([call], f.prepare([call]))
        own_gateway.kill()
        own_gateway.start()

        [reply] = f.deliver(call)

        assert isinstance(reply, PaymentSucceeded)
        assert own_gateway.operations_on([call.effect_id]) == ["charge", "find"]
        assert held(own_gateway, call) == [PAID]
