from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import money
from apps.core.testing.shared import shared

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=6)
CURRENCIES = st.sampled_from(["JPY", "EUR", "USD", "KWD", "CLF"])


class TestMinorUnits:
    @pytest.mark.parametrize(
        ("currency", "digits"), [("JPY", 0), ("KRW", 0), ("EUR", 2), ("USD", 2), ("KWD", 3), ("TND", 3), ("UYW", 4)]
    )
    def test_knows_the_digits_of(self, currency, digits):
        assert money.minor_units(currency) == digits

    @pytest.mark.parametrize("currency", ["", "usd", "EURO", "E€R", "XAU", "XXX", "US\n"])
    def test_refuses(self, currency):
        with pytest.raises(money.UnknownCurrency) as refusal:
            money.minor_units(currency)

        assert (refusal.value.code, refusal.value.status) == ("unknown_currency", 422)

    def test_agrees_with_the_published_list(self):
        published = defaultdict(set)
        for entry in ElementTree.parse(shared("conformance/iso4217/list_one.xml")).iter("CcyNtry"):
            published[entry.findtext("CcyMnrUnts")].add(entry.findtext("Ccy"))

        assert published["0"] == money.WITHOUT_MINOR_UNIT
        assert published["3"] == money.THREE_DIGITS
        assert published["4"] == money.FOUR_DIGITS
        assert published["N.A."] == money.NOT_FOR_PRICES
        assert {money.minor_units(currency) for currency in published["2"]} == {2}


class TestRounded:
    @pytest.mark.parametrize(
        ("amount", "currency", "expected"),
        [
            ("0.125", "USD", "0.12"),
            ("0.135", "USD", "0.14"),
            ("-0.125", "USD", "-0.12"),
            ("2.5", "JPY", "2"),
            ("3.5", "JPY", "4"),
            ("1.0005", "KWD", "1.000"),
            ("7", "EUR", "7.00"),
        ],
    )
    def test_rounds_half_to_even(self, amount, currency, expected):
        assert str(money.rounded(Decimal(amount), currency)) == expected

    @given(AMOUNTS, CURRENCIES)
    def test_is_at_most_half_a_coin_away(self, amount, currency):
        coin = Decimal(1).scaleb(-money.minor_units(currency))

        assert abs(money.rounded(amount, currency) - amount) <= coin / 2

    @given(AMOUNTS, CURRENCIES)
    def test_changes_nothing_twice(self, amount, currency):
        once = money.rounded(amount, currency)

        assert money.rounded(once, currency) == once


class TestLineTotal:
    def test_rounds_once_after_the_multiplication(self):
        assert money.line_total(Decimal("0.335"), 3, "USD") == Decimal("1.00")

    def test_keeps_every_digit_of_a_large_amount(self):
        assert money.line_total(Decimal("99999999999999.99"), 10**15, "USD") == Decimal("99999999999999990000000000000")


class TestFormatted:
    @pytest.mark.parametrize(
        ("amount", "currency", "text"),
        [("1250", "USD", "1250.00"), ("1E+3", "JPY", "1000"), ("0", "KWD", "0.000"), ("0.5", "JPY", "0")],
    )
    def test_has_exactly_the_digits_of_the_currency(self, amount, currency, text):
        assert money.formatted(Decimal(amount), currency) == text


class TestTotal:
    def test_adds_lines(self):
        assert str(money.total([Decimal("0.10"), Decimal("0.20")], "USD")) == "0.30"

    def test_of_nothing_is_zero_with_the_digits_of_the_currency(self):
        assert str(money.total([], "KWD")) == "0.000"


class TestSplit:
    @pytest.mark.parametrize(
        ("amount", "weights", "currency", "parts"),
        [
            ("10.00", [1, 1, 1], "USD", ["3.34", "3.33", "3.33"]),
            ("10.00", [Decimal("1.00"), Decimal("2.00"), Decimal("3.00")], "USD", ["1.67", "3.33", "5.00"]),
            ("0.01", [1, 3], "USD", ["0.00", "0.01"]),
            ("100", [2, 1], "JPY", ["67", "33"]),
            ("1.000", [1, 1, 1], "KWD", ["0.334", "0.333", "0.333"]),
            ("5.00", [0, 0], "USD", ["2.50", "2.50"]),
            ("5.00", [0, 7], "USD", ["0.00", "5.00"]),
            ("0.00", [1, 2], "USD", ["0.00", "0.00"]),
            ("0.00", [], "USD", []),
        ],
    )
    def test_gives_the_odd_units_to_the_largest_remainders(self, amount, weights, currency, parts):
        assert money.split(Decimal(amount), weights, currency) == [Decimal(part) for part in parts]

    @given(
        units=st.integers(min_value=0, max_value=10**15),
        weights=st.lists(st.decimals(min_value=0, max_value=10**9, places=2), min_size=1, max_size=20),
        currency=CURRENCIES,
    )
    def test_loses_nothing_and_is_never_a_unit_off(self, units, weights, currency):
        unit = Decimal(1).scaleb(-money.minor_units(currency))
        amount = units * unit

        parts = money.split(amount, weights, currency)

        assert sum(parts) == amount
        if sum(weights):
            fair = [Fraction(amount) * Fraction(weight) / Fraction(sum(weights)) for weight in weights]
            assert all(abs(Fraction(part) - share) < Fraction(unit) for part, share in zip(parts, fair, strict=True))
