"""What returned goods are worth: in however many parts they come back, what was paid goes back, to the last cent."""

from collections import Counter, defaultdict
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from apps.core.ids import new_id
from apps.core.money import line_total
from apps.orders.services.worth import BoughtLine, Paid, worth_of

D = Decimal
SHIRT, SOCKS = new_id(), new_id()


def line(line_id, quantity, price, *, returned=0, granted="0.00"):
    return BoughtLine(line_id=line_id, quantity=quantity, price=D(price), returned=returned, granted=D(granted))


def worth(lines, arrived, *, total, shipping="0.00", shipping_granted="0.00", refunds_shipping=False, currency="USD"):
    return worth_of(
        paid=Paid(total=D(total), shipping=D(shipping), currency=currency),
        lines=lines,
        arrived=arrived,
        shipping_granted=D(shipping_granted),
        refunds_shipping=refunds_shipping,
    )


class TestWorth:
    def test_of_one_line_is_what_it_cost(self):
        lines = [line(SHIRT, 1, "49.00"), line(SOCKS, 2, "10.00")]

        back = worth(lines, {SHIRT: 1}, total="59.00")

        assert (back.lines, back.goods, back.shipping, back.total) == ({SHIRT: D("49.00")}, D("49.00"), 0, D("49.00"))

    def test_takes_its_share_of_discounts_and_tax(self):
        # 59.00 and 4.72 tax, less 10.00: 53.72 were paid for the goods, of which 49/59 are the shirt's.
        lines = [line(SHIRT, 1, "49.00"), line(SOCKS, 2, "10.00")]

        assert worth(lines, {SHIRT: 1}, total="53.72").lines == {SHIRT: D("44.61")}
        assert worth(lines, {SOCKS: 2}, total="53.72").lines == {SOCKS: D("9.11")}

    def test_of_single_pieces_gives_the_first_the_odd_cent(self):
        assert worth([line(SOCKS, 3, "10.00")], {SOCKS: 1}, total="10.00").goods == D("3.34")
        assert worth([line(SOCKS, 3, "10.00", returned=1, granted="3.34")], {SOCKS: 2}, total="10.00").goods == D(
            "6.66"
        )

    def test_makes_good_what_an_undone_receipt_left_behind(self):
        # The second piece was granted 3.33 while the first was being received; that one is received anew.
        back = worth([line(SOCKS, 3, "10.00", returned=1, granted="3.33")], {SOCKS: 1}, total="10.00")

        assert back.goods == D("3.34")

    def test_keeps_the_shipping_while_something_stays(self):
        lines = [line(SHIRT, 1, "49.00"), line(SOCKS, 2, "10.00")]

        assert worth(lines, {SHIRT: 1, SOCKS: 1}, total="63.95", shipping="4.95").shipping == 0

    def test_gives_the_shipping_back_with_the_last_piece(self):
        lines = [line(SHIRT, 1, "49.00", returned=1, granted="49.00"), line(SOCKS, 2, "10.00")]

        back = worth(lines, {SOCKS: 2}, total="63.95", shipping="4.95")

        assert (back.goods, back.shipping, back.total) == (D("10.00"), D("4.95"), D("14.95"))

    def test_gives_the_shipping_back_where_staff_say_so_and_never_twice(self):
        lines = [line(SHIRT, 1, "49.00"), line(SOCKS, 2, "10.00")]

        first = worth(lines, {SHIRT: 1}, total="63.95", shipping="4.95", refunds_shipping=True)
        again = worth(lines, {SOCKS: 1}, total="63.95", shipping="4.95", refunds_shipping=True, shipping_granted="4.95")

        assert (first.shipping, again.shipping) == (D("4.95"), 0)

    def test_of_an_order_whose_discount_reached_into_the_shipping_is_what_was_paid(self):
        back = worth([line(SHIRT, 1, "49.00")], {SHIRT: 1}, total="3.00", shipping="4.95")

        assert (back.goods, back.shipping) == (0, D("3.00"))

    def test_knows_no_cents_of_a_currency_without_them(self):
        lines = [line(SHIRT, 3, "1000")]

        assert worth(lines, {SHIRT: 1}, total="1000", currency="JPY").goods == D("334")

    def test_of_nothing_that_arrived_is_nothing(self):
        back = worth([line(SHIRT, 1, "49.00"), line(SOCKS, 1, "5.00")], {SHIRT: 0}, total="54.00")

        assert (back.lines, back.total) == ({}, 0)


@st.composite
def orders(draw):
    """The lines of an order, what was paid for goods and for shipping, and all pieces in parts, as they come back."""
    bought = {
        new_id(): (quantity, D(cents).scaleb(-2))
        for quantity, cents in draw(
            st.lists(st.tuples(st.integers(1, 5), st.integers(0, 9999)), min_size=1, max_size=4)
        )
    }
    pieces = draw(st.permutations([line_id for line_id, (quantity, _) in bought.items() for _ in range(quantity)]))
    cuts = sorted(draw(st.sets(st.integers(1, len(pieces)), max_size=4)) | {len(pieces)})
    parts = [pieces[start:end] for start, end in zip([0, *cuts], cuts, strict=False)]
    goods, shipping = (D(draw(st.integers(0, most))).scaleb(-2) for most in (500_00, 20_00))
    return bought, goods, shipping, parts


class TestReturnsOfAnOrder:
    @given(orders())
    def test_add_up_to_what_was_paid(self, case):
        bought, goods, shipping, parts = case
        back, granted = Counter(), defaultdict(D)
        sent, shipping_back = D(0), D(0)
        for part in parts:
            lines = [
                line(one, quantity, line_total(price, quantity, "USD"), returned=back[one], granted=granted[one])
                for one, (quantity, price) in bought.items()
            ]

            now = worth(lines, Counter(part), total=goods + shipping, shipping=shipping, shipping_granted=shipping_back)

            back.update(part)
            for one, amount in now.lines.items():
                granted[one] += amount
            sent, shipping_back = sent + now.total, shipping_back + now.shipping
            assert sent <= goods + shipping
        assert (sent, shipping_back) == (goods + shipping, shipping)
