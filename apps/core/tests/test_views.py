from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate

from apps.core.api.views import StaffView


class Shelf(StaffView):
    authentication_classes = ()
    permissions = {"GET": "shelves.view", "POST": "shelves.add"}

    def get(self, request: Request) -> Response:
        return Response("seen")

    def post(self, request: Request) -> Response:
        return Response("added")


def ask(method: str, user: Any = None) -> int:
    request = APIRequestFactory().generic(method, "/shelf")
    force_authenticate(request, user)
    return Shelf.as_view()(request).status_code


def granted(*permissions: str) -> Any:
    return SimpleNamespace(is_authenticated=True, has_perm=lambda permission: permission in permissions)


class TestStaffView:
    @pytest.mark.parametrize(("method", "permission"), [("GET", "shelves.view"), ("POST", "shelves.add")])
    def test_lets_in_who_is_granted_what_the_method_needs(self, method: str, permission: str) -> None:
        assert ask(method, granted(permission)) == 200
        assert ask(method, granted({"GET": "shelves.add", "POST": "shelves.view"}[method])) == 403

    def test_lets_nobody_in_who_is_not_signed_in(self) -> None:
        assert {ask("GET"), ask("GET", AnonymousUser())} == {403}

    def test_answers_a_method_it_has_not_with_405(self) -> None:
        assert ask("DELETE", granted("shelves.view")) == 405
