"""Settings: where they come from, what is refused, and that the page lists them all."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import psycopg
import pytest

from engine.embedded import running
from engine.errors import InvalidInput
from engine.settings import APP_ROLE, Settings, variable, with_role

from .programs import ROOT

PAGE = ROOT / "docs" / "operator" / "settings.md"


@pytest.mark.parametrize("name", [item.name for item in fields(Settings)])
def test_the_page_of_settings_lists_it_with_its_default(name: str) -> None:
    (row,) = [line for line in PAGE.read_text().splitlines() if line.startswith(f"| `{variable(name)}` ")]
    default = getattr(Settings(), name)
    told = {True: "yes", False: "no"}.get(default, str(default)) if default != "" else ""
    assert told in row.split("|")[2]


def test_a_flag_wins_over_a_variable_and_a_variable_over_the_default() -> None:
    environment = {"CASEPATH_PORT": "8001", "CASEPATH_WORKERS": "3"}
    settings = Settings.read(environment, {"port": "8002", "workers": None})
    assert (settings.port, settings.workers, settings.host) == (8002, 3, "127.0.0.1")


def test_every_wrong_setting_is_named_by_what_a_person_wrote() -> None:
    with pytest.raises(InvalidInput) as refusal:
        Settings.read({"CASEPATH_REDIS_URL": "localhost:6379", "CASEPATH_PORT": "http"}, {"workers": "0"})
    assert refusal.value.fields == {
        "CASEPATH_REDIS_URL": "Expected CASEPATH_REDIS_URL to be an address that begins with redis: or rediss: or "
        "unix: but it is 'localhost:6379'.",
        "CASEPATH_PORT": "Expected CASEPATH_PORT to be a whole number from 0 to 65535 but it is 'http'.",
        "--workers": "Expected --workers to be a whole number from 1 to 64 but it is '0'.",
    }


def test_an_address_seen_from_outside_is_kept_and_otherwise_follows_host_and_port() -> None:
    assert Settings.read({"CASEPATH_HOST": "::1"}).base_url == "http://[::1]:8080"
    assert (
        Settings.read({"CASEPATH_BASE_URL": "https://help.example.com/"}).base_url
        == "https://help.example.com"
    )


def test_another_process_reads_the_same_settings_from_the_environment(tmp_path: Path) -> None:
    flags = {"data_dir": str(tmp_path), "database_url": "postgresql://u:p@db/casepath", "test_clock": "yes"}
    settings = Settings.read({}, flags)
    assert Settings.read(settings.as_environment()) == settings


def test_the_owner_s_address_given_alone_lays_the_owner_s_rights_off_for_the_application(
    admin_database_url: str, redis_url: str, tmp_path: Path
) -> None:
    given = {"CASEPATH_DATABASE_URL": admin_database_url, "CASEPATH_REDIS_URL": redis_url}
    with running(Settings.read(given, {"data_dir": tmp_path})) as settings:
        assert settings.admin_database_url == admin_database_url
        assert settings.database_url == with_role(admin_database_url, APP_ROLE)
        with psycopg.connect(settings.database_url) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (APP_ROLE,)
        assert len(settings.secret_key) == 64
    assert {path.name for path in tmp_path.iterdir()} == {
        "format",
        "log",
        "secret.key",
    }  # no server was started
