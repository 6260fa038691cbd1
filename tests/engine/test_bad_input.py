"""What people get wrong on the command line: each sentence names what, where and the remedy, and nothing is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.engine.test_command_line import Run, desk, run

__all__ = ["desk", "run"]
DESK = Path("processes/generic_desk")
ISP = Path("processes/isp_core")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the bundled desk, to be spoilt."""
    return Path(shutil.copytree(DESK, tmp_path / "pack"))


def spoilt(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_an_unknown_setting_is_refused_with_those_that_are_alike(desk: Run) -> None:
    before = desk("setting", "list")
    status, _, err = desk("setting", "set", "confirm.close_aftr", "PT1H", "--note", "x")
    assert status == 1
    assert err == (
        "casepath: Expected a setting of the pack, but it has no “confirm.close_aftr”. Alike:"
        " confirm.close_after, confirm.remind_after, answer.close_after.\n"
    )
    assert desk("setting", "list") == before


def test_an_unknown_setting_that_is_like_none_is_refused_with_all_that_there_are(desk: Run) -> None:
    _, _, err = desk("setting", "set", "zzz", "1", "--note", "x")
    assert "but it has no “zzz”. It has: ack_counts, answer.close_after, " in err


def test_a_pack_that_names_an_unknown_setting_or_a_missing_form_is_not_deployed(
    desk: Run, pack: Path
) -> None:
    before = desk("ticket", "list")
    spoilt(pack / "bpmn/support_ticket.bpmn", 'setting("triage.within")', 'setting("triage.withn")')
    (pack / "forms/triage.form").unlink()
    status, out, err = desk("deploy", pack)
    assert (status, out) == (1, "")
    assert (
        "bpmn/support_ticket.bpmn:123: error: Expected a setting named “triage.withn” for “Triage ticket”"
        in err
    )
    assert "Expected a form named “triage” for “Triage ticket”, but there is none. Add it to forms/" in err
    assert desk("ticket", "list") == before
    assert "no process changed" in desk("deploy", DESK)[1]


def test_a_placeholder_that_nobody_fills_is_told_when_the_pack_is_deployed(desk: Run, pack: Path) -> None:
    spoilt(pack / "templates/t_ack.md", "Subject: ", "Subject: {{ nobody_fills }} ")
    status, out, _ = desk("deploy", pack)
    assert status == 0
    (line,) = [it for it in out.splitlines() if "nobody_fills" in it]
    assert line == (
        "  templates/t_ack.md:1: warning: Expected a variable that the process writes, but nothing writes"
        " “nobody_fills”. Correct the name, or write the variable before the mail is sent. [unfilled]"
    )


def test_packs_that_extend_each_other_in_a_circle_are_named(run: Run, tmp_path: Path) -> None:
    for one, other in (("here", "there"), ("there", "here")):
        folder = Path(shutil.copytree(ISP, tmp_path / one, ignore=shutil.ignore_patterns("scenarios")))
        spoilt(folder / "pack.toml", 'id = "isp_core"', f'id = "{one}"')
        spoilt(folder / "pack.toml", 'extends = "base"', f'extends = "{other}"')
    status, _, err = run("deploy", tmp_path / "here")
    assert status == 1
    assert (
        "they go round: here → there → here. Let one of them extend nothing, or another one. [extends]" in err
    )


def test_queues_that_nobody_has_are_told_when_a_pack_is_deployed(desk: Run) -> None:
    assert "Nobody has" not in desk("deploy", DESK)[1]  # a desk without people has no first owner yet
    desk("user", "add", "ann", "--name", "Ann", "--role", "agent", "--queue", "tier1")
    told = desk("deploy", DESK)[1]
    assert "Nobody has these queues, so that only leads see what lies in them: " in told
    assert "tier2" in told and "tier1" not in told.partition("Nobody has")[2]
    assert "Give each to somebody: casepath user change LOGIN --queue QUEUE." in told


@pytest.mark.parametrize(
    ("operation", "inputs", "sentence"),
    [
        (
            "payment.refund", '"account": "B", "amount": 1, "currency": "EUR"',
            "it is closed. Open it again first (account.reopen), or name another one.",
        ),
        (
            "payment.refund", '"account": "A", "amount": -0.01, "currency": "EUR"',
            "Expected an amount of more than 0, but it is -0.01.",
        ),
        (
            "payment.refund", '"account": "A", "amount": 1e30, "currency": "EUR"',
            "Expected an amount of at most 1,000,000,000,000, but it is 1E+30.",
        ),
        (
            "equipment.assign", '"account": "A", "serial": "S"',
            "Expected S to be free, but A has it. Take it back first (equipment.return), or give another unit.",
        ),
    ],
)  # fmt: skip
def test_an_operation_that_can_not_be_done_says_why_and_changes_nothing(
    desk: Run, tmp_path: Path, operation: str, inputs: str, sentence: str
) -> None:
    records = tmp_path / "records.jsonl"
    records.write_text(
        '{"kind": "account", "number": "A", "name": "Ann", "currency": "EUR"}\n'
        '{"kind": "account", "number": "B", "name": "Bob", "currency": "EUR", "status": "closed"}\n'
        '{"kind": "payment", "number": "P", "account": "B", "amount": 5}\n'
        '{"kind": "equipment", "serial": "S", "model": "router", "account": "A"}\n'
    )
    assert desk("record", "import", records)[0] == 0
    before = standing(desk)
    status, _, err = desk("record", "do", operation, "--inputs", f"{{{inputs}}}")
    assert status == 1 and sentence in err
    assert standing(desk) == before


def standing(desk: Run) -> list[str]:
    """What both accounts have and have paid."""
    asked = [(area, account) for area in ("equipment.of", "payment.history") for account in "AB"]
    return [
        desk("record", "do", area, "--inputs", f'{{"account": "{account}"}}')[1] for area, account in asked
    ]
