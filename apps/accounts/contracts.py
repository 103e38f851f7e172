"""What accounts announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.sagas.messages import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRegistered(Event):
    """Somebody opened an account."""

    type: ClassVar[str] = "customer.registered"
    aggregate: ClassVar[str] = "customer"
    user_id: UUID

    @property
    def aggregate_id(self) -> UUID:
        return self.user_id
