"""What is due on a ticket, as lines that people read: its goals with every interval, then its tasks and timers.

The lines of a goal are enough to come to its due moment again: target, way of counting, calendar with its hours and
special days, and for each interval from when until when it counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

from engine.cli.speaking import print_table
from engine.goals import Explanation, Line, Round
from engine.goals.telling import amount, left, moment, place, promise, reason, special_days_of, way
from engine.goals.telling import hours as hours_of
from engine.reads import Deadline

_WIDTH = 13


def print_goals(goals: Iterable[Explanation], now: datetime, desk: tzinfo) -> None:
    """Print each goal with its reasons, moments in the zone of its calendar, else of the desk."""
    for goal in goals:
        zone = place(goal, desk)
        print(f"{goal.title}: {_standing(goal, zone)}")
        for name, text in _terms(goal, now, zone):
            print(f"  {name:{_WIDTH}}{text}")
        for it in goal.rounds:
            if len(goal.rounds) > 1:
                print(f"  round {it.number}: {_outcome(it, zone)}")
            _print_lines(goal, it, zone)
        print()


def print_dates(deadlines: Sequence[Deadline]) -> None:
    """Print the due moments of tasks and timers, where there are any."""
    rows = [(it.due_at, it.kind, it.name or it.element) for it in deadlines]
    if rows:
        print_table(("due (UTC)", "kind", "where"), rows)


def _standing(goal: Explanation, zone: tzinfo) -> str:
    present = goal.present
    told = [_outcome(present, zone)]
    if goal.status == "running" and goal.reading.left is not None:
        told.append(left(goal.reading.left, present.terms))
    if goal.paused:
        said = f"paused, {reason(goal.reason, goal.labels)}"
        known = goal.reading.left is not None and goal.status == "paused"
        rest = [left(goal.reading.left, present.terms)] if known and goal.reading.left is not None else []
        told = [*([told[0]] if goal.status == "breached" else []), said, *rest]
    return ", ".join(told)


def _outcome(it: Round, zone: tzinfo) -> str:
    if it.due is None:
        return it.status if it.terms or it.status in ("met", "ended") else f"{it.status}, no limit"
    verb = "due" if it.status == "running" else "was due"
    ended = f" {moment(it.ended, zone)}" if it.ended and it.status.startswith("met") else ""
    late = f", {amount(it.late, it.terms.counted)} late" if it.late and it.terms else ""
    return f"{it.status}{ended}, {verb} {moment(it.due, zone)}{late}"


def _terms(goal: Explanation, now: datetime, zone: tzinfo) -> Iterator[tuple[str, str]]:
    target, calendar = goal.present.terms, goal.calendar
    if target is None:
        return
    source = f", {target.source}" if target.source else ""
    yield "target", f"{amount(target.amount, target.counted)}{source}"
    if target.rule:
        yield "rule", f"{target.rule} of decision {goal.decision}"
    yield "counted", way(target)
    if calendar is not None:
        zone_of = f"{calendar.title} ({calendar.id}), {calendar.zone}"
        yield "calendar", f"{zone_of}, version {goal.present.version}"
        if calendar.version != goal.present.version:
            yield "newer", f"version {calendar.version}, whose hours follow"
        yield "hours", hours_of(calendar)
        for day, text in special_days_of(goal, now):
            yield "special day", f"{day} {text}"
    if goal.present.missed:
        yield "missed by", promise(goal.present.missed)
    if goal.warn:
        yield "warning", moment(goal.warn, zone)
    if goal.next_change and calendar:
        does = "opens" if calendar.is_open(goal.next_change) else "closes"
        yield "next change", f"{does} {moment(goal.next_change, zone)}"


def _print_lines(goal: Explanation, it: Round, zone: tzinfo) -> None:
    counted = it.terms.counted if it.terms else "elapsed"

    def length(value: timedelta | None) -> str:
        return "–" if value is None else amount(value, counted)

    head = ("from", "until", "clock", "used", "sum", "why")
    rows = (
        (
            moment(line.since, zone), moment(line.until, zone) or "now", line.status,
            length(line.used), length(line.sum), "; ".join(_why(goal, it, line, zone)),
        )
        for line in it.lines
    )  # fmt: skip
    print_table(head, rows, indent=2)


def _why(goal: Explanation, it: Round, line: Line, zone: tzinfo) -> Iterator[str]:
    yield "does not count" if line.status == "met" else reason(line.reason, goal.labels)
    if line.counts_from > line.since:
        yield f"counts from {moment(line.counts_from, zone)}"
    if line.terms != it.terms and promise(line.terms) != promise(it.terms):
        yield f"target then: {promise(line.terms)}"
    if line.recorded:
        version = f" by version {line.version} of the calendar" if line.version else ""
        yield f"as recorded{version}"
