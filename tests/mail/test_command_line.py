"""`casepath ticket mail`, and the listener that `up` runs where a setting asks for it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.cli.__main__ import main
from engine.errors import InvalidInput
from engine.settings import Settings
from engine.up import children
from tests.mail.desk import HELP, write

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command with bytes on standard input; return its exit status, output and complaints."""
    for name, value in settings.as_environment().items():
        monkeypatch.setenv(name, value)

    def command(*arguments: object, given: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        status = main([str(it) for it in arguments])
        told = capsys.readouterr()
        return status, told.out, told.err

    assert command("deploy", Path("processes/generic_desk"))[0] == 0
    return command


def test_a_mail_on_standard_input_opens_a_ticket_and_the_trail_names_who_brought_it(run: Run) -> None:
    _, added, _ = run("user", "add", "ann", "--name", "Ann", "--role", "agent")
    assert added
    assert run("ticket", "mail", "--desk", "generic_desk", "--as", "ann", given=write()) == (
        0,
        "opened 1\n",
        "",
    )
    again = run("ticket", "mail", "--json", given=write())
    assert (json.loads(again[1])["ticket"], json.loads(again[1])["repeated"]) == (1, True)
    _, trace, _ = run("ticket", "trace", 1, "--json")
    (ann,) = json.loads(run("user", "list", "--json")[1])
    assert json.loads(trace)[0]["data"]["mail"]["brought_by"] == ann["id"]


def test_an_address_that_is_no_desk_s_is_refused_in_a_sentence(run: Run) -> None:
    status, _, complaint = run("ticket", "mail", "--to", "nobody@desk.example", given=write())
    assert (status, complaint) == (
        1,
        "casepath: Expected an address of a desk, but nobody@desk.example is none.\n",
    )


def test_a_mail_that_is_too_large_is_refused_in_a_sentence_and_nothing_is_kept(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEPATH_MAIL_SIZE", "1")
    status, printed, complaint = run("ticket", "mail", given=write() + b"y" * (1 << 20))
    assert (status, printed, complaint) == (
        *(1, ""),
        "casepath: Expected a mail of at most 1 MB, but it is larger; nothing of it was kept. Ask its sender for less"
        " at once, or raise CASEPATH_MAIL_SIZE.\n",
    )
    assert json.loads(run("ticket", "list", "--json")[1]) == []


def test_a_pack_names_the_addresses_of_its_desk_and_a_setting_wins(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = tmp_path / "other"
    (pack / "bpmn").mkdir(parents=True)
    for it in Path("processes/generic_desk").rglob("*"):
        target = pack / it.relative_to("processes/generic_desk")
        target.mkdir(exist_ok=True) if it.is_dir() else target.write_bytes(it.read_bytes())
    manifest = (pack / "pack.toml").read_text().replace('id = "generic_desk"', 'id = "other"')
    (pack / "pack.toml").write_text(f'{manifest}\n[mail]\naddresses = ["{HELP}", "sales@desk.example"]\n')
    assert run("deploy", pack)[0] == 0
    monkeypatch.setenv("CASEPATH_MAIL_DESKS", f"{HELP}=generic_desk")
    for address, desk in ((HELP, "generic_desk"), ("sales@desk.example", "other")):
        run("ticket", "mail", "--to", address, given=write())
        assert json.loads(run("ticket", "list", "--desk", desk, "--json")[1])


def test_up_runs_the_listener_only_where_a_setting_asks_for_it(settings: Settings) -> None:
    def names(told: Settings) -> list[str]:
        return [child.name for group in children(told) for child in group]

    assert "mail" not in names(settings)
    assert "mail" in names(replace(settings, mail_listen="smtp://127.0.0.1:0"))


@pytest.mark.parametrize(
    ("variable", "wrong"),
    [
        ("CASEPATH_MAIL_LISTEN", "127.0.0.1:25"),
        ("CASEPATH_MAIL_LISTEN", "smtp://127.0.0.1"),
        ("CASEPATH_MAIL_LISTEN", "smtp://127.0.0.1:x"),
        ("CASEPATH_MAIL_DESKS", "help@desk.example"),
        ("CASEPATH_MAIL_SIZE", "0"),
    ],
)
def test_a_wrong_setting_is_named(variable: str, wrong: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Settings.read({variable: wrong})
    assert list(refused.value.fields) == [variable]
