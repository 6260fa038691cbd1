"""`casepath up`, from the command line to the first page and back to nothing."""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import pytest

from engine.embedded import Addresses, EmbeddedServers
from engine.embedded.folder import FORMAT

from .programs import (
    Program,
    another_account,
    folder_of_mode,
    reachable_copy,
    running_program,
    servers_of,
    wait_for_end,
    wait_until,
)

UP = ("-m", "engine.cli", "up", "--port", "0", "--workers", "1")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


class Installation:
    """A running `up` and what it printed."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.said = program.lines_until("Casepath is at")
        self.address = re.search(r"http://\S+", self.said[-1])[0]

    def answers(self) -> bool:
        with urllib.request.urlopen(f"{self.address}/healthz", timeout=30) as answer:
            return answer.status == 200

    def processes(self) -> list[psutil.Process]:
        return psutil.Process(self.program.popen.pid).children(recursive=True)

    def child(self, name: str) -> psutil.Process:
        (found,) = [it for it in self.processes() if _command(it)[-1:] == [name]]  # none while it is replaced
        return found


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:  # it ended while it was looked at
        return []


@contextmanager
def up(data_dir: Path, *flags: str, python: str = sys.executable, **popen: object) -> Iterator[Installation]:
    command = (python, *UP, "--data-dir", str(data_dir), *flags)
    with running_program(*command, **popen) as program:
        yield Installation(program)
        program.end(signal.SIGTERM)


def refusal(*flags: str, **environment: str) -> str:
    """Run `up` with flags that it refuses; return the one sentence that it says."""
    with running_program(sys.executable, *UP[:3], *flags, env=environment) as program:
        assert program.popen.wait(60) == 1
        said = program.popen.stderr.read()
        assert program.popen.stdout.read() == ""
    assert said.count("\n") == 1, said
    return said


def tickets(url: str) -> int:
    """How many tickets the desk with the most of them has."""
    with psycopg.connect(url) as connection:
        most = "SELECT count(*) FROM ticket GROUP BY desk_id ORDER BY 1 DESC LIMIT 1"
        return connection.execute(most).fetchone()[0]


@dataclass(frozen=True)
class Started:
    """What could be seen of an installation with samples while it ran."""

    logins: list[str]
    tickets: int

    @classmethod
    def see(cls, data_dir: Path) -> Started:
        with up(data_dir) as installation, EmbeddedServers(data_dir) as addresses:
            assert installation.answers()
            logins = [line for line in installation.said if re.search(r"\(.*(owner|agent|auditor)", line)]
            return cls(logins, tickets(addresses.admin_database_url))


@pytest.fixture(scope="module")
def stopped_installation() -> Iterator[tuple[Path, Started]]:
    """A data folder on which `up` ran once, with samples, and what was seen of it."""
    with folder_of_mode(0o711) as folder:
        yield folder / "data", Started.see(folder / "data")


def test_the_first_up_brings_fewer_than_20_tickets_and_people_of_several_roles(
    stopped_installation: tuple[Path, Started],
) -> None:
    _, first = stopped_installation
    assert len(first.logins) >= 3
    assert 5 <= first.tickets < 20


def test_a_second_up_on_the_same_folder_goes_on_where_the_first_was(
    stopped_installation: tuple[Path, Started],
) -> None:
    data_dir, first = stopped_installation
    assert Started.see(data_dir) == first


def test_sample_passwords_are_kept_where_only_their_owner_can_read_them(
    stopped_installation: tuple[Path, Started],
) -> None:
    data_dir, first = stopped_installation
    passwords = [line.split()[1] for line in first.logins]
    files = [it for it in data_dir.glob("*") if it.is_file()]
    (kept,) = [it for it in files if all(password in it.read_text() for password in passwords)]
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_leave_nothing_running(private_data_dir: Path, number: int) -> None:
    with up(private_data_dir, "--no-samples") as installation:
        everything = [*installation.processes(), *servers_of(private_data_dir).values()]
        assert len(everything) >= 6
        assert installation.program.end(number) == 0
        assert not [process for process in everything if process.is_running()]


def test_sigterm_while_it_is_still_setting_up_leaves_nothing_running(private_data_dir: Path) -> None:
    with running_program(sys.executable, *UP, "--data-dir", str(private_data_dir)) as program:
        wait_until((private_data_dir / "keeper.json").exists, OSError)
        servers = servers_of(private_data_dir)
        assert program.end(signal.SIGTERM) == 0
        assert program.popen.stdout.read() == "Stopped.\n"
        assert not servers_of(private_data_dir)
        wait_for_end(servers.values())


@pytest.mark.parametrize("name", ["web", "scheduler", "worker"])
def test_a_killed_child_of_up_comes_back(private_data_dir: Path, name: str) -> None:
    with up(private_data_dir, "--no-samples") as installation:
        victim = installation.child(name)
        victim.kill()
        assert f"{name}" in installation.program.line()
        wait_until(lambda: installation.child(name).pid != victim.pid, ValueError)
        wait_until(installation.answers, OSError)


def test_everything_ends_with_an_up_that_is_killed(private_data_dir: Path) -> None:
    with up(private_data_dir, "--no-samples") as installation:
        everything = [*installation.processes(), *servers_of(private_data_dir).values()]
        installation.program.end(signal.SIGKILL)
        wait_for_end(everything)


@as_root
def test_root_runs_it_in_a_home_that_nobody_else_can_enter() -> None:
    with folder_of_mode(0o700) as home, up(home / "data", "--no-samples") as installation:
        assert installation.answers()
        assert home.stat().st_mode & 0o777 == 0o700


@as_root
def test_an_ordinary_user_runs_it() -> None:
    account = another_account()
    with folder_of_mode(0o700) as home:
        python, environment = reachable_copy(home / "python")
        os.chown(home, account.pw_uid, account.pw_gid)
        become: dict[str, object] = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        with up(
            home / "data", "--no-samples", python=python, env=environment, cwd="/", **become
        ) as installation:
            assert installation.answers()
            assert {it.uids().effective for it in installation.processes()} == {account.pw_uid}


def test_it_runs_under_a_data_path_of_120_characters() -> None:
    with folder_of_mode(0o711) as parent:
        data_dir = parent / "data".ljust(120 - len(str(parent)) - 1, "x")
        assert len(str(data_dir)) == 120
        with up(data_dir, "--no-samples") as installation:
            assert installation.answers()


def test_given_servers_are_used_and_none_is_started(
    tmp_path: Path, servers: Addresses, fresh_database: str, redis_url: str
) -> None:
    given = {"CASEPATH_DATABASE_URL": fresh_database, "CASEPATH_REDIS_URL": redis_url}
    with up(tmp_path, env=given) as installation:
        assert installation.answers()
        assert not servers_of(tmp_path)
        assert tickets(fresh_database) > 4


def test_without_samples_a_one_time_link_for_the_first_owner_of_each_desk_is_printed(
    private_data_dir: Path,
) -> None:
    with up(
        private_data_dir, "--no-samples", env={"CASEPATH_PACKS": "generic_desk lakelink"}
    ) as installation:
        links = [line for line in installation.said[:-1] if installation.address in line]
        assert len(links) == len({line.partition(":")[0] for line in links}) > 1
        for link in links:
            found = re.search(r"http://\S+", link)[0]
            with urllib.request.urlopen(found, timeout=30) as answer:
                assert answer.status == 200


def test_a_pack_that_is_not_there_gets_no_desk_and_a_sentence(tmp_path: Path) -> None:
    command = (sys.executable, *UP, "--data-dir", str(tmp_path), "--no-samples")
    with running_program(*command, env={"CASEPATH_PACKS": "generic_desk, nothing"}) as program:
        assert program.popen.wait(120) == 1
        assert "in CASEPATH_PACKS, but it names nothing." in program.popen.stderr.read()


def test_every_bundled_pack_gets_a_desk_where_none_is_named(private_data_dir: Path) -> None:
    with up(private_data_dir, env={"CASEPATH_PACKS": ""}) as installation:
        deployed = [line for line in installation.said if line.startswith("Deployed ")]
        assert len(deployed) == 5
        assert installation.answers()


def test_a_taken_port_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refusal("--port", str(port), "--data-dir", str(tmp_path / "data"))
    assert said.startswith(f"casepath: Expected port {port} on 127.0.0.1 to be free but")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "help.example.com"])
def test_sample_people_are_never_served_to_other_machines(tmp_path: Path, host: str) -> None:
    said = refusal("--host", host, "--data-dir", str(tmp_path / "data"))
    assert said == (
        f"casepath: Expected --no-samples with --host {host} but sample people would be open to other machines.\n"
    )
    assert not (tmp_path / "data").exists()


def test_sample_people_of_an_earlier_start_are_not_served_to_other_machines_either(
    stopped_installation: tuple[Path, Started],
) -> None:
    data_dir, _ = stopped_installation
    said = refusal("--no-samples", "--host", "0.0.0.0", "--data-dir", str(data_dir))
    assert f"but {data_dir} has some; give another --data-dir." in said


def test_a_data_folder_of_a_newer_casepath_is_refused_in_one_sentence(private_data_dir: Path) -> None:
    (private_data_dir / "format").write_text(f"{FORMAT + 1}\n")
    assert "a newer Casepath made it" in refusal("--port", "0", "--data-dir", str(private_data_dir))


def test_data_of_another_postgresql_is_refused_in_one_sentence(private_data_dir: Path) -> None:
    (private_data_dir / "postgresql").mkdir()
    (private_data_dir / "postgresql" / "PG_VERSION").write_text("16\n")
    said = refusal("--port", "0", "--data-dir", str(private_data_dir))
    assert "Expected PostgreSQL 18 data in" in said
    assert not servers_of(private_data_dir)
