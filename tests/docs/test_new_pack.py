"""`docs/owner/new-pack.md`, followed word by word: its files are written, its commands are run, its outputs come."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.engine.test_command_line import Run, facts, run
from tests.office import office, settings

__all__ = ["office", "run", "settings"]
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "owner" / "new-pack.md"
FENCE = re.compile(
    r"(?:^`(?P<file>[\w./]+)`:\n\n)?^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Step:
    """One fenced block of the guide: a file, commands, or what these print."""

    file: str | None
    kind: str
    body: str


def steps() -> Iterator[Step]:
    for found in FENCE.finditer(GUIDE.read_text("utf-8")):
        yield Step(found["file"], found["kind"], found["body"])


@pytest.fixture
def reader(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Somebody at an installation, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return run


def do(reader: Run, line: str) -> str:
    """Type one line; return what it prints. It must succeed, unless the guide says what comes instead."""
    command, _, instead = line.partition(" || ")
    if not command.startswith("./casepath "):
        return subprocess.run(
            ["sh", "-c", line], check=True, capture_output=True, text=True, timeout=60
        ).stdout
    status, out, err = reader(*shlex.split(command)[1:])
    assert (status != 0) == bool(instead), f"{line}\n{out}{err}"
    return out


def test_the_guide_leads_from_an_empty_folder_to_a_deployed_process(reader: Run, tmp_path: Path) -> None:
    printed = ""
    for step in steps():
        if step.kind == "sh":
            printed = "".join(do(reader, line) for line in step.body.splitlines())
        elif step.kind == "text":
            assert printed == step.body
        else:
            assert step.file, f"Expected the name of a file above:\n{step.body}"
            (tmp_path / step.file).write_text(step.body)
    deployed = facts(reader, "pack", "list", "--deployed")
    assert [(it["desk"], it["process"], it["version"]) for it in deployed] == [  # type: ignore[attr-defined]
        ("lending", "lending", 2),
        ("lending", "lending", 1),
        ("car_pool", "lending", 1),
    ]
    (task,) = facts(reader, "task", "list", "--desk", "lending")  # type: ignore[misc]
    assert task["element"] == "decide"
