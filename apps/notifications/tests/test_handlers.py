"""What every handler must show, as far as a mail can: does it; delivered twice, acts once; a crash sends no second."""

from decimal import Decimal
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from apps.core import failpoints
from apps.core.failpoints import Failpoint, FailpointReached
from apps.core.testing.statements import statements
from apps.notifications.contracts import ConfirmationEmailSent
from apps.notifications.models import Message
from apps.sagas.messages import Unknown, Unreachable

from . import factories as f
from .mail_server import MailServer

pytestmark = pytest.mark.django_db(databases=["notifications"])


def message_of(call: f.Confirmation) -> Message:
    return Message.objects.get(order_id=call.command.order_id)


def states() -> list[str]:
    return list(Message.objects.order_by("order_id").values_list("state", flat=True))


class TestSendConfirmationEmail:
    def test_tells_the_buyer(self, mail_server: MailServer) -> None:
        call = f.confirm(email="ada@example.org", order_number="ORD-000042", total_price=Decimal("64.80"))

        [reply] = f.deliver(call)

        message = message_of(call)
        [mail] = mail_server.mails
        assert reply == ConfirmationEmailSent(message_id=message.id, state="sent")
        assert (mail["To"], mail["From"]) == ("ada@example.org", "Tea Shop <orders@tea.example>")
        assert mail["Subject"] == "Your order ORD-000042 is confirmed"
        assert mail["Message-ID"] == f"<{message.id}@tea.example>"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert (message.state, message.kind, message.recipient) == ("sent", "order_confirmation", "ada@example.org")
        assert message.sent_at is not None

    def test_writes_text_and_html(self, mail_server: MailServer) -> None:
        f.deliver(f.confirm(total_price=Decimal("64.80")))

        [mail] = mail_server.mails
        text, html = mail.get_body(("plain",)), mail.get_body(("html",))
        assert mail.get_content_type() == "multipart/alternative"
        assert text is not None
        assert html is not None
        assert "Total      $64.80 (USD)" in text.get_content()
        assert "2 x Teapot (Blue)" in text.get_content()
        assert "$64.80" in html.get_content()

    def test_sends_one_mail_an_order_over_one_connection(self, mail_server: MailServer) -> None:
        calls = [f.confirm() for _ in range(12)]

        replies = f.deliver(*calls)

        assert [reply.state for reply in replies if isinstance(reply, ConfirmationEmailSent)] == ["sent"] * 12
        assert [len(mail_server.to(call.command.email)) for call in calls] == [1] * 12
        assert mail_server.connections == 1

    def test_delivered_twice_sends_one_mail(self, mail_server: MailServer) -> None:
        call = f.confirm()

        first, second = f.deliver(call), f.deliver(call)

        assert first == second == [ConfirmationEmailSent(message_id=message_of(call).id, state="sent")]
        assert len(mail_server.mails) == 1

    def test_commits_once_a_chunk_of_five(self, mail_server: MailServer) -> None:
        calls = [f.confirm() for _ in range(12)]

        # The template and the intent; three chunks; the record.
        with statements(notifications=6):
            f.deliver(*calls)

    def test_writes_files_where_no_server_is_named(self, settings: Settings, tmp_path: Path) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
        settings.EMAIL_FILE_PATH = str(tmp_path)
        call = f.confirm(email="ada@example.org")

        f.deliver(call)

        [path] = tmp_path.iterdir()
        assert "To: ada@example.org" in path.read_text()
        assert message_of(call).state == "sent"


class TestAWorkerThatDies:
    def crash_at(self, monkeypatch: pytest.MonkeyPatch, name: str, hit: int, *calls: f.Confirmation) -> None:
        monkeypatch.setitem(failpoints.ACTIVE, name, Failpoint("raise", 0, hit))
        with pytest.raises(FailpointReached):
            f.deliver(*calls)

    def test_before_it_says_sending_loses_nothing(self, mail_server: MailServer) -> None:
        call = f.confirm()
        f.prepare([call])

        [reply] = f.deliver(call)

        assert reply == ConfirmationEmailSent(message_id=message_of(call).id, state="sent")
        assert len(mail_server.mails) == 1

    def test_after_it_says_sending_leaves_the_mail_unknown_and_unsent(
        self, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        call = f.confirm()
        self.crash_at(monkeypatch, "mails_marked_sending", 1, call)

        [reply] = f.deliver(call)
        [again] = f.deliver(call)

        assert reply == again == ConfirmationEmailSent(message_id=message_of(call).id, state="unknown")
        assert message_of(call).error == "found sending: nobody knows whether it left"
        assert mail_server.mails == []

    def test_after_the_hand_over_leaves_the_mail_unknown_and_sent_once(
        self, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        call = f.confirm()
        self.crash_at(monkeypatch, "mails_handed_over", 1, call)

        [reply] = f.deliver(call)

        assert reply == ConfirmationEmailSent(message_id=message_of(call).id, state="unknown")
        assert len(mail_server.mails) == 1

    def test_in_the_second_chunk_leaves_five_unknown_and_the_rest_to_be_sent(
        self, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        calls = [f.confirm() for _ in range(12)]
        self.crash_at(monkeypatch, "mails_handed_over", 2, *calls)
        after_the_crash = states()

        f.deliver(*calls)

        assert after_the_crash == ["sent"] * 5 + ["sending"] * 5 + ["queued"] * 2
        assert states() == ["sent"] * 5 + ["unknown"] * 5 + ["sent"] * 2
        assert [len(mail_server.to(call.command.email)) for call in calls] == [1] * 12

    def test_and_wakes_up_says_what_it_knows(self, mail_server: MailServer) -> None:
        call = f.confirm()
        works = f.prepare([call])
        results = f.perform([call], works)
        [between] = f.deliver(call)

        [late] = f.record([call], works, results)

        assert isinstance(between, ConfirmationEmailSent)
        assert isinstance(late, ConfirmationEmailSent)
        assert (between.state, late.state, message_of(call).state) == ("unknown", "sent", "sent")
        assert len(mail_server.mails) == 1


class TestTwoWorkers:
    def test_with_the_same_mail_send_it_once(self, mail_server: MailServer) -> None:
        call = f.confirm()
        mine, yours = f.prepare([call]), f.prepare([call])
        my_results = f.perform([call], mine)

        your_results = f.perform([call], yours)
        your_replies = f.record([call], yours, your_results)
        my_replies = f.record([call], mine, my_results)

        assert len(mail_server.mails) == 1
        assert your_replies == [Unknown("another worker is sending it")]
        assert my_replies == [ConfirmationEmailSent(message_id=message_of(call).id, state="sent")]
        assert message_of(call).state == "sent"


class TestAMailServer:
    def test_that_is_down_is_tried_again_then_takes_one_mail(self, mail_server: MailServer) -> None:
        call = f.confirm()
        mail_server.stop()

        [down] = f.deliver(call)
        between = message_of(call).state
        mail_server.start()
        [reply] = f.deliver(call)

        assert isinstance(down, Unreachable)
        assert down.error.startswith("the mail server cannot be reached: ConnectionRefusedError")
        assert between == "queued"
        assert reply == ConfirmationEmailSent(message_id=message_of(call).id, state="sent")
        assert len(mail_server.mails) == 1

    def test_that_refuses_for_the_time_being_is_tried_again(self, mail_server: MailServer) -> None:
        call = f.confirm()
        mail_server.answers = ["451 try later"]

        [refused] = f.deliver(call)
        between = message_of(call)
        [reply] = f.deliver(call)

        assert refused == Unknown("the mail server answered 451 try later")
        assert (between.state, between.error) == ("queued", "the mail server answered 451 try later")
        assert reply == ConfirmationEmailSent(message_id=between.id, state="sent")
        assert len(mail_server.mails) == 1

    def test_that_refuses_an_address_for_good_is_believed(self, mail_server: MailServer) -> None:
        bad, good = f.confirm(email="nobody@example.org"), f.confirm(email="ada@example.org")
        mail_server.refuses = {"nobody@example.org": "550 no such user"}

        replies = f.deliver(bad, good)
        [again] = f.deliver(bad)

        assert replies == [
            ConfirmationEmailSent(message_id=message_of(bad).id, state="failed"),
            ConfirmationEmailSent(message_id=message_of(good).id, state="sent"),
        ]
        assert again == replies[0]
        assert message_of(bad).error == "the mail server answered 550 no such user"
        assert [mail["To"] for mail in mail_server.mails] == ["ada@example.org"]

    @pytest.mark.parametrize(("when", "arrived"), [("before", 0), ("after", 1)])
    def test_that_breaks_off_leaves_the_mail_unknown_and_the_rest_queued(
        self, mail_server: MailServer, when: str, arrived: int
    ) -> None:
        calls = [f.confirm() for _ in range(7)]
        mail_server.breaks_off = ["", when]

        replies = f.deliver(*calls)
        between = states()
        f.deliver(*calls)

        assert isinstance(replies[1], ConfirmationEmailSent)
        assert replies[1].state == "unknown"
        assert replies[2:] == [Unknown("the mail server was lost before this mail")] * 5
        assert between == ["sent", "unknown"] + ["queued"] * 5
        assert states() == ["sent", "unknown"] + ["sent"] * 5
        assert [len(mail_server.to(call.command.email)) for call in calls] == [1, arrived, 1, 1, 1, 1, 1]

    def test_is_not_asked_about_an_address_that_is_none(self, mail_server: MailServer) -> None:
        call = f.confirm(email="ada@example.org\nBcc: all@example.org")

        [reply] = f.deliver(call)

        assert reply == ConfirmationEmailSent(message_id=message_of(call).id, state="failed")
        assert mail_server.mails == []
