"""The mail about a return that is complete: once a return, in words that staff may change."""

from decimal import Decimal

import pytest

from apps.core import failpoints
from apps.core.failpoints import Failpoint, FailpointReached
from apps.core.testing.statements import statements
from apps.notifications.contracts import ReturnEmailSent
from apps.notifications.models import Message, Template
from apps.notifications.services import default_wording, render_sample

from . import factories as f
from .mail_server import MailServer

pytestmark = pytest.mark.django_db(databases=["notifications"])


def words_of(mail: object, kind: str) -> str:
    body = mail.get_body((kind,))  # type: ignore[attr-defined]
    return str(body.get_content()).replace("\r\n", "\n")


class TestSendReturnEmail:
    def test_tells_the_buyer_what_came_back_and_what_goes_back(self, mail_server: MailServer) -> None:
        call = f.complete(email="ada@example.org", order_number="ORD-000042", return_number="RET-000007")

        [reply] = f.deliver(call)

        message = Message.objects.get(return_id=call.command.return_id)
        [mail] = mail_server.mails
        assert reply == ReturnEmailSent(message_id=message.id, state="sent")
        assert (message.kind, message.state, message.order_id) == ("return_closed", "sent", None)
        assert (mail["To"], mail["Subject"]) == ("ada@example.org", "Your return RET-000007 is complete")
        assert "1 x Teapot (Blue)\n    $29.95" in words_of(mail, "plain")
        assert "Shipping   $4.90\nRefund     $34.85 (USD)" in words_of(mail, "plain")
        assert "ORD-000042" in words_of(mail, "html")
        assert "$34.85" in words_of(mail, "html")

    def test_says_nothing_of_money_where_none_goes_back(self, mail_server: MailServer) -> None:
        f.deliver(f.complete(shipping=Decimal(0), refund=Decimal(0)))

        [mail] = mail_server.mails
        assert "Shipping" not in words_of(mail, "plain")
        assert "bank" not in words_of(mail, "plain")

    def test_sends_one_mail_a_return_of_one_order(self, mail_server: MailServer) -> None:
        first = f.complete()
        second = f.complete(order_id=first.command.order_id)

        replies = f.deliver(first, second)

        assert [reply.state for reply in replies if isinstance(reply, ReturnEmailSent)] == ["sent", "sent"]
        assert len(mail_server.mails) == 2

    def test_stands_beside_the_confirmation_of_its_order(self, mail_server: MailServer) -> None:
        call = f.complete()

        f.deliver(f.confirm(order_id=call.command.order_id))
        f.deliver(call)

        assert len(mail_server.mails) == 2

    def test_delivered_twice_sends_one_mail(self, mail_server: MailServer) -> None:
        call = f.complete()

        first, second = f.deliver(call), f.deliver(call)

        assert first == second
        assert len(mail_server.mails) == 1

    def test_commits_once_a_chunk_of_five(self, mail_server: MailServer) -> None:
        calls = [f.complete() for _ in range(7)]

        # The template and the intent; two chunks; the record.
        with statements(notifications=5):
            f.deliver(*calls)

    def test_that_may_have_left_is_never_sent_again(
        self, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        call = f.complete()
        monkeypatch.setitem(failpoints.ACTIVE, "mails_marked_sending", Failpoint("raise", 0, 1))
        with pytest.raises(FailpointReached):
            f.deliver(call)

        [reply] = f.deliver(call)

        assert isinstance(reply, ReturnEmailSent)
        assert reply.state == "unknown"
        assert mail_server.mails == []

    def test_uses_the_words_that_staff_wrote(self, mail_server: MailServer) -> None:
        Template.objects.filter(code="return_closed").update(subject="Back: {{ return.number }}")

        f.deliver(f.complete(return_number="RET-000007"))

        [mail] = mail_server.mails
        assert mail["Subject"] == "Back: RET-000007"


class TestWords:
    def test_come_with_the_program_and_stand_in_the_database(self) -> None:
        stored = Template.objects.get(code="return_closed", language="en")

        assert stored.html == default_wording("return_closed").html

    def test_escape_what_products_are_called(self) -> None:
        mail = render_sample(default_wording("return_closed"))

        assert "Teapot &quot;Earl &amp; Grey&quot; &lt;large&gt;" in mail.html
        assert mail.subject == "Your return RET-000007 is complete"
