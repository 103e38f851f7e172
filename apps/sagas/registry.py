"""Every definition this process can work on, by name and version, and the ways from one version to another."""

from collections.abc import Callable

from .crossing import Crossing
from .definition import InvalidDefinition, Saga


class UnknownSaga(LookupError):
    """No definition of that name and version is registered in this process."""


def register(saga: Saga) -> Saga:
    """Make a definition known; refuses a second, different one under the same name and version."""
    known = SAGAS.setdefault((saga.name, saga.version), saga)
    if known is not saga:
        raise InvalidDefinition(f"{saga.name} version {saga.version} is registered twice")
    return saga


def definition(name: str, version: int) -> Saga:
    """Return a registered definition, or raise UnknownSaga."""
    try:
        return SAGAS[name, version]
    except KeyError:
        raise UnknownSaga(f"no saga {name} version {version} is registered here; deploy the code that has it") from None


def versions_of(name: str) -> Callable[[int], Saga | None]:
    """Return a function that finds the versions of a definition, or None where this process does not have one."""
    return lambda version: SAGAS.get((name, version))


def register_crossing(crossing: Crossing) -> Crossing:
    """Make the way from one version of a definition to another known; both versions stay registered."""
    CROSSINGS[crossing.before.name, crossing.before.version, crossing.after.version] = crossing
    return crossing


CROSSINGS: dict[tuple[str, int, int], Crossing] = {}
"""By name, and the versions from which and to which."""
SAGAS: dict[tuple[str, int], Saga] = {}
