"""What somebody may do, as one value: pairs of resource and action."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Grants:
    """
    The permissions of one user; `everything` is the superuser's.

    `pairs` holds (resource, action), say ("orders", "refund").
    """

    everything: bool = False
    pairs: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def allow(self, resource: str, action: str) -> bool:
        return self.everything or (resource, action) in self.pairs

    def touch(self, resource: str) -> bool:
        """Return whether any action on the resource is allowed."""
        return self.everything or any(resource == granted for granted, _ in self.pairs)


NOTHING = Grants()
