"""What identifies an effect, and a request for it."""

from dataclasses import dataclass, field

from apps.sagas.messages import Command, request_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Cup:
    """A cup, as the first release knew it."""

    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledCup(Cup):
    """A cup, as the next release knows it."""

    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pour(Command):
    participant = "kitchen"
    leaves: str
    cups: tuple[Cup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterPour(Pour):
    sugar: int = 0
    extras: list[str] = field(default_factory=list)


LaterPour.__name__ = "Pour"
OLD = Pour(leaves="oolong", cups=(Cup(size=2),))


class TestRequestHash:
    def test_is_the_same_before_and_after_fields_with_defaults_are_added(self):
        assert request_hash(LaterPour(leaves="oolong", cups=(LabelledCup(size=2),))) == request_hash(OLD)

    def test_differs_when_such_a_field_says_something(self):
        later = [
            LaterPour(leaves="oolong", cups=(Cup(size=2),), sugar=1),
            LaterPour(leaves="oolong", cups=(Cup(size=2),), extras=["milk"]),
            LaterPour(leaves="oolong", cups=(LabelledCup(size=2, label="hot"),)),
            LaterPour(leaves="assam", cups=(Cup(size=2),)),
            LaterPour(leaves="oolong", cups=(Cup(size=2), Cup(size=2))),
        ]

        assert len({request_hash(command) for command in [OLD, *later]}) == 6

    def test_differs_between_commands_of_another_name(self):
        @dataclass(frozen=True, slots=True, kw_only=True)
        class Spill(Command):
            participant = "kitchen"
            leaves: str
            cups: tuple[Cup, ...]

        assert request_hash(Spill(leaves="oolong", cups=(Cup(size=2),))) != request_hash(OLD)
