"""Opening and closing accounts."""

from datetime import datetime

import pytest
from django.conf import LazySettings

from apps.accounts import services
from apps.accounts.models import OutboxEvent, Session, User
from apps.accounts.services.customers import register_customer
from apps.core.exceptions import InvalidInput

from .factories import PASSWORD

pytestmark = pytest.mark.django_db(databases=["accounts"])

MARY = {"email": " Mary@Example.ORG ", "password": PASSWORD, "first_name": "Mary ", "last_name": "Shelley"}
DESK = services.Device(user_agent="desk", ip_address="192.0.2.1")


class TestRegisterCustomer:
    def test_stores_the_address_normalised_and_gives_the_role_of_customers(self) -> None:
        user = register_customer(**MARY)

        stored = User.objects.get()
        assert (stored.id, stored.email, stored.first_name) == (user.id, "mary@example.org", "Mary")
        assert (stored.is_active, stored.is_superuser, stored.is_staff) == (True, False, False)
        assert [role.name for role in stored.roles.all()] == ["customer"]

    def test_announces_it_in_the_same_commit(self) -> None:
        user = register_customer(**MARY)

        event = OutboxEvent.objects.get()
        assert (event.type, event.aggregate, event.aggregate_id) == ("customer.registered", "customer", user.id)
        assert event.payload == {"user_id": str(user.id)}

    def test_hashes_the_password_with_argon2id(self, settings: LazySettings) -> None:
        settings.PASSWORD_HASHERS = ["apps.accounts.hashers.Argon2idHasher"]

        user = register_customer(**MARY)

        assert user.password.startswith("argon2$argon2id$")
        assert user.check_password(PASSWORD)

    @pytest.mark.parametrize("email", ["mary@example.org", "MARY@example.org"])
    def test_refuses_an_address_in_whatever_case_it_is_taken(self, email: str) -> None:
        register_customer(**MARY)

        with pytest.raises(services.EmailTaken):
            register_customer(**MARY | {"email": email})

        assert (User.objects.count(), OutboxEvent.objects.count()) == (1, 1)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"email": "mary"}, "email"),
            ({"password": "password"}, "password"),
            ({"password": "mary@example"}, "password"),
        ],
    )
    def test_names_the_field_that_will_not_do(self, wrong: dict[str, str], field: str) -> None:
        with pytest.raises(InvalidInput) as refusal:
            register_customer(**MARY | wrong)

        assert list(refusal.value.errors) == [field]
        assert User.objects.count() == 0


class TestCloseAccount:
    def test_ends_its_sessions(self, ada: User, now: datetime) -> None:
        services.log_in(email=ada.email, password=PASSWORD, device=DESK, now=now)

        services.close_account(user_id=ada.id, now=now)

        ada.refresh_from_db()
        assert not ada.is_active
        assert Session.objects.get().end_reason == "account_closed"
