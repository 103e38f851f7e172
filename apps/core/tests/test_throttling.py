from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import override_settings
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from apps.core.api.throttling import ScopedThrottle

DOWN = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": "unix:///nowhere/valkey.sock",
    }
}


class Login(APIView):
    authentication_classes = ()
    permission_classes = ()
    throttle_scope = "login"

    def post(self, request):
        return Response({})


class Products(Login):
    throttle_scope = ""


def send(view: type[APIView] = Login, address: str = "10.0.0.1") -> Response:
    return view.as_view()(APIRequestFactory().post("/", REMOTE_ADDR=address))


@pytest.fixture
def three_an_hour(own_cache: None):
    rest_framework = {"DEFAULT_THROTTLE_RATES": {"login": "3/hour"}}
    with override_settings(REST_FRAMEWORK={**api_settings.user_settings, **rest_framework}):
        yield


@pytest.mark.usefixtures("three_an_hour")
class TestScopedThrottle:
    def test_is_the_default(self):
        assert Login.throttle_classes == [ScopedThrottle]

    def test_refuses_past_the_rate_and_says_when_to_come_back(self):
        statuses = [send().status_code for _ in range(4)]
        refusal = send()

        assert statuses == [200, 200, 200, 429]
        assert refusal.data["code"] == "throttled"
        assert 1 <= int(refusal["Retry-After"]) <= 3600

    def test_counts_each_caller_apart(self):
        assert [send(address=f"10.0.0.{n}").status_code for n in range(8)] == [200] * 8

    def test_leaves_views_without_a_scope_alone(self):
        assert [send(Products).status_code for _ in range(8)] == [200] * 8

    def test_lets_no_request_slip_past_among_many_at_once(self):
        with ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(lambda _: send().status_code, range(40)))

        assert statuses.count(200) == 3

    def test_lets_everybody_pass_while_the_cache_is_down(self):
        with override_settings(CACHES=DOWN):
            assert [send().status_code for _ in range(5)] == [200] * 5

    def test_does_not_ask_a_cache_that_failed_a_moment_ago(self):
        with override_settings(CACHES=DOWN):
            send()

        assert [send().status_code for _ in range(5)] == [200] * 5
