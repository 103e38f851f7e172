from decimal import Decimal
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from apps.notifications.services import TemplateBroken, Wording, default_wording, render
from apps.notifications.services.order_confirmation import SAMPLE, render_order, values_of

from .factories import ConfirmedLineFactory, SendConfirmationEmailFactory

MARKUP = '<script>alert("tea")</script> & co'


def wording(**parts: str) -> Wording:
    return Wording(
        **{"code": "order_confirmation", "language": "en", "subject": "Hello", "text": "Hello", "html": "Hello"} | parts
    )


class TestRender:
    def test_escapes_every_value_in_html_and_none_in_text(self) -> None:
        mail = render(wording(subject="{{ a }}", text="{{ a }}", html="{{ a }}"), {"a": MARKUP})

        assert mail.html == "&lt;script&gt;alert(&quot;tea&quot;)&lt;/script&gt; &amp; co"
        assert mail.text == mail.subject == MARKUP

    def test_makes_the_subject_one_line(self) -> None:
        mail = render(wording(subject="{{ a }}\n  and more "), {"a": "one\r\nBcc: all@example.org"})

        assert mail.subject == "one Bcc: all@example.org and more"

    @pytest.mark.parametrize(
        ("html", "why"),
        [
            ("{{ ordr.number }}", "there is no value called ordr.number"),
            ("{% for line in lins %}{{ line }}{% endfor %}", "there is no value called lins"),
            ("{% if order %}", "Unclosed tag"),
            ("{% include 'secret.html' %}", "Invalid block tag"),
            ("{% extends 'admin/base.html' %}", "Invalid block tag"),
            ("{% load static %}", "Invalid block tag"),
            ("{% debug %}", "Invalid block tag"),
            ("{% url 'admin:index' %}", "Invalid block tag"),
            ("{% autoescape off %}{{ order }}{% endautoescape %}", "Invalid block tag"),
            ("{{ order.number|safe }}", "Invalid filter: 'safe'"),
            ("{{ order.number|ljust:1000000000 }}", "Invalid filter: 'ljust'"),
            ("{{ order.__class__ }}", "may not begin with underscores"),
            ("{{ order.number.format.__globals__ }}", "may not begin with underscores"),
        ],
    )
    def test_refuses_what_reaches_further_than_its_values(self, html: str, why: str) -> None:
        with pytest.raises(TemplateBroken) as raised:
            render(wording(html=html), {"order": {"number": "ORD-1"}})

        assert raised.value.message.startswith("The html of order_confirmation (en) cannot be rendered: ")
        assert why in raised.value.message
        assert raised.value.details == {"part": "html"}

    def test_refuses_an_empty_subject(self) -> None:
        with pytest.raises(TemplateBroken, match="The subject of order_confirmation"):
            render(wording(subject="{% if no %}x{% endif %}"), {"no": False})


class TestTheDefaultConfirmation:
    def test_names_the_order_its_lines_and_its_sums(self) -> None:
        mail = render_order(SAMPLE, default_wording("order_confirmation"))

        assert mail.subject == "Your order ORD-000042 is confirmed"
        assert '2 x Teapot "Earl & Grey" <large> (Blue / 1.2 l)\n    $29.90 each, $59.80\n' in mail.text
        assert "1 x Samovar\n    $1,200.00 each, $1,200.00\n" in mail.text
        assert "Subtotal   $1,259.80\nDiscounts  -$10.00\nShipping   $4.90\nTax        $0.00\n" in mail.text
        assert "Total      $1,254.70 (USD)\n" in mail.text
        assert "Teapot &quot;Earl &amp; Grey&quot; &lt;large&gt;" in mail.html
        assert "$1,254.70" in mail.html

    def test_leaves_out_discounts_that_are_none(self) -> None:
        order = SendConfirmationEmailFactory.build(total_discounts=Decimal(0))

        mail = render_order(order, default_wording("order_confirmation"))

        assert "Discounts" not in mail.text + mail.html

    def test_never_lets_a_buyer_write_html(self) -> None:
        line = ConfirmedLineFactory.build(title=MARKUP, variant_title=MARKUP)
        order = SendConfirmationEmailFactory.build(order_number=MARKUP, lines=(line,))

        mail = render_order(order, default_wording("order_confirmation"))

        assert "<script" not in mail.html
        assert mail.html.count("&lt;script&gt;") == 4


class TestMoney:
    @pytest.mark.parametrize(
        ("language", "currency", "amount", "spelled"),
        [
            ("en", "USD", "1254.70", "$1,254.70"),
            ("en", "JPY", "1500", "¥1,500"),
            ("de", "EUR", "1254.70", "1.254,70\xa0€"),
            ("pt-br", "USD", "9.90", "US$\xa09,90"),
            ("en", "KWD", "1.234", "KWD1.234"),
        ],
    )
    def test_is_spelled_as_the_language_does(
        self, settings: Settings, language: str, currency: str, amount: str, spelled: str
    ) -> None:
        order = SendConfirmationEmailFactory.build(currency=currency, total_price=Decimal(amount))

        values: dict[str, Any] = values_of(order, language=language)

        assert values["order"]["total"].replace("KWD\xa0", "KWD") == spelled

    def test_needs_a_language_that_exists(self) -> None:
        with pytest.raises(TemplateBroken, match="'xx-yy' is no language"):
            values_of(SAMPLE, language="xx-yy")
