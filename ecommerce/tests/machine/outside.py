"""Rules of the world around the engine: buyers, stock, gateway, mail server, time, releases, housekeeping."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from apps.core import clock
from apps.sagas import requests, retention
from apps.sagas.lanes import run_batch
from ecommerce.testing.stack import LANES

from .shop import CARDS, PLACES, Shop
from .till import check_out

GATEWAY_FAULTS = st.sampled_from(["reset_without_effect", "reset_with_effect", "error", "refuse"])
OPERATIONS = st.sampled_from(["*", "charge", "find", "cancel", "refund"])
MAIL_FAULTS = st.sampled_from(["refuse", "reject", "break_before", "break_after"])
HOURS = 3
"""Longer than a compensation may fail before its tries are spent."""


class Outside(Shop):
    @initialize(count=st.integers(min_value=1, max_value=3), card=CARDS)
    def open(self, count: int, card: str) -> None:
        self.place(count, card, scarce=False)

    @rule(count=st.integers(min_value=1, max_value=3), card=CARDS, scarce=st.booleans())
    def place(self, count: int, card: str, scarce: bool) -> None:
        self.world.place(count, card, scarce=scarce)

    @rule(
        card=CARDS, scarce=st.booleans(), dies_at=st.sampled_from([None, "before_begin_commit", "after_begin_commit"])
    )
    def check_out(self, card: str, scarce: bool, dies_at: str | None) -> None:
        """A guest orders a cart over the API, twice under one key; the first time the shop may die."""
        basket = self.world.basket(scarce=scarce)
        orders = check_out(basket, card, dies_at=dies_at)
        assert len(orders) == 1 or (scarce and not orders)
        self.world.baskets |= dict.fromkeys(orders, basket)
        self.world.checked_out |= set(orders)

    @rule(pieces=st.integers(min_value=1, max_value=2))
    def restock(self, pieces: int) -> None:
        self.world.restock(pieces)

    @rule(kind=GATEWAY_FAULTS, operation=OPERATIONS, stays=st.booleans())
    def spoil_the_gateway(self, kind: str, operation: str, stays: bool) -> None:
        self.count("gateway faults")
        what = "refund" if kind == "refuse" else operation
        self.judges.gateway.fault(kind, operation=what, count=-1 if stays else 1)

    @rule()
    def lose_the_gateway(self) -> None:
        self.world.lose_the_gateway()

    @rule(takes=st.booleans(), passes=st.sampled_from([2, 6]))
    def work_in_vain(self, takes: bool, passes: int) -> None:
        """The gateway may take money and break off; then nobody finds it for hours: who needs it spends all tries."""
        self.count("hours without the gateway")
        if takes:
            self.judges.gateway.fault("reset_with_effect", operation="charge")
            self.world.let_time_pass()
            for lane in ("catalog", "payments"):
                run_batch(lane)
        self.world.lose_the_gateway()
        for _ in range(passes):
            self.world.let_time_pass(hours=HOURS)
            for lane in LANES:
                run_batch(lane)

    @rule(kind=MAIL_FAULTS, count=st.integers(min_value=1, max_value=2))
    def spoil_the_mail(self, kind: str, count: int) -> None:
        self.count("mail faults")
        self.judges.mails.fault(kind, count=count)

    @rule()
    def mend(self) -> None:
        self.world.mend()

    @rule()
    def let_time_pass(self) -> None:
        self.world.let_time_pass()

    @rule()
    def let_hours_pass(self) -> None:
        """Long enough for a step that keeps failing to have spent its tries."""
        self.world.let_time_pass(hours=HOURS)

    @rule(place=PLACES)
    @precondition(lambda self: self.rows)
    def let_the_deadline_pass(self, place: int) -> None:
        self.world.let_the_deadline_pass(self.row(place).order_id)

    @rule()
    def deploy(self) -> None:
        self.world.deploy()

    @rule()
    def take_back(self) -> None:
        self.world.take_back()

    @rule()
    def look_round(self) -> None:
        """What beat has done every few seconds."""
        requests.answer_open_requests()
        self.world.relay()

    @rule()
    def archive(self) -> None:
        while retention.archive_finished(before=clock.now() + timedelta(hours=1)):
            pass
