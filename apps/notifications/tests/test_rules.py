from typing import Any

import pytest
from django.contrib.postgres.functions import TransactionNow
from django.db import IntegrityError, transaction

from apps.core.integrity import broken_constraint
from apps.notifications.models import Message, Template

from .factories import a_message

pytestmark = pytest.mark.django_db(databases=["notifications"])


def broken_by(work: Any) -> str | None:
    """Return the name of the rule that a piece of work breaks."""
    with pytest.raises(IntegrityError) as raised, transaction.atomic(using="notifications"):
        work()
    return broken_constraint(raised.value)


def move(message: Message, state: str) -> int:
    sent_at = TransactionNow() if state == "sent" else None
    return Message.objects.filter(id=message.id).update(state=state, sent_at=sent_at)


class TestMessageIsHandedOverOnce:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("queued", "sending"),
            ("sending", "sent"),
            ("sending", "queued"),
            ("sending", "failed"),
            ("sending", "unknown"),
            ("unknown", "sent"),
        ],
    )
    def test_along_its_states(self, old: str, new: str) -> None:
        assert move(a_message(state=old), new) == 1

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("queued", "sent"),
            ("queued", "unknown"),
            ("sent", "queued"),
            ("sent", "sending"),
            ("unknown", "queued"),
            ("unknown", "sending"),
            ("failed", "queued"),
            ("failed", "sending"),
        ],
    )
    def test_and_never_back(self, old: str, new: str) -> None:
        message = a_message(state=old)

        assert broken_by(lambda: move(message, new)) == "message_is_handed_over_once"
        message.refresh_from_db()
        assert message.state == old


class TestTheTables:
    def test_hold_one_mail_of_a_kind_an_order(self) -> None:
        message = a_message()

        assert broken_by(lambda: a_message(order_id=message.order_id)) == "one_message_of_a_kind_an_order"

    def test_hold_mails_that_are_about_no_order(self) -> None:
        a_message(order_id=None)

        assert a_message(order_id=None).order_id is None

    def test_hold_one_template_a_code_and_language(self) -> None:
        parts = {"code": "order_confirmation", "subject": "s", "text": "t", "html": "h"}
        Template.objects.create(language="de", **parts)

        rule = broken_by(lambda: Template.objects.create(language="de", **parts))

        assert rule == "one_template_a_code_and_language"

    def test_hold_templates_of_a_language(self) -> None:
        parts = {"code": "order_confirmation", "subject": "s", "text": "t", "html": "h"}

        assert broken_by(lambda: Template.objects.create(language="German", **parts)) == "template_language_is_a_code"

    def test_hold_the_default_template_from_the_start(self) -> None:
        template = Template.objects.get(code="order_confirmation", language="en")

        assert template.subject == "Your order {{ order.number }} is confirmed"
