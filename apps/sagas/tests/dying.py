"""Workers that die at a named place, as one process can play it."""

from dataclasses import dataclass

WORK_POINTS = (
    "after_claim",
    "before_participant_commit",
    "after_participant_commit",
    "before_intent_commit",
    "after_intent",
    "after_perform",
    "before_record_commit",
    "after_record",
    "before_settle_commit",
    "after_settle",
)
"""The places that the engine itself names for a worker."""


class Killed(BaseException):
    """A worker's death: nobody handles it, every transaction is rolled back."""


@dataclass(slots=True)
class Death:
    """A failpoint that kills its worker at one pass; `passes` counts them all, the later ones too."""

    at_pass: int
    passes: int = 0

    def reach(self, name: str) -> None:
        self.passes += 1
        if self.passes == self.at_pass:
            raise Killed(name)

    @property
    def died(self) -> bool:
        """Whether anybody came so often to the place."""
        return self.passes >= self.at_pass
