"""Why a goal is due when it is: its intervals, each with what it used, added up to the due moment.

Everything is counted by the terms that hold at the end of a round, because they make the due moment; what held in an
interval before is told beside it. Sums are computed again from the intervals. Where a recorded sum says something
else, a calendar has had another version since: then the record counts, because the clock has counted by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from engine.calendars import Measure, WorkingCalendar
from engine.goals.meter import Meter
from engine.goals.recorded import Interval, Reading, Standing, way_of
from engine.goals.target import Target

_NOTHING = timedelta()


@dataclass(frozen=True)
class Line:
    """A stretch of a goal's life: running, paused, or met until the ticket was opened again.

    `used` counts from `counts_from`, which is later than `since` where business days begin at the next opening;
    `sum` is what was used until its end, or until now. `recorded`: taken from the record, not computed again.
    """

    status: str
    since: datetime
    until: datetime | None
    reason: str
    counts_from: datetime
    terms: Target | None
    version: str = ""
    used: timedelta | None = None
    sum: timedelta | None = None
    recorded: bool = False


@dataclass(frozen=True)
class Round:
    """One promise, from its start until it was met; only a goal that restarts has several.

    `late` is what the clock ran on after the due moment, as the target is counted. `missed` are the terms by which
    that moment was missed, where others hold since: what was late stays late.
    """

    number: int
    status: str
    terms: Target | None
    version: str
    due: datetime | None
    ended: datetime | None
    late: timedelta
    missed: Target | None
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Explanation:
    """A goal of a ticket, and why. `status`: running, paused, met, met late, breached or ended; the last round's.

    `next_change` is when the calendar of a running clock opens or closes next, where that matters; `reason` says why
    the present interval began, `labels` what the names in reasons are called. `begins_by_state`: the goal
    names the states in which its clock runs. `rule_note` is what the table says beside its rules.
    """

    goal: str
    title: str
    decision: str
    labels: Mapping[str, str]
    status: str
    paused: bool
    reason: str
    calendar: WorkingCalendar | None
    warn: datetime | None
    next_change: datetime | None
    reading: Reading
    rounds: tuple[Round, ...]
    begins_by_state: bool = False
    rule_note: str = ""

    @property
    def never_ran(self) -> bool:
        """Whether the clock has stood still since the ticket's opening: a promise that is nobody's matter yet."""
        return self.paused and not any(_ran(it) for it in self.rounds)

    @property
    def kept(self) -> Round | None:
        """The round that was met last, while the next one waits for the state in which it begins."""
        waits = self.begins_by_state and self.paused and not _ran(self.present)
        return self.rounds[-2] if waits and len(self.rounds) > 1 else None

    @property
    def present(self) -> Round:
        """The round that runs, or ran last."""
        return self.rounds[-1]


def _ran(it: Round) -> bool:
    return any(line.status == "running" for line in it.lines)


def explain(
    standing: Standing,
    intervals: Sequence[Interval],
    meter: Meter,
    now: datetime,
    title: str = "",
    decision: str = "",
    labels: Mapping[str, str] | None = None,
    begins_by_state: bool = False,
    rule_note: str = "",
) -> Explanation:
    """Explain a goal at a moment from all intervals of its clock, in their order."""
    rounds = [_Account(tuple(rows), meter, now) for _, rows in groupby(intervals, lambda it: it.round)]
    target = standing.terms
    calendar = meter.calendar(target.calendar) if target and target.calendar else None
    running = standing.status == "running"
    return Explanation(
        goal=standing.goal,
        title=title or standing.goal,
        decision=decision,
        labels=labels or {},
        status=_status(standing, now),
        paused=standing.status == "paused",
        reason=intervals[-1].reason if intervals and standing.is_open else "",
        calendar=calendar,
        warn=standing.warn_at if running else None,
        next_change=calendar.next_change(now) if running and calendar and _by_hours(target) else None,
        reading=standing.read(meter, now),
        rounds=(*(it.closed() for it in rounds[:-1]), *(it.last(standing, now) for it in rounds[-1:])),
        begins_by_state=begins_by_state,
        rule_note=rule_note,
    )


def _status(standing: Standing, now: datetime) -> str:
    if standing.status == "met":
        return "met late" if standing.breached_at else "met"
    return "breached" if standing.is_open and standing.missed(now) else standing.status


def _by_hours(target: Target | None) -> bool:
    return target is not None and target.counted == "working"


class _Account:
    """The intervals of one round, added up by the terms of the last."""

    def __init__(self, rows: tuple[Interval, ...], meter: Meter, now: datetime) -> None:
        self.rows = rows
        self.now = now
        self.terms = rows[-1].terms
        self.way = way_of(self.terms, meter) if self.terms else None
        self.starts = [self._start(place) for place in range(len(rows))]
        self.booked = self._add_up()

    def closed(self) -> Round:
        """Return a round that is over, because the goal was met and promised anew."""
        due, ended = self._due(), self.rows[-1].until
        late = due is not None and ended is not None and due < ended
        return self._round("met late" if late else "met", due, ended)

    def last(self, standing: Standing, now: datetime) -> Round:
        """Return the round that the clock stands in; while it is open its due moment is the clock's own."""
        due = standing.breached_at or (standing.due_at if standing.is_open else self._due())
        return self._round(_status(standing, now), due, self.rows[-1].until)

    def _round(self, status: str, due: datetime | None, ended: datetime | None) -> Round:
        return Round(
            number=self.rows[-1].round,
            status=status,
            terms=self.terms,
            version=self.rows[-1].version,
            due=due,
            ended=ended,
            late=self._late(due),
            missed=self._missed(due),
            lines=tuple(self._lines()),
        )

    # --- counting ----------------------------------------------------------------------------------------

    def _start(self, place: int) -> datetime:
        """Return from when an interval counts: what a run puts off at its beginning, it doesn't put off again."""
        began = self.rows[self._run(place)].since
        begins = self.way.begins(began) if self.way else began
        return max(begins, self.rows[place].since)

    def _run(self, place: int) -> int:
        """Return the interval with which the clock began to run without standing still in between."""
        while place > 0:
            row, before = self.rows[place], self.rows[place - 1]
            if before.status != "running" or before.until != row.since or row.reason.startswith("state "):
                break
            place -= 1
        return place

    def _add_up(self) -> list[tuple[timedelta, timedelta, bool]]:
        """Return for each interval what it used, the sum at its end, and whether that is the record's."""
        booked, before = [], _NOTHING
        for place in range(len(self.rows)):
            computed = before + self._used(self.way, place)
            recorded = self._recorded(place)
            after = computed if recorded is None else recorded
            booked.append((after - before, after, after != computed))
            before = after
        return booked

    def _used(self, way: Measure | None, place: int) -> timedelta:
        row = self.rows[place]
        if way is None or row.status != "running":
            return _NOTHING
        return way.consumed(self.starts[place], row.until or self.now)

    def _recorded(self, place: int) -> timedelta | None:
        """Return the sum that was recorded at an interval's end, where it was counted as the last terms are."""
        row = self.rows[place]
        said = self.rows[place + 1] if place + 1 < len(self.rows) else row
        return row.sum if row.until and _summed(said.terms) == _summed(self.terms) else None

    def _due(self) -> datetime | None:
        """Return when a round that is over was due: by the interval that reached it, else by the last that ran."""
        due = None
        for place in range(self._settled(), len(self.rows)):
            row = self.rows[place]
            if row.status != "running" or self.terms is None or self.way is None:
                continue
            before = self.booked[place - 1][1] if place else _NOTHING
            due = self.way.due(self.starts[place], max(self.terms.amount - before, _NOTHING))
            if row.until is None or due <= row.until:
                break
        return due

    def _late(self, due: datetime | None) -> timedelta:
        if due is None or self.way is None:
            return _NOTHING
        ran = [
            (start, row) for start, row in zip(self.starts, self.rows, strict=True) if row.status == "running"
        ]
        return sum(
            (self.way.consumed(max(start, due), row.until or self.now) for start, row in ran), _NOTHING
        )

    def _missed(self, due: datetime | None) -> Target | None:
        """Return the terms of a due moment that lies before the last ones came into force."""
        if due is None or due >= self.rows[self._settled()].since:
            return None
        held = [row.terms for row in self.rows if row.since <= due]  # at once is by the new ones
        return held[-1] if held else None

    def _settled(self) -> int:
        """Return the interval from which the last terms hold: a deadline never moves to before that."""
        place = len(self.rows) - 1
        while place and _terms(self.rows[place - 1]) == _terms(self.rows[place]):
            place -= 1
        return place

    # --- telling -----------------------------------------------------------------------------------------

    def _lines(self) -> list[Line]:
        lines: list[Line] = []
        for place, row in enumerate(self.rows):
            before = self.rows[place - 1].until if place else None
            if before is not None and before < row.since:
                lines.append(Line("met", before, row.since, "", before, row.terms, sum=self._sum(place - 1)))
            if row.until != row.since:
                lines.append(self._line(place))
        return lines

    def _line(self, place: int) -> Line:
        row, (used, _, recorded) = self.rows[place], self.booked[place]
        return Line(
            status=row.status,
            since=row.since,
            until=row.until,
            reason=row.reason,
            counts_from=self.starts[place] if row.status == "running" else row.since,
            terms=row.terms,
            version=row.version,
            used=used if self.terms and row.status == "running" else None,
            sum=self._sum(place),
            recorded=recorded,
        )

    def _sum(self, place: int) -> timedelta | None:
        return self.booked[place][1] if self.terms else None


def _summed(target: Target | None) -> tuple[str, str] | None:
    """Say which sum a target is held against: what is rolled forward counts like real time."""
    if target is None:
        return None
    by_calendar = target.counted in ("working", "business_days")
    return (target.counted, target.calendar) if by_calendar else ("elapsed", "")


def _terms(row: Interval) -> tuple[object, ...]:
    return (row.target, row.counted, row.calendar, row.version)
