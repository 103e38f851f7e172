"""Opening an account and being signed in, over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from rest_framework.test import APIClient

from apps.accounts import services
from apps.accounts.models import Session, User

from .conftest import bearer
from .factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db(databases=["accounts"])

REGISTRATION = {"email": "New@Example.org", "password": PASSWORD, "first_name": "Mary", "last_name": "Shelley"}


class TestRegister:
    def test_opens_an_account_and_signs_in(self, client: APIClient) -> None:
        response = client.post("/api/v1/auth/register/", REGISTRATION)

        assert response.status_code == 201
        body = response.json()
        user = User.objects.get(email="new@example.org")
        assert body["user"] == {
            "id": str(user.id),
            "email": "new@example.org",
            "first_name": "Mary",
            "last_name": "Shelley",
            "phone": None,
            "is_email_verified": False,
            "created_at": body["user"]["created_at"],
        }
        assert (body["token_type"], body["expires_in"]) == ("Bearer", 600)
        assert response["Cache-Control"] == "no-store"
        assert bearer(body["access_token"]).get("/api/v1/me/").json()["roles"] == ["customer"]

    def test_names_an_address_that_is_taken(self, client: APIClient) -> None:
        UserFactory.create(email="new@example.org")

        response = client.post("/api/v1/auth/register/", REGISTRATION)

        assert response.status_code == 409
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["code"] == "email_taken"
        assert response.json()["errors"] == {"email": ["An account with this e-mail address exists."]}
        assert User.objects.count() == 1
        assert Session.objects.count() == 0

    def test_names_every_wrong_field(self, client: APIClient) -> None:
        response = client.post("/api/v1/auth/register/", {"email": "no address", "last_name": ""})

        assert response.status_code == 422
        assert set(response.json()["errors"]) == {"email", "password", "first_name", "last_name"}

    def test_refuses_a_password_that_is_easy(self, client: APIClient) -> None:
        response = client.post("/api/v1/auth/register/", REGISTRATION | {"password": "12345"})

        assert response.status_code == 422
        assert len(response.json()["errors"]["password"]) == 3  # short, common, only digits
        assert User.objects.count() == 0

    def test_is_throttled(self, client: APIClient, settings: LazySettings) -> None:
        settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": {"register": "2/hour"}}
        address = f"2001:db8::{uuid4().hex[:4]}"

        statuses = [client.post("/api/v1/auth/register/", {}, REMOTE_ADDR=address).status_code for _ in range(3)]

        assert statuses == [422, 422, 429]


class TestLogin:
    def test_signs_in_whatever_the_case_of_the_address(self, client: APIClient, ada: User) -> None:
        response = client.post(
            "/api/v1/auth/login/",
            {"email": " ADA@example.org ", "password": PASSWORD},
            REMOTE_ADDR="192.0.2.7",
            HTTP_USER_AGENT="curl/8",
        )

        assert response.status_code == 200
        session = Session.objects.get(user=ada)
        assert (session.ip_address, session.user_agent) == ("192.0.2.7", "curl/8")
        assert response.json()["session_id"] == str(session.id)

    @pytest.mark.parametrize(
        "body",
        [
            {"email": "ada@example.org", "password": "wrong"},
            {"email": "nobody@example.org", "password": PASSWORD},
        ],
    )
    def test_does_not_say_which_of_the_two_is_wrong(self, client: APIClient, ada: User, body: dict[str, str]) -> None:
        response = client.post("/api/v1/auth/login/", body)

        assert response.status_code == 401
        assert response.json()["code"] == "invalid_credentials"
        assert response.json()["detail"] == "The e-mail address or the password is wrong."
        assert Session.objects.count() == 0

    def test_ignores_a_token_sent_along(self, ada: User) -> None:
        response = bearer("rubbish").post("/api/v1/auth/login/", {"email": ada.email, "password": PASSWORD})

        assert response.status_code == 200


class TestRefresh:
    def test_trades_the_token_for_a_new_pair(self, client: APIClient, signed_in: services.SignedIn) -> None:
        response = client.post("/api/v1/auth/refresh/", {"refresh_token": signed_in.refresh_token})

        assert response.status_code == 200
        assert response.json()["session_id"] == str(signed_in.session_id)
        assert response.json()["refresh_token"] != signed_in.refresh_token
        again = client.post("/api/v1/auth/refresh/", {"refresh_token": response.json()["refresh_token"]})
        assert again.status_code == 200

    def test_ends_the_session_of_a_token_shown_twice(
        self, client: APIClient, signed_in: services.SignedIn, django_capture_on_commit_callbacks: Any
    ) -> None:
        newer = client.post("/api/v1/auth/refresh/", {"refresh_token": signed_in.refresh_token}).json()

        with django_capture_on_commit_callbacks(using="accounts", execute=True):
            reused = client.post("/api/v1/auth/refresh/", {"refresh_token": signed_in.refresh_token})

        assert (reused.status_code, reused.json()["code"]) == (401, "refresh_token_reused")
        refused = client.post("/api/v1/auth/refresh/", {"refresh_token": newer["refresh_token"]})
        assert (refused.status_code, refused.json()["code"]) == (401, "session_ended")
        assert bearer(newer["access_token"]).get("/api/v1/me/").status_code == 401

    def test_takes_no_access_token(self, client: APIClient, signed_in: services.SignedIn) -> None:
        response = client.post("/api/v1/auth/refresh/", {"refresh_token": signed_in.access_token})

        assert (response.status_code, response.json()["code"]) == (401, "invalid_token")


class TestAuthentication:
    def test_asks_for_a_token(self, client: APIClient) -> None:
        response = client.get("/api/v1/me/")

        assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
        assert response["WWW-Authenticate"] == 'Bearer realm="api"'

    @pytest.mark.parametrize("token", ["rubbish", "a.b.c", "", "two words", "\xff"])
    def test_refuses_what_is_no_token(self, token: str) -> None:
        response = bearer(token).get("/api/v1/me/")

        assert (response.status_code, response.json()["code"]) == (401, "invalid_token")

    def test_takes_no_refresh_token(self, signed_in: services.SignedIn) -> None:
        assert bearer(signed_in.refresh_token).get("/api/v1/me/").status_code == 401

    def test_refuses_a_token_that_is_too_old(self, ada: User) -> None:
        then = datetime.now(UTC) - timedelta(minutes=11)
        old = services.log_in(email=ada.email, password=PASSWORD, device=services.Device(), now=then)

        assert bearer(old.access_token).get("/api/v1/me/").json()["code"] == "invalid_token"

    def test_costs_no_query(self, ada_client: APIClient, ada: User, django_assert_num_queries: Any) -> None:
        ada_client.get("/api/v1/me/")
        with django_assert_num_queries(2, using="accounts"):  # the account and its roles: what the view itself reads
            response = ada_client.get("/api/v1/me/")

        assert response.status_code == 200


class TestLogout:
    def test_ends_the_session(self, ada_client: APIClient, django_capture_on_commit_callbacks: Any) -> None:
        with django_capture_on_commit_callbacks(using="accounts", execute=True):
            response = ada_client.post("/api/v1/auth/logout/")

        assert response.status_code == 204
        refused = ada_client.get("/api/v1/me/")
        assert (refused.status_code, refused.json()["code"]) == (401, "session_ended")
        assert Session.objects.get().end_reason == "logged_out"


class TestSessions:
    def test_lists_where_one_is_signed_in(self, ada_client: APIClient, ada: User) -> None:
        phone = services.Device(user_agent="phone", ip_address="192.0.2.8")
        services.log_in(email=ada.email, password=PASSWORD, device=phone, now=datetime.now(UTC))
        UserFactory.create()

        results = ada_client.get("/api/v1/auth/sessions/").json()["results"]

        assert [(one["user_agent"], one["is_current"]) for one in results] == [("phone", False), (None, True)]
        assert "jti" not in results[0]

    def test_ends_one(self, ada_client: APIClient, ada: User, django_capture_on_commit_callbacks: Any) -> None:
        other = services.log_in(email=ada.email, password=PASSWORD, device=services.Device(), now=datetime.now(UTC))

        with django_capture_on_commit_callbacks(using="accounts", execute=True):
            response = ada_client.delete(f"/api/v1/auth/sessions/{other.session_id}/")

        assert response.status_code == 204
        assert bearer(other.access_token).get("/api/v1/me/").status_code == 401
        assert ada_client.get("/api/v1/me/").status_code == 200

    def test_does_not_find_anothers(self, ada_client: APIClient) -> None:
        other = UserFactory.create()
        theirs = services.log_in(email=other.email, password=PASSWORD, device=services.Device(), now=datetime.now(UTC))

        response = ada_client.delete(f"/api/v1/auth/sessions/{theirs.session_id}/")

        assert (response.status_code, response.json()["code"]) == (404, "session_not_found")
        assert Session.objects.get(id=theirs.session_id).is_active
