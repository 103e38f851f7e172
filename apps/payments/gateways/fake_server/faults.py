"""Faults on demand: what shall go wrong with the next calls, whatever their cards."""

import random
import threading
from dataclasses import asdict, dataclass
from typing import Any

KINDS = (
    "timeout_without_effect",
    "timeout_with_effect",
    "reset_without_effect",
    "reset_with_effect",
    "delay",
    "error",
    "saved_error",
    "refuse",
)


@dataclass
class Fault:
    """
    One fault. `operation` is a name of bank.OPERATIONS, or * for all; a call is one HTTP request.

    It strikes `count` calls, for ever where that is -1, each with `probability`. `seconds` is how long a `delay` takes,
    `status` what an `error` answers. `saved_error` is for charges, `refuse` for refunds.
    """

    kind: str
    operation: str = "*"
    count: int = 1
    seconds: float = 0
    status: int = 503
    probability: float = 1

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind} is no kind of fault; there are {', '.join(KINDS)}")


class Faults:
    """The faults in force, oldest first; forgotten when the process ends."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._turn = threading.Lock()
        self._random = random.Random(0)  # noqa: S311 - chance, not secrecy

    def add(self, fields: dict[str, Any]) -> Fault:
        """Put a fault in force; raises ValueError or TypeError when it is none."""
        fault = Fault(**fields)
        with self._turn:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """End all faults."""
        with self._turn:
            self._faults.clear()

    def listed(self) -> list[dict[str, Any]]:
        """Return the faults in force."""
        with self._turn:
            return [asdict(fault) for fault in self._faults]

    def strike(self, operation: str) -> Fault | None:
        """Return the fault that strikes this call, and count it."""
        with self._turn:
            for fault in self._faults:
                if fault.operation in ("*", operation) and self._random.random() < fault.probability:
                    fault.count -= 1
                    if fault.count == 0:
                        self._faults.remove(fault)
                    return fault
        return None
