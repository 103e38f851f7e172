"""
Accounts for looking around: one of each role, with a password that everybody knows.

That is why they exist on a developer's machine only, where the setting DEMO_ACCOUNTS allows them; production has no
way to set it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from apps.core.exceptions import DomainError

from .models import User
from .services import CUSTOMER, add_address, give_role, register_customer

PASSWORD = "open-the-harbour"  # noqa: S105 - known to everybody, and meant to be


class DemoAccountsRefused(DomainError):
    """Accounts with a known password have no place here."""

    code = "demo_accounts_refused"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Who somebody is in the demo shop; the role has the name it has in `roles`."""

    role: str
    first_name: str
    last_name: str

    @property
    def email(self) -> str:
        return f"{self.first_name.lower()}@example.com"


CLERKS = (
    DemoAccount("admin", "Ines", "Calloway"),
    DemoAccount("support", "Otto", "Brandt"),
    DemoAccount("warehouse", "Wilma", "Stone"),
    DemoAccount("finance", "Femi", "Adeyemi"),
)
BUYER = DemoAccount(CUSTOMER, "Mara", "Quill")
HOME = {
    "name": "Mara Quill",
    "line1": "14 Harbor Street",
    "city": "Rockport",
    "region": "ME",
    "postal_code": "04856",
    "country": "US",
}


def load() -> list[DemoAccount]:
    """
    Make the accounts that are missing, a clerk for each role and a customer with an address; idempotent.

    Returns:
        Those that were made now; empty when all were there.

    Raises:
        DemoAccountsRefused: these settings do not allow them; nothing is written.
    """
    if not settings.DEMO_ACCOUNTS:
        raise DemoAccountsRefused(
            "Demo accounts have a password that everybody knows, so they are made on a developer's machine only."
        )
    missing = without_account([*CLERKS, BUYER])
    for clerk in missing:
        if clerk is not BUYER:
            employ(clerk)
    if BUYER in missing:
        welcome(BUYER)
    return missing


def without_account(accounts: Sequence[DemoAccount]) -> list[DemoAccount]:
    found = User.objects.filter(email__in=[account.email for account in accounts])
    taken = set(found.values_list("email", flat=True))
    return [account for account in accounts if account.email not in taken]


def employ(clerk: DemoAccount) -> None:
    """Make a user who works in the shop."""
    with transaction.atomic(using="accounts"):
        user = User.objects.create_user(
            clerk.email, PASSWORD, first_name=clerk.first_name, last_name=clerk.last_name, is_email_verified=True
        )
        give_role(user_id=user.pk, role=clerk.role)


def welcome(buyer: DemoAccount) -> None:
    """Register a customer, as anybody would, with an address to send things to."""
    with transaction.atomic(using="accounts"):
        user = register_customer(
            email=buyer.email, password=PASSWORD, first_name=buyer.first_name, last_name=buyer.last_name
        )
        add_address(user_id=user.pk, parts=HOME, label="Home")
