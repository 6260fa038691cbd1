"""What commands say to what can't be meant: a sentence on standard error, 1 for refused, 2 for wrong use."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from uuid import uuid4

import pytest

from engine.bootstrap import open_casepath
from engine.runtime.commands import SYSTEM, OpenTicket, Requester
from engine.settings import Settings
from tests.engine.test_command_line import TRIAGED, Run, desk, facts, open_ticket, run

__all__ = ["desk", "run"]
PACK = "processes/generic_desk"
TABLE = f"{PACK}/dmn/priority.dmn"


@pytest.mark.parametrize(
    "arguments",
    [
        ("lint", "no_such.bpmn"),
        ("lint", "/"),
        ("dmn", "evaluate", "no_such.dmn"),
        ("dmn", "tck", "no_such_folder"),
        ("dmn", "evaluate", TABLE, "--input", "{"),
        ("dmn", "evaluate", TABLE, "--input", "[]"),
        ("feel", "1", "--context", "{"),
        ("feel", "1", "--context", "[]"),
        ("feel", "1", "--context", "[" * 100_000),
        ("ticket", "list", "--data-dir", "/dev/null"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(run: Run, arguments: tuple[str, ...]) -> None:
    status, out, complaint = run(*arguments)
    assert (status, out) == (1, "")
    assert complaint.startswith("casepath: Expected ")
    assert complaint.count("\n") == 1


def test_of_several_desks_one_must_be_named(desk: Run) -> None:
    assert desk("deploy", "tests/packs/credit_check")[0] == 0
    status, _, complaint = desk("ticket", "list")
    assert status == 1
    assert complaint == (
        "casepath: Expected the key of a desk, as there are several (generic_desk, credit_check), "
        "but got none; a command names it by --desk.\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("replay", "no_such.csv", "--pack", PACK),
        ("scenario", "run", f"{PACK}/scenarios/reopened.yaml", "--junit", "/no/such/folder.xml"),
        ("audit", "export", "-o", "/"),
        ("audit", "export", "--process", "no_such"),
        ("audit", "verify", "--ticket", "0"),
        ("audit", "verify", "--ticket", "-1"),
        ("ticket", "deadlines", "99999999999999999999"),
        ("user", "add", "eve", "--name", "Eve", "--email", "nowhere"),
        ("token", "add", "ann", "--name", " "),
    ],
)
def test_what_leads_nowhere_is_refused_and_named(desk: Run, arguments: tuple[str, ...]) -> None:
    desk("user", "add", "ann", "--name", "Ann")
    status, out, complaint = desk(*arguments)
    assert (status, out) == (1, "")
    assert complaint.startswith("casepath: Expected ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("ticket", "list", "--query", "half a pair \udcff"),
        ("bench", "step", "--clients", "0"),
        ("bench", "loop", "--rounds", "-3"),
        ("ticket", "show", "one"),
    ],
)
def test_wrong_use_ends_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*arguments)
    assert ended.value.code == 2


def test_a_search_for_an_endless_word_finds_nothing(desk: Run) -> None:
    open_ticket(desk)
    assert desk("ticket", "list", "--query", "x" * 100_000)[0] == 0


def test_a_case_named_by_a_superscript_is_exported(desk: Run, settings: Settings) -> None:
    with closing(open_casepath(settings)) as casepath:
        command = OpenTicket(
            id=uuid4(), desk_id=casepath.desk(None).id, actor=SYSTEM, process="support_ticket", channel="phone",
            subject="Order", description="", requester=Requester("Cara"), external_ref="²",
        )  # fmt: skip
        casepath.engine.handle(command)
    (task,) = facts(desk, "task", "list")  # type: ignore[misc]
    assert desk("task", "complete", task["id"], "--fields", json.dumps(TRIAGED))[0] == 0
    status, log, _ = desk("audit", "export")
    assert (status, log.splitlines()[1].split(",")[:2]) == (0, ["²", "Triage ticket"])


@pytest.mark.parametrize("part", ["migrate", "worker"])
def test_a_part_whose_servers_are_away_says_so_in_one_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setenv("CASEPATH_ADMIN_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    monkeypatch.setenv("CASEPATH_REDIS_URL", "redis://127.0.0.1:1/0")
    status, out, complaint = run(part)
    assert (status, out) == (1, "")
    assert complaint.startswith("casepath: Expected ")
    assert "to answer" in complaint.splitlines()[-1 if part == "worker" else 0]


def test_pages_alone_say_where_the_port_is_taken(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        status, _, complaint = run("web", "--port", taken.getsockname()[1])
    assert (status, complaint.count("to be free")) == (1, 1)
