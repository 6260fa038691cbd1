"""What is due on a ticket, as lines that people read: its goals with every interval, then its tasks and timers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo

from engine.cli.speaking import print_table
from engine.goals import Explanation, Round
from engine.goals.lines import Voice, outcome, standing, terms, why
from engine.goals.telling import moment, place
from engine.reads import Deadline

_WIDTH = 13
_HEAD = ("from", "until", "clock", "used", "sum", "why")


def print_goals(goals: Iterable[Explanation], now: datetime, desk: tzinfo) -> None:
    """Print each goal with its reasons, moments in the zone of its calendar, else of the desk."""
    for goal in goals:
        say = voice(place(goal, desk))
        print(f"{goal.title}: {standing(goal, say)}")
        for term in terms(goal, now, say):
            print(f"  {term.name:{_WIDTH}}{term.text}{f' ({term.ids})' if term.ids else ''}")
        for it in goal.rounds:
            if len(goal.rounds) > 1:
                print(f"  round {it.number}: {outcome(it, say)}")
            _print_lines(goal, it, say)
        print()


def print_dates(deadlines: Sequence[Deadline]) -> None:
    """Print the due moments of tasks and timers, where there are any."""
    rows = [(it.due_at, it.kind, it.name or it.element) for it in deadlines]
    if rows:
        print_table(("due (UTC)", "kind", "where"), rows)


def voice(zone: tzinfo) -> Voice:
    """Return the voice of a terminal: everything exact, in a zone."""
    return Voice(lambda at: moment(at, zone))


def _print_lines(goal: Explanation, it: Round, say: Voice) -> None:
    counted = it.terms.counted if it.terms else "elapsed"
    rows = (
        (
            say.moment(line.since),
            say.moment(line.until) or "now",
            line.status,
            *("–" if length is None else say.length(length, counted) for length in (line.used, line.sum)),
            why(goal, it, line, say),
        )
        for line in it.lines
    )
    print_table(_HEAD, rows, indent=2)
