"""The embedded servers as the commands of one data folder use them."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import psycopg
import pytest
import redis

from engine.embedded import EmbeddedServers
from engine.embedded.folder import FORMAT, DataFolder, kept

from .programs import (
    another_account,
    folder_of_mode,
    reachable_copy,
    running_program,
    servers_of,
    user_of,
    wait_for_end,
    wait_until,
)

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def can_be_used(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


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


def test_servers_start_under_a_data_path_of_120_characters() -> None:
    with folder_of_mode(0o711) as parent:
        data_dir = parent / "data".ljust(120 - len(str(parent)) - 1, "x")
        assert len(str(data_dir)) == 120
        with EmbeddedServers(data_dir, durable=False) as addresses:
            assert can_be_used(addresses.database_url)
            assert redis.Redis.from_url(addresses.redis_url).ping()


@as_root
def test_root_starts_servers_from_a_home_that_nobody_else_can_enter() -> None:
    with folder_of_mode(0o700) as home:
        with EmbeddedServers(home / "data", durable=False) as addresses:
            assert can_be_used(addresses.database_url)
            server = servers_of(home / "data")["postgres"]
            assert server.uids().effective == another_account().pw_uid
        assert home.stat().st_mode & 0o777 == 0o700


@as_root
def test_data_that_had_to_lie_outside_a_closed_home_is_found_again() -> None:
    with folder_of_mode(0o700) as home:
        for made in ("CREATE TABLE remembered ()", "SELECT * FROM remembered"):
            with (
                EmbeddedServers(home / "data", durable=False) as addresses,
                psycopg.connect(addresses.admin_database_url) as connection,
            ):
                connection.execute(made)


@as_root
def test_an_ordinary_user_starts_servers_of_their_own() -> None:
    account = another_account()
    with folder_of_mode(0o700) as home:
        python, environment = reachable_copy(home / "python")
        os.chown(home, account.pw_uid, account.pw_gid)
        command = (python, *user_of(home / "data")[1:])
        become: dict[str, object] = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        with running_program(*command, cwd="/", env=environment, **become) as program:
            assert can_be_used(json.loads(program.line())["database_url"])
            assert servers_of(home / "data")["postgres"].uids().effective == account.pw_uid
            assert program.end() == 0
        assert not servers_of(home / "data")


def test_the_last_of_several_commands_stops_the_servers(private_data_dir: Path) -> None:
    with (
        running_program(*user_of(private_data_dir)) as first,
        running_program(*user_of(private_data_dir)) as second,
    ):
        addresses = json.loads(first.line())
        assert json.loads(second.line()) == addresses
        assert first.end() == 0
        assert can_be_used(addresses["database_url"])
        assert second.end() == 0
        assert not servers_of(private_data_dir)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_servers_end_with_their_only_command_however_it_ends(private_data_dir: Path, number: int) -> None:
    with running_program(*user_of(private_data_dir)) as program:
        program.line()
        servers = servers_of(private_data_dir)
        assert set(servers) == {"keeper", "postgres", "valkey-server"}
        program.end(number)
        wait_for_end(servers.values())


def test_servers_end_with_their_killed_keeper_and_come_back_where_they_were(private_data_dir: Path) -> None:
    command = EmbeddedServers(private_data_dir, durable=False)
    addresses = command.start()
    servers = servers_of(private_data_dir)
    servers["keeper"].kill()
    wait_for_end([servers["postgres"], servers["valkey-server"]])
    assert command.start() == addresses
    assert can_be_used(addresses.database_url)
    command.stop()
    assert not servers_of(private_data_dir)


@pytest.mark.parametrize("name", ["postgres", "valkey-server"])
def test_a_killed_server_comes_back_at_the_same_address(private_data_dir: Path, name: str) -> None:
    with EmbeddedServers(private_data_dir, durable=False) as addresses:
        victim = servers_of(private_data_dir)[name]
        victim.kill()
        wait_for_end([victim])
        with EmbeddedServers(private_data_dir) as again:
            assert again == addresses
        wait_until(lambda: can_be_used(addresses.database_url), psycopg.OperationalError)
        wait_until(redis.Redis.from_url(addresses.redis_url).ping, redis.ConnectionError)
        assert servers_of(private_data_dir)[name].pid != victim.pid


def test_a_data_folder_of_a_newer_casepath_is_refused(private_data_dir: Path) -> None:
    (private_data_dir / "format").write_text(f"{FORMAT + 1}\n")
    with running_program(*user_of(private_data_dir)) as program:
        assert program.end() == 1
        said = program.popen.stderr.read()
    assert (
        f"Expected the data folder {private_data_dir} to have format {FORMAT} but it has {FORMAT + 1}" in said
    )


def test_data_of_another_postgresql_major_version_is_refused_and_left_alone(private_data_dir: Path) -> None:
    with EmbeddedServers(private_data_dir, durable=False):
        pass
    version = private_data_dir / "postgresql" / "PG_VERSION"
    version.write_text("16\n")
    with running_program(*user_of(private_data_dir)) as program:
        assert program.end() == 1
        assert "Expected PostgreSQL 18 data in" in program.popen.stderr.read()
    assert version.read_text() == "16\n"
    assert not servers_of(private_data_dir)


def test_a_start_that_was_killed_while_making_the_cluster_is_made_again(private_data_dir: Path) -> None:
    (private_data_dir / "postgresql.new").mkdir()
    (private_data_dir / "postgresql.new" / "PG_VERSION").write_text("18\n")
    with EmbeddedServers(private_data_dir, durable=False) as addresses:
        assert can_be_used(addresses.database_url)


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(private_data_dir: Path) -> None:
    secret = DataFolder.open(private_data_dir).path / "secret.key"
    assert kept(secret, lambda: "first") == kept(secret, lambda: "second") == "first"
    assert secret.stat().st_mode & 0o777 == 0o600
