"""What of a definition may be edited once it is released, and what may not."""

from dataclasses import make_dataclass, replace
from uuid import UUID

import msgspec
import pytest

from apps.sagas.definition import Retry, Saga, compensatable, pivot, retriable
from apps.sagas.fingerprints import described, differences, fingerprint

from . import tea
from .tea import AT_ONCE, SERVE_TEA, KitchenCommand, TeaOrder

ALL = "greet, weigh, brew, take_money, serve, wash"


def stored(saga: Saga):
    """Return a description as it comes back from a database."""
    return msgspec.json.decode(msgspec.json.encode(described(saga)))


def with_step(name: str, **changes) -> Saga:
    return replace(SERVE_TEA, steps=tuple(replace(s, **changes) if s.name == name else s for s in SERVE_TEA.steps))


def with_data(*fields) -> Saga:
    own = [(name, TeaOrder.__annotations__[name]) for name in ("order_id", "leaves", "price")]
    known = {name: (name, kind) for name, kind in own}
    for field in fields:
        known[field[0]] = field
    return replace(SERVE_TEA, data=make_dataclass("TeaOrder", known.values(), kw_only=True))


def weigh_more(order: TeaOrder) -> make_dataclass(
    "Weigh", [("order_id", UUID), ("leaves", str), ("grams", int)], bases=(KitchenCommand,)
):
    """A command that has got a field."""


def weigh_in_grams(order: TeaOrder) -> make_dataclass(
    "Weigh", [("order_id", UUID), ("leaves", str), ("grams", int, 5)], bases=(KitchenCommand,)
):
    """A command that has got a field with a default."""


def weigh_elsewhere(order: TeaOrder) -> make_dataclass(
    "Weigh", [("order_id", UUID), ("leaves", str)], bases=(tea.TillCommand,)
):
    """A command that goes to somebody else."""


def said(saga: Saga) -> list[str]:
    return differences(stored(SERVE_TEA), stored(saga))


class TestDifferences:
    def test_are_none_for_the_same_definition(self):
        assert said(SERVE_TEA) == []
        assert fingerprint(described(SERVE_TEA)) == fingerprint(stored(SERVE_TEA))

    @pytest.mark.parametrize(
        "saga",
        [
            replace(SERVE_TEA, apology="So sorry."),
            with_step("wash", critical=False),
            with_step("weigh", retry=replace(AT_ONCE, base_seconds=9.0, cap_seconds=99.0, elapsed_seconds=1.0)),
            with_step("weigh", retry=replace(AT_ONCE, never=(ValueError,))),
            with_data(("milk", bool, False)),
            with_step("weigh", do=weigh_in_grams),
        ],
        ids=["apology", "critical", "delays", "never", "a field with a default", "a command's field with a default"],
    )
    def test_are_none_for_what_changes_no_stored_saga(self, saga):
        assert said(saga) == []

    @pytest.mark.parametrize(
        ("saga", "told"),
        [
            (
                replace(SERVE_TEA, steps=SERVE_TEA.steps[:-1]),
                f"its steps were {ALL} and are greet, weigh, brew, take_money, serve",
            ),
            (
                replace(
                    SERVE_TEA, steps=(SERVE_TEA.steps[0], SERVE_TEA.steps[2], SERVE_TEA.steps[1], *SERVE_TEA.steps[3:])
                ),
                f"its steps were {ALL} and are greet, brew, weigh, take_money, serve, wash",
            ),
            (
                with_step("weigh", undo=tea.pour_away),
                "weigh: its undo was Unweigh(order_id: UUID) of kitchen and is PourAway(order_id: UUID) of kitchen",
            ),
            (
                with_step("weigh", do=weigh_more),
                "weigh: its do was Weigh(order_id: UUID, leaves: str) of kitchen"
                " and is Weigh(order_id: UUID, leaves: str, grams: int) of kitchen",
            ),
            (
                with_step("weigh", do=weigh_elsewhere),
                "weigh: its do was Weigh(order_id: UUID, leaves: str) of kitchen"
                " and is Weigh(order_id: UUID, leaves: str) of till",
            ),
            (with_step("weigh", retry=Retry(attempts=9)), "weigh: its attempts was 3 and is 9"),
            (with_step("weigh", undo_retry=Retry(attempts=9)), "weigh: its undo attempts was 5 and is 9"),
            (
                with_data(("milk", bool)),
                "its data's milk has no default, and stored sagas need not have it",
            ),
            (with_data(("price", str)), "its data's price was int and is str"),
            (with_data(("price", int | None)), "its data's price was int and is UnionType[int, NoneType]"),
        ],
        ids=lambda value: value[:40] if isinstance(value, str) else "",
    )
    def test_name_what_stored_sagas_would_trip_over(self, saga, told):
        assert said(saga) == [told]
        assert fingerprint(described(saga)) != fingerprint(described(SERVE_TEA))

    def test_name_a_default_that_is_gone(self):
        lenient, strict = with_step("weigh", do=weigh_in_grams), with_step("weigh", do=weigh_more)

        assert differences(stored(strict), stored(lenient)) == []
        assert len(differences(stored(lenient), stored(strict))) == 1

    def test_name_a_field_that_is_gone(self):
        assert differences(stored(with_data(("milk", bool, False))), stored(SERVE_TEA)) == [
            "its data lost the field milk"
        ]

    def test_name_another_kind_of_step(self):
        one = (compensatable("greet", undo=tea.apologise), pivot("serve", do=tea.serve), retriable("wash", do=tea.wash))
        other = (
            compensatable("greet", undo=tea.apologise),
            compensatable("serve", do=tea.serve, undo=tea.apologise),
            pivot("wash", do=tea.wash),
        )

        told = differences(stored(replace(SERVE_TEA, steps=one)), stored(replace(SERVE_TEA, steps=other)))

        assert "serve: its kind was pivot and is compensatable" in told
        assert "wash: its kind was retriable and is pivot" in told

    def test_reach_into_the_parts_of_a_command(self):
        line, longer = (make_dataclass("Line", [("cup", int), *more], frozen=True) for more in ([], [("lid", bool)]))
        kinds = [
            make_dataclass("Weigh", [("lines", tuple[one, ...])], bases=(KitchenCommand,)) for one in (line, longer)
        ]
        sagas = []
        for kind in kinds:

            def build(order):
                """A command of lines."""

            build.__annotations__["return"] = kind
            sagas.append(with_step("weigh", do=build))

        told = differences(*map(stored, sagas))

        assert told == [
            "weigh: its do was Weigh(lines: tuple[(cup: int), Ellipsis]) of kitchen"
            " and is Weigh(lines: tuple[(cup: int, lid: bool), Ellipsis]) of kitchen"
        ]
