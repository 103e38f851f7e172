import pytest
from celery import current_app
from django.db import connections
from django.test import Client, override_settings

ALIASES = ("accounts", "catalog", "orders", "payments", "notifications")
NOWHERE = "unix:///nowhere/valkey.sock"


class TestLive:
    def test_answers_without_asking_anybody(self):
        response = Client().get("/health/live")

        assert (response.status_code, response.json()) == (200, {"status": "alive"})
        assert response["Cache-Control"] == "no-store"


@pytest.mark.committed(databases=ALIASES)
class TestReady:
    def ask(self) -> tuple[int, dict[str, object]]:
        response = Client().get("/health/ready")
        return response.status_code, response.json()

    def test_tells_of_each_dependency(self):
        status, body = self.ask()

        assert (status, body["status"]) == (200, "ready")
        assert {alias: one["status"] for alias, one in body["databases"].items()} == dict.fromkeys(ALIASES, "up")
        assert (body["cache"]["status"], body["broker"]["status"]) == ("up", "up")
        assert body["databases"]["orders"]["milliseconds"] >= 0

    def test_is_unavailable_without_a_database(self, monkeypatch):
        monkeypatch.setitem(connections["payments"].settings_dict, "NAME", "nowhere")

        status, body = self.ask()

        assert (status, body["status"]) == (503, "unavailable")
        assert {alias for alias, one in body["databases"].items() if one["status"] == "down"} == {"payments"}

    def test_says_nothing_of_where_things_stand(self, monkeypatch):
        monkeypatch.setitem(connections["payments"].settings_dict, "NAME", "nowhere")

        assert set(self.ask()[1]["databases"]["payments"]) == {"status", "milliseconds"}

    def test_is_degraded_and_ready_without_the_cache(self):
        down = {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": NOWHERE}}
        with override_settings(CACHES=down):
            status, body = self.ask()

        assert (status, body["status"], body["cache"]["status"]) == (200, "degraded", "down")

    def test_is_degraded_and_ready_without_the_broker(self, monkeypatch):
        monkeypatch.setattr(current_app.conf, "broker_write_url", "redis+socket:///nowhere/valkey.sock")

        status, body = self.ask()

        assert (status, body["status"], body["broker"]["status"]) == (200, "degraded", "down")
