"""Many at once, in real threads with real commits."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from apps.accounts import services
from apps.accounts.models import Address, OutboxEvent, Session, User
from apps.core.exceptions import DomainError
from apps.core.testing.threads import at_once

from .factories import PASSWORD, UserFactory

pytestmark = pytest.mark.committed(databases=["accounts"])


def attempts(job: Callable[[], object], *, times: int) -> list[str]:
    """Do a job so many times at once; return "done" or the error's code for each, sorted."""
    outcomes = at_once(*[job] * times)
    return sorted(one.code if isinstance(one, DomainError) else "done" for one in outcomes)


class TestRegisterCustomer:
    def test_lets_one_of_many_have_an_address(self) -> None:
        email = f"{uuid4()}@example.org"

        outcomes = attempts(
            lambda: services.register_customer(email=email, password=PASSWORD, first_name="A", last_name="B"), times=8
        )

        assert outcomes == ["done"] + ["email_taken"] * 7
        user = User.objects.get(email=email)
        assert [role.name for role in user.roles.all()] == ["customer"]
        assert OutboxEvent.objects.filter(aggregate_id=user.id).count() == 1


class TestRefreshSession:
    def test_answers_one_of_many_with_one_token_and_ends_the_session(self) -> None:
        user = UserFactory.create(email=f"{uuid4()}@example.org")
        now = datetime.now(UTC)
        signed_in = services.log_in(email=user.email, password=PASSWORD, device=services.Device(), now=now)

        outcomes = attempts(lambda: services.refresh_session(refresh_token=signed_in.refresh_token, now=now), times=8)

        assert outcomes.count("done") == 1
        assert "refresh_token_reused" in outcomes
        assert set(outcomes) <= {"done", "refresh_token_reused", "session_ended"}
        assert Session.objects.get(user=user).end_reason == "refresh_reused"


class TestResetPassword:
    def test_takes_a_secret_once(self) -> None:
        user = UserFactory.create(email=f"{uuid4()}@example.org")
        now = datetime.now(UTC)
        services.request_password_reset(email=user.email, now=now)
        secret = services.reset_secret(reset_id=user.reset_tokens.get().id)

        outcomes = attempts(lambda: services.reset_password(secret=secret, new_password=uuid4().hex, now=now), times=6)

        assert outcomes == ["done"] + ["invalid_reset_token"] * 5


class TestAddAddress:
    def test_leaves_one_default(self) -> None:
        user = UserFactory.create(email=f"{uuid4()}@example.org")
        parts = {"name": "A", "line1": "1", "city": "Austin", "region": "TX", "postal_code": "78701", "country": "US"}

        outcomes = attempts(
            lambda: services.add_address(user_id=user.id, parts=parts, is_default_shipping=True), times=8
        )

        assert outcomes == ["done"] * 8
        assert Address.objects.filter(user=user, is_default_shipping=True).count() == 1
        assert Address.objects.filter(user=user, is_default_billing=True).count() == 1
