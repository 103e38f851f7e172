import pytest
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connections

ALIASES = ["accounts", "catalog", "orders", "payments", "notifications"]


class TestServers:
    @pytest.mark.django_db(databases=ALIASES)
    def test_give_every_alias_its_own_database_and_role(self) -> None:
        seen = {}
        for alias in ALIASES:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT current_user, current_setting('fsync'), count(*) >= 0 FROM pg_stat_statements")
                seen[alias] = cursor.fetchone()

        assert seen == {alias: (alias, "on", True) for alias in ALIASES}

    @pytest.mark.usefixtures("servers")
    def test_give_a_cache_and_a_broker(self) -> None:
        cache.set("greeting", "hello", timeout=5)

        assert cache.get("greeting") == "hello"
        with current_app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1)
            assert connection.connected
            assert connection.channel().client.connection_pool.connection_kwargs["db"] == int(
                settings.CELERY_BROKER_URL.rpartition("=")[2]
            )
