import json

import jsonschema
import psycopg
import psycopg.errors
import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions as drf
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from apps.core.api.problems import problem_of
from apps.core.exceptions import DomainError, InvalidInput, NotFound
from apps.core.testing.shared import shared


class InsufficientStock(DomainError):
    """Not enough is left."""

    code = "insufficient_stock"


class Line(serializers.Serializer):
    sku = serializers.CharField()
    quantity = serializers.IntegerField(min_value=1)


class Cart(serializers.Serializer):
    email = serializers.EmailField()
    lines = Line(many=True)

    def validate(self, attrs):
        raise serializers.ValidationError("The cart is closed.")


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def answer(error: Exception) -> Response:
    """Answer a request to a view that raises."""

    class Failing(APIView):
        authentication_classes = ()
        permission_classes = ()

        def get(self, request):
            raise error

    return Failing.as_view()(APIRequestFactory().get("/api/v1/carts/ä b/")).render()


FORESEEN = [
    (InsufficientStock("One is left.", left=1), 409, "insufficient_stock"),
    (NotFound("No such cart."), 404, "not_found"),
    (InvalidInput("Wrong.", errors={"email": ["No."]}), 422, "invalid"),
    (drf.ParseError(), 400, "parse_error"),
    (drf.NotAuthenticated(), 403, "not_authenticated"),
    (drf.AuthenticationFailed(), 403, "authentication_failed"),
    (drf.PermissionDenied(), 403, "permission_denied"),
    (drf.NotFound(), 404, "not_found"),
    (drf.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
    (drf.NotAcceptable(), 406, "not_acceptable"),
    (drf.UnsupportedMediaType("text/plain"), 415, "unsupported_media_type"),
    (drf.Throttled(wait=2.4), 429, "throttled"),
    (drf.ValidationError({"email": ["No."]}), 422, "invalid"),
    (ValidationError({"email": ["No."]}), 422, "invalid"),
    (ValidationError("No."), 422, "invalid"),
    (Http404(), 404, "not_found"),
    (PermissionDenied(), 403, "permission_denied"),
    (SuspiciousOperation(), 400, "bad_request"),
    (RequestDataTooBig(), 413, "content_too_large"),
    (caused(OperationalError(), psycopg.OperationalError()), 503, "database_unavailable"),
    (caused(OperationalError(), psycopg.errors.DeadlockDetected()), 503, "database_busy"),
    (caused(OperationalError(), psycopg.errors.LockNotAvailable()), 503, "database_busy"),
    (InterfaceError(), 503, "database_unavailable"),
]


@pytest.mark.parametrize(("error", "status", "code"), FORESEEN, ids=lambda value: getattr(value, "code", None))
class TestProblemResponse:
    def test_has_a_stable_code(self, error, status, code):
        response = answer(error)

        assert response["Content-Type"] == "application/problem+json"
        assert (response.status_code, response.data["status"], response.data["code"]) == (status, status, code)
        assert response.data["type"] == f"/api/problems/{code}/"
        assert response.data["detail"]
        assert response.data["instance"] == "/api/v1/carts/%C3%A4%20b/"

    def test_follows_the_published_schema(self, error, status, code):
        # As the RFC prints it: a backslash folds a long line.
        printed = shared("conformance/http/rfc9457_problem.schema.json").read_text()
        schema = json.loads(printed.replace("\\\n", ""))

        jsonschema.validate(json.loads(answer(error).content), schema)


class TestMembers:
    def test_hold_what_the_error_knows(self):
        assert answer(InsufficientStock("One is left.", left=1)).data["left"] == 1

    def test_are_never_hidden_by_what_the_error_knows(self):
        data = answer(InsufficientStock("One is left.", status="sold", type="tea")).data

        assert (data["status"], data["type"]) == (409, "/api/problems/insufficient_stock/")

    def test_name_each_wrong_field_wherever_it_is(self):
        cart = Cart(data={"email": "no", "lines": [{"sku": "TEA", "quantity": 1}, {"quantity": 0}]})
        cart.is_valid()

        assert answer(drf.ValidationError(cart.errors)).data["errors"] == {
            "email": ["Enter a valid email address."],
            "lines.1.sku": ["This field is required."],
            "lines.1.quantity": ["Ensure this value is greater than or equal to 1."],
        }

    def test_name_the_whole_where_no_field_is_to_blame(self):
        cart = Cart(data={"email": "ada@example.com", "lines": []})
        cart.is_valid()

        assert answer(drf.ValidationError(cart.errors)).data["errors"] == {"non_field_errors": ["The cart is closed."]}


class TestHeaders:
    @pytest.mark.parametrize(
        ("error", "seconds"),
        [
            (drf.Throttled(wait=2.4), "3"),
            (caused(OperationalError(), psycopg.OperationalError()), "5"),
            (caused(OperationalError(), psycopg.errors.DeadlockDetected()), "1"),
        ],
    )
    def test_say_when_to_come_back(self, error, seconds):
        assert answer(error)["Retry-After"] == seconds

    def test_challenge_who_is_not_known(self):
        error = drf.NotAuthenticated()
        error.auth_header = "Bearer"

        assert problem_of(error).headers == {"WWW-Authenticate": "Bearer"}


class TestUnforeseen:
    def test_is_raised_on(self):
        with pytest.raises(ZeroDivisionError):
            answer(ZeroDivisionError())
