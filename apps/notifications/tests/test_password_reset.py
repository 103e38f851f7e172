"""The mail of a password reset: sent once, and its link is nowhere but in it."""

from uuid import UUID

import pytest

from apps.core import failpoints
from apps.core.failpoints import Failpoint, FailpointReached
from apps.core.ids import new_id
from apps.notifications.models import Message
from apps.notifications.services import MailNotTaken, send_password_reset

from .mail_server import MailServer

pytestmark = pytest.mark.django_db(databases=["notifications"])

LINK = "https://tea.example/reset#token=5ecre7"


def send(reset_id: UUID) -> str:
    return send_password_reset(reset_id=reset_id, recipient="ada@example.org", link=LINK, minutes=60)


class TestSendPasswordReset:
    def test_mails_the_link(self, mail_server: MailServer) -> None:
        reset_id = new_id()

        assert send(reset_id) == "sent"

        [mail] = mail_server.mails
        text, html = mail.get_body(("plain",)), mail.get_body(("html",))
        assert (mail["To"], mail["Subject"]) == ("ada@example.org", "Choose a new password for Tea Shop")
        assert text is not None
        assert html is not None
        assert LINK in text.get_content()
        assert "within 60 minutes" in text.get_content()
        assert f'href="{LINK}"' in html.get_content()

    def test_keeps_the_link_in_no_row(self, mail_server: MailServer) -> None:
        reset_id = new_id()

        send(reset_id)

        message = Message.objects.get(id=reset_id)
        assert (message.kind, message.state, message.order_id) == ("password_reset", "sent", None)
        assert "5ecre7" not in message.subject + message.text + message.html
        assert "https://shop.example/[hidden]" in message.text

    def test_sends_one_mail_when_asked_twice(self, mail_server: MailServer) -> None:
        reset_id = new_id()

        assert [send(reset_id), send(reset_id)] == ["sent", "sent"]

        assert len(mail_server.mails) == 1

    def test_sends_it_later_when_the_server_was_away(self, mail_server: MailServer) -> None:
        reset_id = new_id()
        mail_server.stop()
        with pytest.raises(MailNotTaken, match="cannot be reached"):
            send(reset_id)
        assert Message.objects.get(id=reset_id).state == "queued"

        mail_server.start()

        assert send(reset_id) == "sent"
        assert len(mail_server.mails) == 1

    def test_asks_nobody_again_whose_address_was_refused(self, mail_server: MailServer) -> None:
        mail_server.refuses["ada@example.org"] = "550 no such user"
        reset_id = new_id()

        assert [send(reset_id), send(reset_id)] == ["failed", "failed"]

        assert mail_server.connections == 1

    def test_sends_no_second_mail_after_a_crash(self, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
        reset_id = new_id()
        monkeypatch.setitem(failpoints.ACTIVE, "mails_handed_over", Failpoint("raise", 0, 1))
        with pytest.raises(FailpointReached):
            send(reset_id)

        assert send(reset_id) == "unknown"
        assert len(mail_server.mails) == 1
