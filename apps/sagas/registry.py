"""Every definition this process can work on, by name and version."""

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


SAGAS: dict[tuple[str, int], Saga] = {}
