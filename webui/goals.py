"""Goals on pages: how long is left, as it is counted, and the lines that say why."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta, tzinfo
from typing import Any

from engine.deadlines import Nearest, explained, nearest_of
from engine.goals import Explanation, Line, Reading, Round, Target
from engine.goals.lines import Voice, outcome, terms, why
from engine.goals.telling import amount, left, place, reason
from webui import identity, times
from webui.times import SOON, Shown, span

_MINUTE = timedelta(minutes=1)
_BY_CALENDAR = ("working", "business_days")


def of_ticket(number: int, now: datetime, desk: tzinfo) -> list[dict[str, Any]]:
    """Return the goals of a ticket as `ticket/goals.html` shows them.

    None whose clock has never run yet, and none that never had a target: nobody was promised anything.
    """
    casepath = identity.casepath()
    told = explained(casepath.reads, casepath.worlds, identity.desk_id(), number, now)
    return [_goal(it, now, desk) for it in told if not it.never_ran and any(turn.terms for turn in it.rounds)]


def nearest(numbers: Collection[int], now: datetime, desk: tzinfo) -> dict[int, dict[str, Any]]:
    """Return by ticket the title of the goal that is due next, its due moment, and what its clock shows."""
    casepath = identity.casepath()
    found = nearest_of(casepath.reads, casepath.worlds, identity.desk_id(), numbers, now)
    return {number: _nearest(it, now, desk) for number, it in found.items()}


def shown(
    target: Target | None, paused: bool, reading: Reading, due: datetime | None, now: datetime, desk: tzinfo
) -> Shown:
    """Return what an open goal's clock shows; only what counts every hour goes on counting in the browser."""
    if target is None:
        return Shown("none", "no limit")
    exact = times.exact(due, desk)
    if reading.late is not None:
        since = due is not None and now - due == reading.late and not paused
        if since and target.counted not in _BY_CALENDAR:
            return times.deadline(due, now, desk)
        text = f"{_late(reading.late, target)}"
        return Shown("late", f"paused, {text}" if paused else text, exact, _iso(due), ticks=False)
    rest = reading.left or timedelta()
    used = max(0, min(100, round(100 * (1 - rest / target.amount))))
    if not paused and target.counted not in _BY_CALENDAR and due is not None:
        return times.deadline(due, now, desk, used=used)
    if paused:
        return Shown("paused", f"paused, {_left(rest, target)}", used=used)
    return Shown(
        "soon" if rest <= SOON else "running", _left(rest, target), exact, _iso(due), used, ticks=False
    )


def _goal(told: Explanation, now: datetime, desk: tzinfo) -> dict[str, Any]:
    zone = place(told, desk)
    say = Voice(lambda at: moment(at, zone), exact=False)
    return {
        "title": told.title,
        "shown": _shown(told, now, desk),
        "note": _note(told, now, desk),
        "terms": list(terms(told, now, say)),
        "rounds": [
            {
                "head": f"Round {it.number}: {outcome(it, say)}" if len(told.rounds) > 1 else "",
                "lines": [_line(told, it, line, say, zone) for line in it.lines],
            }
            for it in told.rounds
        ],
    }


def _shown(told: Explanation, now: datetime, desk: tzinfo) -> Shown:
    present = told.kept or told.present
    if present.status in ("met", "met late"):
        late = f", {_late(present.late, present.terms)}" if present.late and present.terms else ""
        text = f"met {times.short(present.ended, now, desk)}{late}"
        return Shown("met", text, times.exact(present.ended, desk), ticks=False)
    if told.status == "ended":
        return Shown("paused", "ended with the ticket", ticks=False)
    return shown(present.terms, told.paused, told.reading, present.due, now, desk)


def _note(told: Explanation, now: datetime, desk: tzinfo) -> str:
    """Say beside the chip when it is due, or why the clock stands still."""
    due = times.exact(told.present.due, desk)
    if told.kept:
        return "promised anew when its clock runs again"
    if told.paused:
        why_paused = f"since {reason(told.reason, told.labels)}"
        return f"was due {due}, paused {why_paused}" if due else why_paused
    if told.status == "running":
        return f"due {due}" if due else ""
    return f"was due {due}" if due else ""


def _line(told: Explanation, it: Round, line: Line, say: Voice, zone: tzinfo) -> dict[str, str]:
    counted = it.terms.counted if it.terms else "elapsed"
    used = f" {say.length(line.used, counted)}" if line.used is not None else ""
    in_all = f", {say.length(line.sum, counted)} in all" if line.sum is not None else ""
    return {
        "when": stretch(line.since, line.until, zone),
        "what": f"{line.status}{used}{in_all}",
        "why": why(told, it, line, say),
    }


def _nearest(it: Nearest, now: datetime, desk: tzinfo) -> dict[str, Any]:
    standing = it.standing
    due = standing.breached_at or standing.due_at
    return {
        "title": it.title,
        "due": due,
        "shown": shown(standing.terms, standing.status == "paused", it.reading, due, now, desk),
    }


def moment(at: datetime | None, zone: tzinfo) -> str:
    """Return a moment with its day and zone, to the second where that isn't a whole minute."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y}, {_clock(local)} {local:%Z}"


def stretch(since: datetime, until: datetime | None, zone: tzinfo) -> str:
    """Return an interval: "Mon 2 Mar 2026, 09:30 to 11:00 CET", "… to now"."""
    begin = moment(since, zone)
    if until is None:
        return f"{begin} to now"
    first, last = since.astimezone(zone), until.astimezone(zone)
    if first.date() != last.date() or first.utcoffset() != last.utcoffset():
        return f"{begin} to {moment(until, zone)}"
    return f"{begin.removesuffix(f' {first:%Z}')} to {_clock(last)} {last:%Z}"


def _clock(local: datetime) -> str:
    return local.strftime("%H:%M:%S" if local.second else "%H:%M")


def _left(rest: timedelta, target: Target) -> str:
    if rest < _MINUTE:
        return left(_MINUTE, target).replace("1 min", "under 1 min")
    if target.counted in _BY_CALENDAR:
        return left(rest // _MINUTE * _MINUTE, target)
    return f"{span(rest)} left"


def _late(late: timedelta, target: Target | None) -> str:
    if late < _MINUTE:
        return "just late"
    if target is None or target.counted not in _BY_CALENDAR:
        return f"{span(late)} late"
    words = amount(late // _MINUTE * _MINUTE, target.counted)
    return f"{words} of working time late" if target.counted == "working" else f"{words} late"


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
