"""What a customer keeps in the account, over HTTP."""

from datetime import UTC, datetime

import pytest
from rest_framework.test import APIClient

from apps.accounts import services
from apps.accounts.models import Address, Session, User

from .factories import PASSWORD, AddressFactory

pytestmark = pytest.mark.django_db(databases=["accounts"])

ADDRESS = {
    "name": "Ada Lovelace",
    "line1": "12 St James's Square",
    "city": "London",
    "postal_code": "sw1y 4jh",
    "country": "GB",
}


class TestMe:
    def test_changes_what_is_sent_and_nothing_else(self, ada_client: APIClient, ada: User) -> None:
        response = ada_client.patch("/api/v1/me/", {"first_name": "Augusta", "email": "evil@example.org"})

        assert response.status_code == 200
        ada.refresh_from_db()
        assert (ada.first_name, ada.last_name, ada.email) == ("Augusta", "Lovelace", "ada@example.org")

    def test_changes_the_password_and_ends_the_other_sessions(self, ada_client: APIClient, ada: User) -> None:
        other = services.log_in(email=ada.email, password=PASSWORD, device=services.Device(), now=datetime.now(UTC))

        response = ada_client.post(
            "/api/v1/me/password/", {"current_password": PASSWORD, "new_password": "another long secret"}
        )

        assert response.status_code == 204
        ada.refresh_from_db()
        assert ada.check_password("another long secret")
        assert not Session.objects.get(id=other.session_id).is_active
        assert Session.objects.filter(is_active=True).count() == 1

    def test_keeps_the_password_from_whoever_does_not_know_it(self, ada_client: APIClient, ada: User) -> None:
        response = ada_client.post(
            "/api/v1/me/password/", {"current_password": "guess", "new_password": "another long secret"}
        )

        assert (response.status_code, response.json()["code"]) == (403, "wrong_password")
        ada.refresh_from_db()
        assert ada.check_password(PASSWORD)


class TestPasswordReset:
    def test_answers_alike_for_any_address(self, client: APIClient, ada: User) -> None:
        known = client.post("/api/v1/auth/password-reset/", {"email": ada.email})
        unknown = client.post("/api/v1/auth/password-reset/", {"email": "nobody@example.org"})

        assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (202, b"")

    def test_sets_a_new_password_once(self, client: APIClient, ada: User) -> None:
        services.request_password_reset(email=ada.email, now=datetime.now(UTC))
        secret = services.reset_secret(reset_id=ada.reset_tokens.get().id)
        body = {"token": secret, "new_password": "another long secret"}

        first = client.post("/api/v1/auth/password-reset/confirm/", body)
        second = client.post("/api/v1/auth/password-reset/confirm/", body)

        assert first.status_code == 204
        assert (second.status_code, second.json()["code"]) == (422, "invalid_reset_token")
        login = client.post("/api/v1/auth/login/", {"email": ada.email, "password": "another long secret"})
        assert login.status_code == 200


class TestAddresses:
    def test_adds_one_as_the_post_writes_it(self, ada_client: APIClient, ada: User) -> None:
        response = ada_client.post("/api/v1/me/addresses/", ADDRESS)

        assert response.status_code == 201
        body = response.json()
        assert (body["postal_code"], body["region"]) == ("SW1Y 4JH", "")
        assert (body["is_default_shipping"], body["is_default_billing"]) == (True, True)
        assert ada_client.get("/api/v1/me/addresses/").json()["results"] == [body]
        assert Address.objects.get().user == ada

    def test_names_each_part_that_will_not_do(self, ada_client: APIClient) -> None:
        wrong = {"name": "Ada", "line1": "1 Main St", "city": "", "region": "XX", "postal_code": "ABC", "country": "US"}

        response = ada_client.post("/api/v1/me/addresses/", wrong)

        assert (response.status_code, response.json()["code"]) == (422, "invalid_address")
        assert response.json()["errors"] == {
            "city": ["An address in US needs this part."],
            "region": ["There is no such part of an address in US."],
            "postal_code": ["There is no such postal code in that part of US. One is 95014."],
        }
        assert Address.objects.count() == 0

    def test_changes_one(self, ada_client: APIClient, ada: User) -> None:
        entry = AddressFactory.create(user=ada)

        response = ada_client.patch(f"/api/v1/me/addresses/{entry.id}/", {"line2": "Floor 2", "label": "Work"})

        assert response.status_code == 200
        assert (response.json()["line2"], response.json()["label"]) == ("Floor 2", "Work")
        assert response.json()["line1"] == "1600 Amphitheatre Parkway"

    def test_deletes_one(self, ada_client: APIClient, ada: User) -> None:
        entry = AddressFactory.create(user=ada)

        assert ada_client.delete(f"/api/v1/me/addresses/{entry.id}/").status_code == 204
        assert ada_client.get(f"/api/v1/me/addresses/{entry.id}/").status_code == 404

    @pytest.mark.parametrize("method", ["get", "patch", "delete"])
    def test_does_not_find_anothers(self, ada_client: APIClient, method: str) -> None:
        theirs = AddressFactory.create()

        response = getattr(ada_client, method)(f"/api/v1/me/addresses/{theirs.id}/")

        assert (response.status_code, response.json()["code"]) == (404, "address_not_found")
        assert Address.objects.get() == theirs
