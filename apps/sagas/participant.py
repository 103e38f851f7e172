"""
Participants and their handlers.

A participant is an app whose database takes part in sagas. Its handlers work on whole batches. A plain handler runs in
the participant's transaction, and its replies are stored in the same commit. An effect outside the databases (a charge,
a mail) is a class with three methods: `prepare` notes the intent in one commit, `perform` acts with no transaction
open, `record` notes the result in another commit, together with the stored reply.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from .messages import Call, Command, LeaveOut, Reply, Unknown

C = TypeVar("C", bound=Command)
W = TypeVar("W")
R = TypeVar("R")

Handler = Callable[[Sequence[C]], Sequence[Reply]]
"""Handles a batch of one kind of command; returns one reply a command, in their order."""


class External(Protocol[C, W, R]):
    """
    An effect in the outside world, for a batch of one kind of command.

    `W` is the work left to do for one command, `R` what the outside world answered.
    """

    def prepare(self, calls: Sequence[Call[C]]) -> Sequence[W | Reply]:
        """
        Note each intent, inside the participant's transaction; return the work to do, or the reply if all is known.

        The intent is found again after a crash: then the work must begin by asking what became of it.
        """

    def perform(self, works: Sequence[W]) -> Sequence[R | Unknown]:
        """Act, with no transaction open; return one result a work, Unknown where the outcome cannot be known."""

    def record(self, works: Sequence[W], results: Sequence[R | Unknown]) -> Sequence[Reply | Unknown]:
        """Note the results, inside the participant's transaction; return one reply a work, or Unknown to try again."""


E = TypeVar("E", bound=External[Any, Any, Any])


class UnknownCommand(LookupError):
    """No handler is registered for a command: the participant's `handlers` module must name it."""


class Participant:
    """One app's side of its sagas: its name, its database, its handlers."""

    def __init__(self, name: str, *, database: str, lease_seconds: float = 30.0) -> None:
        self.name = name
        self.database = database
        # Five times what the slowest batch takes: an early expiry costs work, a late one delays a recovery.
        self.lease_seconds = lease_seconds
        self._handlers: dict[type[Command], Handler[Any]] = {}
        self._externals: dict[type[Command], External[Any, Any, Any]] = {}
        PARTICIPANTS[name] = self

    def handles(self, command: type[C]) -> Callable[[Handler[C]], Handler[C]]:
        """Register a handler that runs inside the participant's transaction."""

        def register(handler: Handler[C]) -> Handler[C]:
            self._handlers[command] = handler
            return handler

        return register

    def performs(self, command: type[Command]) -> Callable[[type[E]], type[E]]:
        """Register a class whose effect happens outside the databases."""

        def register(external: type[E]) -> type[E]:
            self._externals[command] = external()
            return external

        return register

    def handler(self, command: type[Command]) -> Handler[Any] | None:
        """Return the plain handler of a command, or None when it is an external effect or unknown."""
        return self._handlers.get(command)

    def external(self, command: type[Command]) -> External[Any, Any, Any]:
        """Return the external effect of a command, or raise UnknownCommand."""
        try:
            return self._externals[command]
        except KeyError:
            raise UnknownCommand(f"the participant {self.name} has no handler for {command.__name__}") from None

    def command_named(self, name: str) -> type[Command]:
        """Return the command of that name which this participant handles, or raise UnknownCommand."""
        commands: tuple[type[Command], ...] = (LeaveOut, *self._handlers, *self._externals)
        for command in commands:
            if command.__name__ == name:
                return command
        raise UnknownCommand(f"the participant {self.name} has no handler for {name}; deploy the release that has it")


PARTICIPANTS: dict[str, Participant] = {}
