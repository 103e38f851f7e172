"""The services of accounts."""

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings

from apps.accounts import services
from apps.accounts.models import OutboxEvent, PasswordResetToken, Permission, Role, Session, User, UserRole
from apps.accounts.services import tokens
from apps.accounts.services.addresses import MOST_ADDRESSES
from apps.accounts.services.customers import register_customer
from apps.core.exceptions import InvalidInput

from .factories import PASSWORD, AddressFactory, UserFactory
from .hashers import CountingHasher

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


class TestLogIn:
    def test_opens_a_session_and_notes_when_and_from_where(self, ada: User, now: datetime) -> None:
        signed_in = services.log_in(email="Ada@Example.org", password=PASSWORD, device=DESK, now=now)

        ada.refresh_from_db()
        assert (ada.last_login, ada.last_login_ip) == (now, "192.0.2.1")
        session = Session.objects.get()
        assert (session.id, session.user, session.user_agent) == (signed_in.session_id, ada, "desk")
        assert session.expires_at == now + timedelta(days=30)

    @pytest.mark.parametrize(
        ("email", "password"),
        [("ada@example.org", "wrong"), ("nobody@example.org", PASSWORD), ("closed@example.org", PASSWORD)],
    )
    def test_works_as_hard_for_an_account_that_does_not_exist(
        self, settings: LazySettings, now: datetime, email: str, password: str
    ) -> None:
        settings.PASSWORD_HASHERS = ["apps.accounts.tests.hashers.CountingHasher"]
        UserFactory.create(email="ada@example.org")
        UserFactory.create(email="closed@example.org", is_active=False)
        CountingHasher.hashes.clear()

        with pytest.raises(services.InvalidCredentials):
            services.log_in(email=email, password=password, device=DESK, now=now)

        assert len(CountingHasher.hashes) == 1
        assert Session.objects.count() == 0

    def test_renews_a_hash_of_an_older_kind(self, ada: User, settings: LazySettings, now: datetime) -> None:
        settings.PASSWORD_HASHERS = [
            "django.contrib.auth.hashers.ScryptPasswordHasher",
            "django.contrib.auth.hashers.MD5PasswordHasher",
        ]

        services.log_in(email=ada.email, password=PASSWORD, device=DESK, now=now)

        ada.refresh_from_db()
        assert ada.password.startswith("scrypt$")
        assert ada.check_password(PASSWORD)


class TestRefreshSession:
    def test_keeps_the_session_alive(self, ada: User, now: datetime) -> None:
        now = datetime.now(now.tzinfo)
        three_days_ago = now - timedelta(days=3)
        first = services.log_in(email=ada.email, password=PASSWORD, device=DESK, now=three_days_ago)

        second = services.refresh_session(refresh_token=first.refresh_token, now=now)

        session = Session.objects.get()
        assert (session.last_activity_at, session.expires_at) == (now, now + timedelta(days=30))
        assert tokens.read(second.refresh_token, tokens.Kind.REFRESH).jti == session.jti

    def test_refuses_a_session_that_was_not_used_for_too_long(self, ada: User, now: datetime) -> None:
        now = datetime.now(now.tzinfo)
        first = services.log_in(email=ada.email, password=PASSWORD, device=DESK, now=now)

        with pytest.raises(services.SessionEnded):
            services.refresh_session(refresh_token=first.refresh_token, now=now + timedelta(days=31))

    def test_refuses_a_closed_account(self, ada: User, now: datetime) -> None:
        first = services.log_in(email=ada.email, password=PASSWORD, device=DESK, now=datetime.now(now.tzinfo))
        User.objects.update(is_active=False)

        with pytest.raises(services.SessionEnded):
            services.refresh_session(refresh_token=first.refresh_token, now=datetime.now(now.tzinfo))

    def test_ends_the_family_when_a_spent_token_comes_back(self, ada: User, now: datetime) -> None:
        now = datetime.now(now.tzinfo)
        first = services.log_in(email=ada.email, password=PASSWORD, device=DESK, now=now)
        elsewhere = services.log_in(email=ada.email, password=PASSWORD, device=DESK, now=now)
        services.refresh_session(refresh_token=first.refresh_token, now=now)

        with pytest.raises(services.RefreshTokenReused):
            services.refresh_session(refresh_token=first.refresh_token, now=now)

        ended = Session.objects.get(id=first.session_id)
        assert (ended.is_active, ended.ended_at, ended.end_reason) == (False, now, "refresh_reused")
        assert Session.objects.get(id=elsewhere.session_id).is_active


class TestEndSessions:
    def test_keeps_the_reason_of_the_first_end(self, ada: User, now: datetime) -> None:
        signed_in = services.log_in(email=ada.email, password=PASSWORD, device=DESK, now=now)
        services.log_out(session_id=signed_in.session_id, now=now)

        ended = services.end_sessions(
            session_ids=[signed_in.session_id], reason=Session.EndReason.REVOKED, now=now + timedelta(1)
        )

        assert ended == []
        assert Session.objects.get().end_reason == "logged_out"


class TestCloseAccount:
    def test_ends_its_sessions(self, ada: User, now: datetime) -> None:
        services.log_in(email=ada.email, password=PASSWORD, device=DESK, now=now)

        services.close_account(user_id=ada.id, now=now)

        ada.refresh_from_db()
        assert not ada.is_active
        assert Session.objects.get().end_reason == "account_closed"


class TestSetRoles:
    def test_gives_these_and_takes_the_others(self, ada: User) -> None:
        support, finance = (Role.objects.get(name=name) for name in ("support", "finance"))
        services.set_roles(user_id=ada.id, role_ids=[support.id])
        given_at = UserRole.objects.get(user=ada).created_at

        services.set_roles(user_id=ada.id, role_ids=[support.id, finance.id])

        assert {role.name for role in ada.roles.all()} == {"support", "finance"}
        assert UserRole.objects.get(user=ada, role=support).created_at == given_at

        services.set_roles(user_id=ada.id, role_ids=[])

        assert not ada.roles.exists()


class TestSetPermissions:
    def test_lets_the_role_grant_these_and_no_other(self) -> None:
        role = Role.objects.create(name="refunds")
        view, refund = (Permission.objects.get(name=name) for name in ("orders.view", "orders.refund"))
        services.set_permissions(role_id=role.id, permission_ids=[view.id])

        services.set_permissions(role_id=role.id, permission_ids=[refund.id])

        assert [permission.name for permission in role.permissions.all()] == ["orders.refund"]


class TestPasswordReset:
    def test_stores_only_a_hash_and_announces_no_secret(self, ada: User, now: datetime) -> None:
        services.request_password_reset(email=" ADA@example.org", now=now)

        token = PasswordResetToken.objects.get()
        secret = services.reset_secret(reset_id=token.id)
        assert len(token.token) == 64
        assert token.token != secret
        assert token.expires_at == now + timedelta(hours=1)
        event = OutboxEvent.objects.get()
        assert event.type == "customer.password_reset_requested"
        assert event.payload == {"user_id": str(ada.id), "reset_id": str(token.id)}

    def test_does_nothing_for_an_unknown_address(self, now: datetime) -> None:
        services.request_password_reset(email="nobody@example.org", now=now)

        assert (PasswordResetToken.objects.count(), OutboxEvent.objects.count()) == (0, 0)

    def test_sets_the_password_and_ends_every_session(self, ada: User, now: datetime) -> None:
        services.log_in(email=ada.email, password=PASSWORD, device=DESK, now=now)
        secret = self.secret_for(ada, now)

        services.reset_password(secret=secret, new_password="another long secret", now=now)

        ada.refresh_from_db()
        assert ada.check_password("another long secret")
        assert Session.objects.get().end_reason == "credentials_changed"

    def test_takes_only_the_newest_secret_and_not_for_long(self, ada: User, now: datetime) -> None:
        older, newer = self.secret_for(ada, now), self.secret_for(ada, now)

        for secret, moment in ((older, now), (newer, now + timedelta(minutes=61)), ("", now)):
            with pytest.raises(services.InvalidResetToken):
                services.reset_password(secret=secret, new_password="another long secret", now=moment)

        ada.refresh_from_db()
        assert ada.check_password(PASSWORD)

    def test_survives_a_password_that_is_too_easy(self, ada: User, now: datetime) -> None:
        secret = self.secret_for(ada, now)
        with pytest.raises(InvalidInput):
            services.reset_password(secret=secret, new_password="12345", now=now)

        services.reset_password(secret=secret, new_password="another long secret", now=now)

        ada.refresh_from_db()
        assert ada.check_password("another long secret")

    def secret_for(self, user: User, now: datetime) -> str:
        services.request_password_reset(email=user.email, now=now)
        return services.reset_secret(reset_id=user.reset_tokens.latest("id").id)


class TestCheckedAddress:
    def test_spells_an_address_as_its_post_does(self) -> None:
        address = services.checked_address(
            parts={
                "name": " Rosa  Luxemburg ",
                "line1": "Wielandstraße 23",
                "city": "Berlin",
                "region": "not used in Germany",
                "postal_code": "12159",
                "country": "de",
            }
        )

        assert address.as_json() == {
            "name": "Rosa Luxemburg",
            "line1": "Wielandstraße 23",
            "country": "DE",
            "company": "",
            "line2": "",
            "district": "",
            "city": "Berlin",
            "region": "",
            "postal_code": "12159",
            "phone": "",
        }

    def test_takes_a_region_by_name_or_short_form(self) -> None:
        parts = {"name": "A", "line1": "1 Main St", "city": "Austin", "postal_code": "78701", "country": "US"}

        regions = {
            services.checked_address(parts=parts | {"region": region}).region for region in ("Texas", "tx", "TX")
        }

        assert regions == {"TX"}

    @pytest.mark.parametrize(
        ("parts", "wrong"),
        [
            ({}, {"name", "line1", "country"}),
            ({"name": "A", "line1": "1", "country": "XX"}, {"country"}),
            ({"name": "A", "line1": "1", "country": "../x"}, {"country"}),
            (
                {"name": "A", "line1": "1", "country": "US", "city": "Austin", "region": "TX", "postal_code": "10001"},
                {"postal_code"},
            ),
            ({"name": "A", "line1": "1", "country": "JP", "postal_code": "154-0023"}, {"region"}),
        ],
    )
    def test_names_each_part_that_will_not_do(self, parts: dict[str, str], wrong: set[str]) -> None:
        with pytest.raises(services.InvalidAddress) as refusal:
            services.checked_address(parts=parts)

        assert set(refusal.value.errors) == wrong

    def test_needs_no_postal_code_where_there_is_none(self) -> None:
        address = services.checked_address(
            parts={
                "name": "A",
                "line1": "1 Queen's Road",
                "region": "Hong Kong Island",
                "district": "Central",
                "city": "Central",
                "country": "HK",
                "postal_code": "999077",
            }
        )

        assert address.postal_code == ""


class TestAddAddress:
    PARTS = {
        "name": "Ada",
        "line1": "1 Main St",
        "city": "Austin",
        "region": "TX",
        "postal_code": "78701",
        "country": "US",
    }

    def test_makes_the_first_the_default_and_lets_a_later_one_take_its_place(self, ada: User) -> None:
        first = services.add_address(user_id=ada.id, parts=self.PARTS)
        plain = services.add_address(user_id=ada.id, parts=self.PARTS)
        shipping = services.add_address(user_id=ada.id, parts=self.PARTS, is_default_shipping=True)

        flags = {entry.id: (entry.is_default_shipping, entry.is_default_billing) for entry in ada.addresses.all()}
        assert flags == {first.id: (False, True), plain.id: (False, False), shipping.id: (True, False)}

    def test_refuses_more_than_a_book_holds(self, ada: User) -> None:
        AddressFactory.create_batch(MOST_ADDRESSES, user=ada)

        with pytest.raises(services.AddressBookFull):
            services.add_address(user_id=ada.id, parts=self.PARTS)

        assert ada.addresses.count() == MOST_ADDRESSES


class TestChangeAddress:
    def test_checks_what_would_come_of_it(self, ada: User) -> None:
        entry = AddressFactory.create(user=ada)

        with pytest.raises(services.InvalidAddress) as refusal:
            services.change_address(user_id=ada.id, address_id=entry.id, changes={"region": "TX"})

        assert list(refusal.value.errors) == ["postal_code"]
        entry.refresh_from_db()
        assert entry.region == "CA"

    def test_moves_the_default(self, ada: User) -> None:
        old, new = AddressFactory.create(user=ada, is_default_billing=True), AddressFactory.create(user=ada)

        services.change_address(user_id=ada.id, address_id=new.id, changes={"is_default_billing": True})

        old.refresh_from_db()
        new.refresh_from_db()
        assert (old.is_default_billing, new.is_default_billing) == (False, True)


class TestForgetOldSessions:
    def test_keeps_what_was_over_lately(self, ada: User, now: datetime) -> None:
        for days in (89, 91):
            Session.objects.create(user=ada, jti=str(days), expires_at=now - timedelta(days=days))
        for days in (6, 8):
            ada.reset_tokens.create(token=str(days), expires_at=now - timedelta(days=days))

        assert services.forget_old_sessions(now=now) == 2

        assert [session.jti for session in Session.objects.all()] == ["89"]
        assert [token.token for token in PasswordResetToken.objects.all()] == ["6"]
