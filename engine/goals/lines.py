"""An explanation line by line, as people read it on a terminal or on the ticket's page.

The lines of a goal are enough to come to its due moment again: target, way of counting, calendar with its hours and
special days, and for each interval from when until when it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.goals.explaining import Explanation, Line, Round
from engine.goals.target import Target
from engine.goals.telling import amount, hours, left, promise, reason, special_days_of, way

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Term:
    """One thing that holds for a goal: its name, what it is in words, and the ids behind it for who looks closely."""

    name: str
    text: str
    ids: str = ""


@dataclass(frozen=True)
class Voice:
    """How moments and lengths are said: a terminal tells all digits, a page leaves out what is below a second."""

    moment: Callable[[datetime | None], str]
    exact: bool = True

    def length(self, value: timedelta, counted: str) -> str:
        """Say a length as a target is counted."""
        return amount(self._cut(value), counted)

    def left(self, value: timedelta, target: Target | None) -> str:
        """Say how much is left of a target."""
        return left(self._cut(value), target)

    def _cut(self, value: timedelta) -> timedelta:
        return value if self.exact else value // _SECOND * _SECOND


def standing(told: Explanation, say: Voice) -> str:
    """Say how a goal stands: "running, due Sat 2026-03-07 09:30+01:00, 3 h of working time left"."""
    present, parts = told.present, []
    if not told.paused or told.status == "breached":
        parts.append(outcome(present, say))
    if told.paused:
        parts.append(f"paused, {reason(told.reason, told.labels)}")
    if told.reading.left is not None:
        parts.append(say.left(told.reading.left, present.terms))
    return ", ".join(parts)


def outcome(it: Round, say: Voice) -> str:
    """Say what became of a round: "met late Tue …, was due Tue …, 30 min late"."""
    if it.due is None or it.terms is None:
        return it.status if it.terms or it.status in ("met", "ended") else f"{it.status}, no limit"
    verb = "due" if it.status == "running" else "was due"
    ended = f" {say.moment(it.ended)}" if it.ended and it.status.startswith("met") else ""
    late = f", {say.length(it.late, it.terms.counted)} late" if it.late else ""
    return f"{it.status}{ended}, {verb} {say.moment(it.due)}{late}"


def terms(told: Explanation, now: datetime, say: Voice) -> Iterator[Term]:
    """Yield what holds for a goal; nothing where it has no target."""
    target, calendar = told.present.terms, told.calendar
    if target is None:
        return
    source = f", {target.source}" if target.source else ""
    yield Term("target", f"{amount(target.amount, target.counted)}{source}")
    if target.rule:
        yield _rule(told, target)
    yield Term("counted", way(target))
    if calendar is not None:
        version = told.present.version
        yield Term("calendar", f"{calendar.title}, {calendar.zone}", f"{calendar.id}, version {version}")
        if calendar.version != told.present.version:
            yield Term("newer", f"version {calendar.version}, whose hours follow")
        yield Term("hours", hours(calendar))
        for day, text in special_days_of(told, now):
            yield Term("special day", f"{day} {text}")
    if told.present.missed:
        yield Term("missed by", promise(told.present.missed))
    if told.warn:
        yield Term("warning", say.moment(told.warn))
    if told.next_change and calendar:
        does = "opens" if calendar.is_open(told.next_change) else "closes"
        yield Term("next change", f"{does} {say.moment(told.next_change)}")


def _rule(told: Explanation, target: Target) -> Term:
    """A rule is told by what the table says beside it; one without words by its table alone."""
    return Term("rule", told.rule_note or told.decision, f"{target.rule} of decision {told.decision}")


def why(told: Explanation, it: Round, line: Line, say: Voice) -> str:
    """Say why an interval began, and what is special about it."""
    return "; ".join(_why(told, it, line, say))


def _why(told: Explanation, it: Round, line: Line, say: Voice) -> Iterator[str]:
    yield "does not count" if line.status == "met" else reason(line.reason, told.labels)
    if line.counts_from > line.since:
        yield f"counts from {say.moment(line.counts_from)}"
    if promise(line.terms) != promise(it.terms):
        yield f"target then: {promise(line.terms)}"
    if line.recorded:
        version = f" by version {line.version} of the calendar" if line.version else ""
        yield f"as recorded{version}"
