"""A trail as a list to read: in order of time, and what was told of one scope at once under its name.

All that one settlement did happened at the same moment, so its lines may be put together scope by scope: three items
that begin side by side are three blocks, and not three blocks for each kind of event.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    told = ((event, part) for settled in _settlements(events) for event, part in _by_scope(settled, say))
    return [
        _block(path, where, [_line(event, part, say) for event, part in lines], say)
        for (path, where), lines in groupby(told, key=lambda it: (it[1].path, it[1].where))
    ]


def _settlements(events: Iterable[Any]) -> Iterator[list[Any]]:
    """Part a trail where a command, or a timer that was due before it, set the process in motion."""
    settled: list[Any] = []
    for event in events:
        if settled and (event.command_id != settled[-1].command_id or event.kind == "timer_fired"):
            yield settled
            settled = []
        settled.append(event)
    if settled:
        yield settled


def _by_scope(settled: list[Any], say: Words) -> Iterator[tuple[Any, sentences.Part]]:
    scopes: dict[tuple[str, str], list[tuple[Any, sentences.Part]]] = {}
    for event in settled:
        for part in sentences.parts(event, say):
            scopes.setdefault((part.path, part.where), []).append((event, part))
    for told in scopes.values():
        yield from told


def _block(path: str, where: str, lines: list[Line], say: Words) -> Block:
    depth = min(path.count("/") + 1, DEEPEST) if path else 0
    sheet = lines[0].sheet
    outline = say.scopes.outline(sheet)
    process = f"{outline.title}, version {outline.version}" if sheet else ""
    return Block(where, depth, sheet, process, tuple(lines))


def _line(event: Any, part: sentences.Part, say: Words) -> Line:
    when, sheet = times.precise(event.at, say.place), say.scopes.sheet(part.path)
    return Line(event.seq, event.at.isoformat(), when, part.text, sheet, part.elements)
