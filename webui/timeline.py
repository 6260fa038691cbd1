"""A trail as a list to read: lines in order of time, those of one scope after the other under its name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from webui import sentences, times
from webui.saying import Words

DEEPEST = 4  # how far lines are indented


@dataclass(frozen=True)
class Line:
    """What one event tells of one scope, when it happened, and the elements on which sheet it is about."""

    seq: int
    at: str
    when: str
    text: str
    sheet: str
    elements: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """Lines of one scope that follow each other; `where` is "" for the root. `process` names the called process
    that the scope is in, with its version, "" in the root process."""

    where: str
    depth: int
    sheet: str
    process: str
    lines: tuple[Line, ...]


def blocks(events: Iterable[Any], say: Words) -> list[Block]:
    """Return the trail that a person reads."""
    told = ((event, part) for event in events for part in sentences.parts(event, say))
    return [
        _block(path, where, [_line(event, part, say) for event, part in lines], say)
        for (path, where), lines in groupby(told, key=lambda it: (it[1].path, it[1].where))
    ]


def _block(path: str, where: str, lines: list[Line], say: Words) -> Block:
    depth = min(path.count("/") + 1, DEEPEST) if path else 0
    sheet = lines[0].sheet
    outline = say.scopes.outline(sheet)
    process = f"{outline.title}, version {outline.version}" if sheet else ""
    return Block(where, depth, sheet, process, tuple(lines))


def _line(event: Any, part: sentences.Part, say: Words) -> Line:
    when, sheet = times.precise(event.at, say.place), say.scopes.sheet(part.path)
    return Line(event.seq, event.at.isoformat(), when, part.text, sheet, part.elements)
