"""The documentation mentions everything that there is, its links lead somewhere, and it speaks of Casepath alone."""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from engine.catalog.check import _REFERENCES
from engine.cli.__main__ import build_parser
from engine.runtime.commands import COMMANDS
from engine.runtime.events import EVENT_KINDS
from engine.settings import Settings, variable
from engine.store.tables import metadata
from tests.test_architecture import LAYERS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
DECISIONS = DOCS / "decisions"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "processes").rglob("README.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
RULE = re.compile(r"[a-z]+(-[a-z]+)*")
# Which argument of what is called names the rule of a finding.
SAYS_A_RULE = dict.fromkeys(("refusal", "finding", "said", "warned", "make", "Finding", "wrong", "_wrong"), 0)
SAYS_A_RULE["PackFinding"] = 1
# Folders of one machine, and words that are about how a text was made instead of what it is about.
FOREIGN = re.compile(r"(?<![\w.])/(work|farm|opt/\w*env|home/\w+|Users/\w+)/|helper[ ]session|issues[ ]show")


def commands(parser: argparse.ArgumentParser, path: str = "casepath") -> Iterator[tuple[str, list[str]]]:
    """Every command with its flags."""
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield path, [flag for action in parser._actions for flag in action.option_strings[-1:]]
    for action in inner:
        for name, command in action.choices.items():
            yield from commands(command, f"{path} {name}")


def rules() -> set[str]:
    """The rules that findings are made with, read from the source of what makes them."""
    found = {f"unknown-{reference.what.replace(' ', '-')}" for reference in _REFERENCES}
    found |= {
        "unknown-category",
        "unknown-priority",
        "unknown-element",
        "unknown-setting",
        "unknown-calendar",
        "unknown-vocabulary",
    }
    for folder in ("spiff", "flow", "catalog", "calendars"):
        for path in (ROOT / "engine" / folder).rglob("*.py"):
            found.update(_rules_of(path))
    return found


def _rules_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            place = SAYS_A_RULE.get(called, len(node.args))
            for rule in node.args[place : place + 1]:
                if isinstance(rule, ast.Constant) and isinstance(rule.value, str):
                    yield rule.value


def page(name: str) -> str:
    """The text of a page of docs/."""
    return (DOCS / name).read_text("utf-8")


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    heads = re.findall(r"^#+ (.*)$", CODE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize(("command", "flags"), list(commands(build_parser())))
def test_every_command_of_the_command_line_has_its_row(command: str, flags: list[str]) -> None:
    (row,) = [line for line in page("reference/cli.md").splitlines() if re.match(rf"\| `{command}[ `]", line)]
    everywhere = {"--help", "--data-dir", "--desk", "--as", "--id", "--json", "--output"}
    assert [flag for flag in flags if flag not in everywhere and f"{flag}" not in row] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_door_has_its_row(name: str) -> None:
    assert f"\n| `{name}` | " in page("reference/commands.md")


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_every_kind_of_event_is_told(kind: str) -> None:
    text = page("reference/events.md")
    assert f"\n| `{kind}` | " in text or f"\n`{kind}` tells" in text


def test_every_fact_of_the_desk_is_told() -> None:
    told = set(re.findall(r"`([a-z_]+)`", page("reference/events.md").partition("## The desk")[2]))
    noted = set()
    for path in (ROOT / "engine").rglob("*.py"):
        noted |= set(re.findall(r"note\(\s*(?:unit, )?\"([a-z_]+)\"", path.read_text("utf-8")))
    assert noted - told == set()
    assert "deployed" in noted and "logged_in" in noted


@pytest.mark.parametrize("name", [item.name for item in fields(Settings)])
def test_every_setting_has_its_row(name: str) -> None:
    assert f"\n| `{variable(name)}` | " in page("operator/settings.md")


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_every_table_is_told(table: str) -> None:
    assert f"\n## {table}\n" in page("reference/tables.md")


def test_every_rule_of_a_finding_has_its_row_and_no_row_is_left_over() -> None:
    found = rules()
    assert {"file-size", "feel", "unfilled", "toml", "called-process"} <= found
    heads = re.findall(r"^\| ((?:`[a-z-]+`(?:, )?)+)", page("reference/lint.md"), re.MULTILINE)
    told = {rule for head in heads for rule in re.findall(r"`([a-z-]+)`", head)}
    assert told == {rule for rule in found if RULE.fullmatch(rule)}


def test_every_decision_is_listed_once_by_its_number_and_its_own_title() -> None:
    listed = re.findall(
        r"^\| (\d+) \| \[(.+)\]\((.+)\) \| \d{4}-\d\d-\d\d \|$", page("decisions/README.md"), re.M
    )
    found = []
    for path in sorted(DECISIONS.glob("[0-9]*.md")):
        number, title = re.fullmatch(r"# (\d+)\. (.+)", path.read_text("utf-8").splitlines()[0]).groups()
        assert path.name.startswith(f"{int(number):04d}-")
        found.append((number, title, path.name))
    assert listed == found
    assert [int(number) for number, *_ in found] == list(range(1, len(found) + 1))


def test_the_layers_of_the_architecture_are_those_that_are_kept() -> None:
    rows = re.findall(r"^\| (\d+)[^|]*\| (.+) \|$", page("architecture.md"), re.MULTILINE)
    told = {
        (part.removesuffix(".py").replace("/", "."), int(level))
        for level, parts in rows
        for part in re.findall(r"`([^`]+)`", parts)
    }
    kept = {
        (name, level)
        for name, level in LAYERS
        if any((ROOT / f"{name.replace('.', '/')}{end}").exists() for end in (".py", "/__init__.py"))
    }
    assert told == kept


def test_every_file_that_a_page_of_the_architecture_names_is_there() -> None:
    named = set(re.findall(r"`((?:engine|webui|tests|processes)/[\w/.]+)`", page("architecture.md")))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    lost = []
    for target in LINK.findall(CODE.sub("", path.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        found = (path.parent / file).resolve() if file else path
        if not found.exists() or (anchor and anchor not in anchors(found.read_text("utf-8"))):
            lost.append(target)
    assert lost == []


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.md")), ids=lambda path: str(path.relative_to(DOCS)))
def test_every_page_can_be_reached_from_the_first(path: Path) -> None:
    assert path in _reached(ROOT / "README.md")


def _reached(first: Path) -> set[Path]:
    pending, reached = [first], set()
    while pending:
        path = pending.pop()
        if path in reached or not path.is_file() or path.suffix != ".md":
            continue
        reached.add(path)
        links = LINK.findall(path.read_text("utf-8"))
        pending += [
            (path.parent / it.partition("#")[0]).resolve() for it in links if not re.match(r"[a-z]+:", it)
        ]
    return reached


def test_the_picture_of_the_readme_is_small() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text("utf-8"))
    assert len(pictures) == 1
    assert (ROOT / pictures[0]).stat().st_size < 250_000


def test_the_repository_speaks_of_casepath_alone() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    files = [ROOT / name for name in names if name] or PAGES
    strays = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in files
        if path.is_file() and path.suffix not in (".png", ".lock")
        for found in FOREIGN.finditer(path.read_text("utf-8", "replace"))
    ]
    assert strays == []
