"""What a pack says of the document that it was made from: which requirement is met where, and what shows it.

`requirements.toml` beside `pack.toml` holds one entry for each requirement:

    title = "How we support"
    prefix = "S2"
    count = 40

    [covered.S2-06]
    where = ["bpmn/support_ticket.bpmn#triage"]
    shown = ["scenarios/triage_is_judged.yaml"]

A reference that leads nowhere is a finding, so that the list can't outlive what it speaks of. What has no entry is
not covered yet.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.catalog.findings import PackFinding
from engine.catalog.pack import PackSource
from engine.catalog.places import Places

FILE = "requirements.toml"
_KEYS = frozenset({"where", "shown", "note"})
_TOP = frozenset({"title", "prefix", "count", "covered"})
FREE = ("page ", "test ", "cli ", "connector ")
"""What may stand in front of a reference to something that lies outside of the pack."""


@dataclass(frozen=True)
class Covered:
    """One requirement: the places that meet it, what shows that they do, and a word on how."""

    id: str
    where: tuple[str, ...]
    shown: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Requirements:
    """The requirements of one document, `count` of them, whose ids are `prefix` with numbers from 01."""

    title: str
    prefix: str
    count: int
    covered: Mapping[str, Covered] = field(default_factory=dict)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all requirements, in order."""
        return tuple(f"{self.prefix}-{number:02}" for number in range(1, self.count + 1))


def read_requirements(pack: PackSource) -> tuple[Requirements | None, list[PackFinding]]:
    """Return what a pack's own `requirements.toml` says (None where there is none), and what is wrong with it."""
    source = pack.layers[0].files.get(FILE) if pack.layers else None
    if source is None:
        return None, []
    try:
        text = source.decode()
        raw = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return None, [_finding(f"Expected TOML in UTF-8, but: {error}.", "Correct the file there.", None)]
    places = Places(text, FILE)
    found = Requirements(
        title=str(raw.get("title", "")),
        prefix=str(raw.get("prefix", "")),
        count=raw["count"] if isinstance(raw.get("count"), int) else 0,
        covered={key: _covered(key, entry) for key, entry in _entries(raw).items()},
    )
    return found, list(_misshapen(found, raw, places))


def check_requirements(pack: PackSource, known: Mapping[str, Iterable[str]]) -> Iterator[PackFinding]:
    """Yield what is wrong with a pack's requirements; `known` are the names inside of each file, by its path."""
    found, findings = read_requirements(pack)
    yield from findings
    if found is None:
        return
    places = Places(pack.files[FILE].decode(), FILE)
    for entry in found.covered.values():
        line = places.at("covered", entry.id).line
        for reference in (*entry.where, *entry.shown):
            path, _, name = reference.partition("#")
            if reference.startswith(FREE):
                continue
            if path not in known:
                message = f"Expected a file of the pack for {entry.id}, but there is no “{path}”."
                remedy = f"Correct it, or begin with one of: {', '.join(it.strip() for it in FREE)}."
                yield _finding(message, remedy, line)
            elif name and name not in known[path]:
                message = f"Expected “{name}” in {path} for {entry.id}, but there is none."
                yield _finding(message, "Correct the name behind the #.", line)


def _entries(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    entries = raw.get("covered", {})
    return (
        {key: it for key, it in entries.items() if isinstance(it, Mapping)}
        if isinstance(entries, Mapping)
        else {}
    )


def _covered(key: str, entry: Mapping[str, Any]) -> Covered:
    where, shown = (
        tuple(map(str, entry[name])) if isinstance(entry.get(name), list) else ()
        for name in ("where", "shown")
    )
    return Covered(key, where, shown, str(entry.get("note", "")))


def _misshapen(found: Requirements, raw: Mapping[str, Any], places: Places) -> Iterator[PackFinding]:
    if not found.title or not found.prefix or found.count < 1:
        message = "Expected title, prefix and the count of a document's requirements, but one is missing."
        yield _finding(message, 'Write title = "…", prefix = "S1" and count = 40.', 1)
    for key in raw:
        if key not in _TOP:
            message = f"Expected one of {', '.join(sorted(_TOP))}, but found “{key}”."
            yield _finding(message, "Correct or remove the key.", places.at(key).line)
    for key, entry in _entries(raw).items():
        line = places.at("covered", key).line
        if key not in found.ids:
            message = f"Expected one of {found.count} requirements of {found.prefix}, but found {key}."
            yield _finding(message, "Correct the id.", line)
        if unknown := sorted(set(entry) - _KEYS):
            message = f"Expected where, shown or note at {key}, but found {', '.join(unknown)}."
            yield _finding(message, "Correct or remove the key.", line)
        if not found.covered[key].where:
            message = f"Expected {key} to say where it is met, but it names nothing."
            yield _finding(message, 'Write where = ["bpmn/….bpmn#element"], or remove the entry.', line)


def _finding(message: str, remedy: str, line: int | None) -> PackFinding:
    return PackFinding(FILE, "requirements", message, remedy, line)


def as_markdown(documents: Iterable[tuple[str, Requirements]]) -> str:
    """Return the coverage of packs as one page: the sums, then for each document a table of all its requirements."""
    listed = list(documents)
    lines = [
        "# Which requirement is met where",
        "",
        "Printed by `casepath pack coverage` from each pack's `requirements.toml`. `casepath pack check` refuses a",
        "reference there that leads nowhere. *Not yet* is what no entry speaks of.",
        "",
        "| document | pack | requirements | met | shown by a scenario or test |",
        "|---|---|---|---|---|",
        *(_sum(pack, it) for pack, it in listed),
    ]
    for pack, it in listed:
        lines += [
            "",
            f"## {it.prefix}: {it.title}",
            "",
            f"Pack `{pack}`.",
            "",
            "| requirement | where | shown by |",
        ]
        lines += ["|---|---|---|", *(_row(id, it.covered.get(id)) for id in it.ids)]
    return "\n".join(lines) + "\n"


def _sum(pack: str, it: Requirements) -> str:
    met = [it.covered[id] for id in it.ids if id in it.covered]
    return f"| {it.prefix} | {pack} | {it.count} | {len(met)} | {sum(bool(each.shown) for each in met)} |"


def _row(id: str, entry: Covered | None) -> str:
    if entry is None:
        return f"| {id} | not yet | |"
    where = ", ".join(f"`{it}`" for it in entry.where)
    shown = ", ".join(f"`{it}`" for it in entry.shown)
    return f"| {id} | {where}{f' ({entry.note})' if entry.note else ''} | {shown} |"
