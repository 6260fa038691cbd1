"""The embedded servers as the commands of one data folder use them."""

from __future__ import annotations

import psycopg
import redis


def test_the_application_role_owns_nothing_and_the_owner_role_owns_the_database(
    database_url: str, admin_database_url: str
) -> None:
    with psycopg.connect(database_url) as app, psycopg.connect(admin_database_url) as owner:
        owned = "SELECT pg_get_userbyid(datdba) = current_user FROM pg_database WHERE datname = current_database()"
        assert app.execute(owned).fetchone() == (False,)
        assert owner.execute(owned).fetchone() == (True,)


def test_postgresql_18_and_valkey_listen_on_no_network_port(database_url: str, redis_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        assert connection.info.server_version // 10_000 == 18
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    with redis.Redis.from_url(redis_url) as valkey:
        assert valkey.config_get("port") == {"port": "0"}
