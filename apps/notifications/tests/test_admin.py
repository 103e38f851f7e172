"""The back office of notifications."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from apps.core.testing.statements import captured
from apps.notifications.models import Message, Template
from apps.notifications.services import default_wording

from . import factories as f
from .factories import a_message
from .mail_server import MailServer

pytestmark = pytest.mark.django_db(databases=["accounts", "notifications", "orders"])


@pytest.fixture
def boss() -> Client:
    # Content types made in a test that was rolled back are remembered.
    ContentType.objects.clear_cache()
    users: Any = get_user_model()._default_manager
    client = Client()
    client.force_login(users.create_superuser(email="boss@example.org", password=None))
    return client


@pytest.fixture
def template() -> Template:
    words = default_wording("order_confirmation")
    parts = {"subject": words.subject, "text": words.text, "html": words.html}
    template, _ = Template.objects.update_or_create(code="order_confirmation", language="en", defaults=parts)
    return template


def queries(client: Client, url: str) -> int:
    with captured("notifications") as ran:
        assert client.get(url).status_code == 200
    return len(ran["notifications"])


def form(template: Template, **changes: str) -> dict[str, str]:
    names = ("code", "language", "subject", "text", "html")
    return {name: getattr(template, name) for name in names} | changes


class TestMessages:
    def test_are_listed_by_state(self, boss: Client) -> None:
        a_message(recipient="lost@example.org", state="unknown")
        a_message(recipient="fine@example.org", state="sent")

        page = boss.get("/admin/notifications/message/?state__exact=unknown").content.decode()

        assert "lost@example.org" in page
        assert "fine@example.org" not in page

    def test_need_as_many_queries_for_many_as_for_one(self, boss: Client) -> None:
        a_message()
        few = queries(boss, "/admin/notifications/message/")
        for _ in range(10):
            a_message()

        assert queries(boss, "/admin/notifications/message/") == few <= 3

    def test_are_shown_as_they_were_sent(self, boss: Client, mail_server: MailServer) -> None:
        call = f.confirm(order_number="ORD-000042")
        f.deliver(call)
        message = Message.objects.get(order_id=call.command.order_id)

        page = boss.get(f"/admin/notifications/message/{message.id}/change/").content.decode()

        assert "Order ORD-000042 is paid and confirmed." in page
        assert '<iframe sandbox srcdoc="&lt;!doctype html&gt;' in page

    def test_cannot_be_changed(self, boss: Client) -> None:
        message = a_message(state="unknown")

        answer = boss.post(f"/admin/notifications/message/{message.id}/change/", {"state": "queued"})

        assert answer.status_code == 403
        message.refresh_from_db()
        assert message.state == "unknown"


class TestTemplates:
    def test_show_how_they_come_out(self, boss: Client, template: Template) -> None:
        page = boss.get(f"/admin/notifications/template/{template.id}/change/").content.decode()

        assert "Your order ORD-000042 is confirmed" in page
        assert "$1,254.70" in page

    def test_are_written_by_staff_and_used_for_the_next_mail(
        self, boss: Client, template: Template, mail_server: MailServer
    ) -> None:
        url = f"/admin/notifications/template/{template.id}/change/"

        answer = boss.post(url, form(template, subject="Tea is coming: {{ order.number }}"))

        f.deliver(f.confirm(order_number="ORD-000042"))
        assert answer.status_code == 302
        assert mail_server.mails[0]["Subject"] == "Tea is coming: ORD-000042"

    @pytest.mark.parametrize(
        ("part", "words", "why"),
        [
            ("html", "{{ order.nubmer }}", "there is no value called order.nubmer"),
            ("text", "{% for line in lines %}", "Unclosed tag"),
            ("subject", "{% load i18n %}", "Invalid block tag"),
            ("language", "xx", "is no language"),
        ],
    )
    def test_are_refused_where_they_do_not_render(
        self, boss: Client, template: Template, part: str, words: str, why: str
    ) -> None:
        url = f"/admin/notifications/template/{template.id}/change/"
        before = getattr(template, part)

        answer = boss.post(url, form(template, **{part: words}))

        template.refresh_from_db()
        assert answer.status_code == 200
        assert why in answer.content.decode()
        assert getattr(template, part) == before

    def test_can_be_added_in_another_language(self, boss: Client, template: Template) -> None:
        answer = boss.post("/admin/notifications/template/add/", form(template, language="de"))

        assert answer.status_code == 302
        assert Template.objects.filter(language="de").count() == 1
