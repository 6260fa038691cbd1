"""The command line end to end on a real installation: one day of a script that works tickets."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from engine.bootstrap import open_casepath
from engine.cli.__main__ import main
from engine.settings import Settings

Run = Callable[..., tuple[int, str, str]]
TRIAGED = {"category": "how_to_question", "impact": "low", "urgency": "low", "sla_tier": "standard"}


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command against the test's installation; return its exit status, output and complaints."""
    for name, value in settings.as_environment().items():
        monkeypatch.setenv(name, value)

    def command(*arguments: object) -> tuple[int, str, str]:
        status = main([str(it) for it in arguments])
        told = capsys.readouterr()
        return status, told.out, told.err

    return command


@pytest.fixture
def desk(run: Run) -> Run:
    """An installation with the bundled desk deployed."""
    assert run("deploy", Path("processes/generic_desk"), "--note", "first")[0] == 0
    return run


def facts(run: Run, *arguments: object) -> object:
    status, out, err = run(*arguments, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


def open_ticket(run: Run) -> str:
    said = run(
        "ticket", "new", "--subject", "Where is my invoice?", "--name", "Cara", "--email", "cara@example.com"
    )
    assert said[0] == 0, said
    return said[1].strip()


def test_a_ticket_is_linked_and_shown_with_its_links(desk: Run) -> None:
    one, two = open_ticket(desk), open_ticket(desk)
    assert desk("ticket", "link", one, "caused_by", two) == (0, "", "")
    assert f"  {one} caused by {two}: Where is my invoice?, New" in desk("ticket", "show", two)[1]
    (link,) = facts(desk, "ticket", "show", one)["links"]  # type: ignore[index]
    assert (link["kind"], link["outward"], link["number"]) == ("caused_by", True, int(two))
    status, _, err = desk("ticket", "link", one, "caused_by", 99)
    assert (status, "there is no ticket 99" in err) == (1, True)


def test_a_ticket_is_opened_worked_and_followed_by_script(desk: Run) -> None:
    status, password, _ = desk("user", "add", "ann", "--name", "Ann", "--role", "agent", "--queue", "tier1")
    assert status == 0
    assert password.split()[0] == "ann"
    number = open_ticket(desk)
    (task,) = facts(desk, "task", "list")  # type: ignore[misc]
    assert task["name"] == "Triage ticket"
    assert desk("task", "claim", task["id"], "--as", "ann")[0] == 0
    done = desk("task", "complete", task["id"], "--as", "ann", "--fields", json.dumps(TRIAGED))
    assert done == (0, "", "")
    assert desk("ticket", "entry", number, "--kind", "note", "--body", "Called him", "--as", "ann")[0] == 0
    shown = facts(desk, "ticket", "show", number)
    assert (shown["ticket"]["priority"], shown["ticket"]["status"]) == ("low", "in_progress")  # type: ignore[index]
    assert [entry["author_name"] for entry in shown["entries"]] == ["Ann"]  # type: ignore[index]
    trace = facts(desk, "ticket", "trace", number)
    assert {event["kind"] for event in trace} >= {"ticket_opened", "task_completed", "entry_added"}  # type: ignore[attr-defined]
    status, said, _ = desk("audit", "verify")
    assert (status, "0 broken" in said) == (0, True)


def test_lists_tell_moments_to_the_second(desk: Run) -> None:
    number = open_ticket(desk)
    lists = [desk("task", "list"), desk("ticket", "show", number), desk("ticket", "trace", number)]
    for status, told, _ in lists:
        assert status == 0
        moments = re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S*", told)
        assert moments and all(len(it) == len("2026-11-22 08:21:29") for it in moments), told
    assert "due (UTC)" in lists[0][1]


def test_the_same_command_id_is_done_once(desk: Run) -> None:
    again = (
        "ticket",
        "new",
        "--subject",
        "Once",
        "--name",
        "Cara",
        "--id",
        "0190b5a6-0000-7000-8000-000000000001",
    )
    assert desk(*again)[1] == desk(*again)[1]
    assert len(facts(desk, "ticket", "list")) == 1  # type: ignore[arg-type]


def test_wrong_fields_are_each_told_and_nothing_changes(desk: Run) -> None:
    open_ticket(desk)
    (task,) = facts(desk, "task", "list")  # type: ignore[misc]
    status, _, complaint = desk(
        "task", "complete", task["id"], "--fields", '{"category": "rant", "impact": "huge", "colour": "red"}'
    )
    assert status == 1
    assert all(f"  {field}: Expected" in complaint for field in ("category", "impact", "urgency", "colour"))
    assert len(facts(desk, "task", "list")) == 1  # type: ignore[arg-type]


def test_a_priority_that_the_pack_does_not_know_is_refused_at_its_field(desk: Run) -> None:
    asked = (
        "ticket",
        "new",
        "--subject",
        "x",
        "--name",
        "y",
        "--priority",
        "nope",
        "--category",
        "bug_report",
    )
    status, _, complaint = desk(*asked)
    assert (status, "  priority: Expected one of critical, high, medium, low" in complaint) == (1, True)
    assert "category" not in complaint
    assert facts(desk, "ticket", "list") == []


def test_a_message_nobody_waits_for_says_what_is_awaited(desk: Run) -> None:
    number = open_ticket(desk)
    status, _, complaint = desk("message", "send", "customer_confirmation", "--ticket", number)
    assert (status, "waits for" in complaint) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("ticket", "show", "99"), "Expected ticket 99"),
        (("ticket", "new", "--subject", "x", "--name", "y", "--as", "nobody"), "login 'nobody'"),
        (("message", "send", "m", "--ticket", "1", "--payload", "[1]"), "--payload to be a JSON object"),
        (("export", "support_ticket@9"), "support_ticket@9"),
        (("token", "add", "nobody", "--name", "ci"), "login 'nobody'"),
    ],
)
def test_what_is_not_there_is_told_in_one_sentence(
    desk: Run, arguments: tuple[str, ...], sentence: str
) -> None:
    open_ticket(desk)
    status, out, complaint = desk(*arguments)
    assert (status, out) == (1, "")
    assert sentence in complaint
    assert complaint.count("\n") == 1


def test_a_database_without_tables_is_told_in_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    url = os.environ["CASEPATH_DATABASE_URL"]
    name = url.rpartition("/")[2].partition("?")[0]
    monkeypatch.setenv("CASEPATH_DATABASE_URL", url.replace(name, "postgres"))
    status, _, complaint = run("ticket", "list")
    assert (status, complaint.count("\n")) == (1, 1)


@pytest.mark.parametrize("name", ["no_xml.bpmn", "deep.bpmn"])
def test_lint_names_line_and_rule_in_every_format(run: Run, tmp_path: Path, name: str) -> None:
    bad = tmp_path / name
    bad.write_bytes(b"<not-bpmn>\n</not-bpmn>" if name == "deep.bpmn" else b"no xml at all")
    status, out, _ = run("lint", bad)
    assert (status, f"{bad}:1: error" in out) == (1, True)
    assert json.loads(run("lint", bad, "--format", "json")[1])[0]["line"] == 1
    sarif = json.loads(run("lint", bad, "--format", "sarif")[1])
    assert sarif["runs"][0]["results"][0]["level"] == "error"


def test_the_deployed_diagram_comes_back_byte_for_byte(desk: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written))
    assert main(["export", "support_ticket@1"]) == 0
    assert written.getvalue() == Path("processes/generic_desk/bpmn/support_ticket.bpmn").read_bytes()


def test_feel_and_decisions_answer_on_the_command_line(run: Run, tmp_path: Path) -> None:
    assert run("feel", "sum([1, 2.5]) * n", "--context", '{"n": 2}')[1].strip() == "7"
    table = Path("processes/generic_desk/dmn/priority.dmn")
    inputs = json.dumps({"impact": "high", "urgency": "high", "sla_tier": "standard"})
    assert '"critical"' in run("dmn", "evaluate", table, "--input", inputs)[1]


def test_expressions_ask_for_the_calendars_of_a_pack(run: Run) -> None:
    later = 'string(working time after("support", @"2026-03-02T17:00:00+01:00", duration("PT2H")))'
    assert "2026-03-03T10:00:00" in run("feel", later, "--pack", "tests/packs/promises")[1]
    assert "but none were handed in" in "".join(map(str, run("feel", later)))


def test_the_doctor_finds_a_healthy_installation_well_but_for_what_is_missing(desk: Run) -> None:
    found = {it["what"]: it["well"] for it in json.loads(desk("doctor", "--json")[1])}
    assert found["tables"] and found["Redis"] and found["timers"] and found["incidents"]
    assert not found["PostgreSQL"]  # these servers don't flush to disk, and the doctor says so


def test_nobody_acts_as_somebody_who_has_left(desk: Run, settings: Settings) -> None:
    with closing(open_casepath(settings)) as casepath:
        people, desk_id = casepath.people, casepath.desk().id
        left, _ = people.add(desk_id, casepath.operator, login="lou", name="Lou", roles=["agent"])
        people.change(left, casepath.operator, active=False)
    status, _, err = desk("ticket", "new", "--subject", "x", "--name", "y", "--as", "lou")
    assert status == 1
    assert "Lou no longer does" in err


def test_a_message_by_key_waits_is_listed_and_is_sent_once_and_a_signal_says_who_heard_it(desk: Run) -> None:
    id = "0190b5a6-0000-7000-8000-000000000002"
    send = (
        "message",
        "send",
        "paid",
        "--key",
        "A-1",
        "--payload",
        '{"amount": 7}',
        "--ttl",
        "P2D",
        "--id",
        id,
    )
    assert desk(*send) == desk(*send) == (0, f"{id}  waiting\n", "")
    (listed,) = facts(desk, "message", "list", "--state", "waiting")  # type: ignore[misc]
    assert (listed["name"], listed["key"], listed["payload"]) == ("paid", "A-1", {"amount": 7})
    assert facts(desk, "message", "list", "--state", "delivered") == []
    for wrong, field in (("--ttl", "--ttl"), ("--payload", "--payload")):
        status, _, complaint = desk("message", "send", "paid", "--ticket", "1", wrong, "x")
        assert (status, field in complaint) == (1, True)
    assert "time_to_live: Expected days and time" in desk("message", "send", "paid", "--ttl", "soon")[2]
    assert facts(desk, "signal", "send", "down")["reached"] == 0  # type: ignore[index]
