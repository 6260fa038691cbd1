"""A scenario as its file says it: given, then steps, each with the line on which it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from engine.errors import CasepathError
from engine.feel.temporal import parse_date_time
from engine.records import BY_PLURAL

VERBS = frozenset(
    {
        "open",
        "expect",
        "advance",
        "advance_to",
        "complete",
        "claim",
        "release",
        "assign",
        "reply",
        "message",
        "signal",
        "service",
        "record",
        "cancel",
        "away",
        "back",
        "act",
    }
)
BESIDE = frozenset({"ticket", "refused"})
KEYS = frozenset({"pack", "title", "clock", "settings", "people", "given", "steps"})
GIVEN = frozenset({"services", *BY_PLURAL})
PERSON = frozenset({"roles", "queues", "skills", "away"})


class ScenarioError(CasepathError):
    """A scenario file that can't be run; the text names file and line."""

    def __init__(self, path: Path, line: int, sentence: str) -> None:
        super().__init__(f"{path}:{line}: {sentence}")
        self.path = path
        self.line = line


@dataclass(frozen=True)
class Step:
    """One step: a verb with what belongs to it.

    `ticket` counts the opened tickets from 1 (None is the latest one); `refused` is a part of the sentence with
    which the step must be refused.
    """

    line: int
    verb: str
    value: Any
    ticket: int | None = None
    refused: str | None = None

    def __str__(self) -> str:
        return f"line {self.line}: {self.verb} {self.value}"


@dataclass(frozen=True)
class Script:
    """One scenario: its file, title, pack, first moment (UTC), settings that are not as the pack says, people, what
    services answer, which records there are (by the words for many), and steps."""

    path: Path
    title: str
    pack: str
    clock: datetime
    settings: Mapping[str, Any]
    people: Mapping[str, Mapping[str, Any]]
    services: Mapping[str, Any]
    records: Mapping[str, Any]
    steps: tuple[Step, ...] = field(repr=False)


def read_script(path: Path) -> Script:
    """Read a scenario file. Raises ScenarioError naming file and line."""
    node, content = _load(path)
    if not isinstance(content, dict):
        raise ScenarioError(path, 1, "Expected a scenario with pack, clock and steps, but it is none.")
    lines = {key.value: key.start_mark.line + 1 for key, _ in node.value}
    _refuse_unknown(path, content, KEYS, lines)
    for name in ("pack", "clock", "steps"):
        if name not in content:
            raise ScenarioError(path, 1, f"Expected a scenario with {name}, but it has none.")
    given = mapping(content.get("given"), "given", path, lines.get("given", 1))
    _refuse_unknown(path, given, GIVEN, lines, lines.get("given", 1))
    step_nodes = next(value for key, value in node.value if key.value == "steps")
    return Script(
        path=path,
        title=str(content.get("title") or path.stem.replace("_", " ")),
        pack=str(content["pack"]),
        clock=moment(content["clock"], path, lines["clock"]),
        settings=mapping(content.get("settings"), "settings", path, lines.get("settings", 1)),
        people=_people(path, content, lines),
        services=mapping(given.get("services"), "services", path, lines.get("given", 1)),
        records={name: rows for name, rows in given.items() if name in BY_PLURAL},
        steps=tuple(_steps(path, content["steps"], step_nodes)),
    )


def _people(path: Path, content: Any, lines: Mapping[str, int]) -> dict[str, Mapping[str, Any]]:
    line = lines.get("people", 1)
    people = mapping(content.get("people"), "people", path, line)
    found = {str(name): mapping(facts, str(name), path, line) for name, facts in people.items()}
    for facts in found.values():
        _refuse_unknown(path, facts, PERSON, lines, line)
    return {name: {**facts, **_away(facts, path, line)} for name, facts in found.items()}


def _away(facts: Mapping[str, Any], path: Path, line: int) -> dict[str, Any]:
    """Somebody is away (yes), or until a moment."""
    away = facts.get("away", False)
    return {"away": away if isinstance(away, bool) else moment(away, path, line)}


def moment(value: Any, path: Path, line: int) -> datetime:
    """Return a moment in UTC. Raises ScenarioError for one without a zone: it would mean another in each place."""
    found = parse_date_time(value) if isinstance(value, str) else value
    if not isinstance(found, datetime) or found.tzinfo is None:
        example = "2026-12-04T09:30:00+01:00"
        raise ScenarioError(
            path, line, f"Expected a moment with its zone, such as {example}, but found {value!r}."
        )
    return found.astimezone(UTC)


def mapping(value: Any, name: str, path: Path, line: int) -> Mapping[str, Any]:
    """Return names with values; nothing stands for none. Raises ScenarioError for anything else."""
    if value is not None and not isinstance(value, dict):
        raise ScenarioError(path, line, f"Expected names with values in “{name}”, but found {value!r}.")
    return value or {}


def _load(path: Path) -> tuple[Any, Any]:
    """Return the YAML nodes, which know their lines, and the values."""
    loader = yaml.SafeLoader(path.read_text(encoding="utf-8"))
    try:
        node = loader.get_single_node()
        return node, loader.construct_document(node) if node else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ScenarioError(path, line, f"Expected YAML, but {error.problem}.") from error
    finally:
        loader.dispose()


def _steps(path: Path, found: Any, node: yaml.SequenceNode) -> Iterable[Step]:
    if not isinstance(found, list):
        raise ScenarioError(path, node.start_mark.line + 1, "Expected a list of steps, but it is none.")
    for raw, place in zip(found, node.value, strict=True):
        yield _step(path, raw, place.start_mark.line + 1)


def _step(path: Path, raw: Any, line: int) -> Step:
    verbs = [key for key in raw if key not in BESIDE] if isinstance(raw, dict) else []
    if len(verbs) != 1 or verbs[0] not in VERBS:
        known = ", ".join(sorted(VERBS))
        raise ScenarioError(path, line, f"Expected a step with one of {known}, but found {raw!r}.")
    ticket, refused = raw.get("ticket"), raw.get("refused")
    if not isinstance(ticket, int | None) or not isinstance(refused, str | None):
        raise ScenarioError(
            path, line, "Expected the number of a ticket and the text of a refusal beside the verb."
        )
    return Step(line, verbs[0], raw[verbs[0]], ticket, refused)


def _refuse_unknown(
    path: Path, found: Mapping[str, Any], known: frozenset[str], lines: Mapping[str, int], line: int = 1
) -> None:
    for key in found:
        if key not in known:
            names = ", ".join(sorted(known))
            raise ScenarioError(path, lines.get(key, line), f"Expected one of {names}, but found “{key}”.")
