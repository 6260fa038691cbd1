"""The tables of the BPMN reference that tell how an example runs, played through the engine.

A row says what happens, which elements are entered by it, what the process then waits for and, if it likes, some
variables. What happens is a verb with its objects between backticks; values are FEEL contexts:

    begin `three_doors` by message `outage_reported` with `{region: "north"}`
    complete `look` with `{answer: "yes"}`, or complete the 2nd `ask` where several are open
    `PT4H` pass · message `customer_reply` with … · signal `server_down` with …
    error `CARD_DECLINED` at `charge` with … · retry `wait` with … · skip `wait` · move from `wait` to `pay`
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from engine.calendars import Duration
from engine.decisions import read_dmn
from engine.feel import Surroundings, compile_expression
from engine.spiff import FailureWait, MessageWait, Program, TimerWait, check_diagram
from tests.docs.drawing import EXAMPLES
from tests.parts.spiff.playing import NOON, Play

_CODE = re.compile(r"`([^`]+)`")
_HEAD = "| what happens | elements entered | then waits for |"


@dataclass(frozen=True)
class Row:
    """One line of a table: the verb with its objects, and what is expected of it."""

    happens: str
    entered: list[str]
    waits: list[str]
    variables: Mapping[str, Any]


def stories(page: Path) -> Iterator[list[Row]]:
    """Every table of a page that tells how an example runs."""
    lines = page.read_text("utf-8").splitlines()
    for number, line in enumerate(lines):
        if line.startswith(_HEAD):
            rows = []
            for row in lines[number + 2 :]:
                if not row.startswith("|"):
                    break
                rows.append(_row([cell.strip() for cell in row.strip("|").split("|")]))
            yield rows


def _row(cells: list[str]) -> Row:
    waits = re.findall(r"`(\w+)`( for help)?|(completed|terminated|cancelled)", cells[2])
    values = _CODE.findall(cells[3]) if len(cells) > 3 else []
    return Row(
        happens=cells[0],
        entered=_CODE.findall(cells[1]),
        waits=sorted("".join(parts) for parts in waits),
        variables=value(values[0]) if values else {},
    )


def value(text: str) -> Any:
    """What a FEEL expression without variables gives."""
    return compile_expression(text).evaluate({}, Surroundings(NOON))


@cache
def program() -> Program:
    """All examples together, as a pack would have them."""
    diagrams = []
    for example in sorted(EXAMPLES.glob("*.bpmn")):
        diagram, findings = check_diagram(example.read_bytes(), example.name)
        assert diagram is not None and not findings, [str(finding) for finding in findings]
        diagrams.append(diagram)
    return Program.link(diagrams)


def decide(decision: str, variables: Mapping[str, Any], now: datetime) -> Any:
    """Answer a decision of the examples."""
    path = EXAMPLES / f"{decision}.dmn"
    return read_dmn(path.read_bytes(), path.name).evaluate(decision, variables, Surroundings(now)).value


class Story:
    """A table while it is played."""

    def __init__(self) -> None:
        self.play: Play | None = None
        self._told = 0

    def tell(self, row: Row) -> None:
        """Do what a row says, and hold what came of it against the row."""
        words = _CODE.sub("…", row.happens).partition(" with ")[0]
        codes = _CODE.findall(row.happens)
        values = value(codes.pop()) if " with `" in row.happens else {}
        number = re.search(r"the (\d)(?:st|nd|rd|th) …", words)
        verb = re.sub(r"the \d\w\w ", "", words)
        if verb.startswith("begin"):
            self._begin(verb, codes, values)
        else:
            _VERBS[verb](self, codes, values, int(number[1]) if number else 1)
        assert self._entered() == row.entered, row.happens
        assert self._waits() == row.waits, row.happens
        assert {name: self.play.variables.get(name) for name in row.variables} == row.variables, row.happens

    def _begin(self, verb: str, codes: list[str], values: dict[str, Any]) -> None:
        by = {verb.split()[-2]: codes[1]} if len(codes) > 1 else {}
        self.play = Play(program(), codes[0], by.get("message"), False, decide, values, by.get("signal"))
        self._told = 0

    def _entered(self) -> list[str]:
        path = self.play.path()
        new, self._told = path[self._told :], len(path)
        return new

    def _waits(self) -> list[str]:
        if self.play.run.ended:
            return [self.play.run.ended]
        helps = (" for help" if isinstance(it, FailureWait) else "" for it in self.play.waits)
        return sorted(f"{it.element}{more}" for it, more in zip(self.play.waits, helps, strict=True))

    def _complete(self, codes: list[str], values: dict[str, Any], number: int) -> None:
        wait = [it for it in self.play.waits if it.element == codes[0]][number - 1]
        self.play._step(lambda run: run.complete(wait.id, values))

    def _message(self, codes: list[str], values: dict[str, Any], number: int) -> None:
        (wait,) = [it for it in self.play.waits if isinstance(it, MessageWait) and it.name == codes[0]]
        self.play._step(lambda run: run.deliver(wait.id, values))

    def _pass(self, codes: list[str], values: dict[str, Any], number: int) -> None:
        until = Duration.parse(codes[0]).added_to(self.play.now)
        while due := [it for it in self.play.waits if isinstance(it, TimerWait) and it.due <= until]:
            first = min(due, key=lambda it: it.due)
            self.play.now = first.due
            self.play._step(lambda run, id_=first.id: run.fire(id_))
        self.play.now = until


_VERBS: Mapping[str, Callable[[Story, list[str], dict[str, Any], int], None]] = {
    "complete …": Story._complete,
    "message …": Story._message,
    "… pass": Story._pass,
    "signal …": lambda story, codes, values, _: story.play.broadcast(codes[0], **values),
    "error … at …": lambda story, codes, values, _: story.play.throw_error(codes[1], codes[0], **values),
    "retry …": lambda story, codes, values, _: story.play.retry(codes[0], **values),
    "skip …": lambda story, codes, values, _: story.play.skip(codes[0]),
    "move from … to …": lambda story, codes, values, _: story.play.move(codes[0], codes[1]),
}
