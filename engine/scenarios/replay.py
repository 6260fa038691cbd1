"""A real log driven through a process: each row as its resource, at its moment, on the virtual timeline.

A row means that its activity was completed. So the ticket must have an open task of that name, and it is completed
with `next`, the activity of the case's following row (none where there is none): what the process does not offer
there is refused, and the case has left the process. All rows go in order of time over all cases.

The commands' ids are made from the file's hash and the line. A replay that was stopped finds by them what is done,
goes on behind it, and neither loses nor doubles a row, also where two rows are equal in every column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO
from uuid import UUID

from engine.clock import VirtualClock
from engine.errors import CasepathError, Refused
from engine.runtime.commands import Actor, Command, CompleteTask, OpenTicket, Requester
from engine.scenarios import looking
from engine.scenarios.log import BadRow, Columns, Log, Row, read_log
from engine.scenarios.progress import Progress
from engine.scenarios.stage import Stage
from engine.store import Store
from engine.worlds import Worlds

CHANNEL = "log"
_MARK_EVERY = 500


@dataclass(frozen=True)
class Unplaced:
    """A row that the process has no place for, and why."""

    line: int
    case: str
    sentence: str


@dataclass
class ReplayReport:
    """What came of a replay. `left` names for each case that left the process the line at which it did."""

    rows: int
    tickets: int
    placed: int = 0
    already: int = 0
    unplaced: list[Unplaced] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)
    bad: tuple[BadRow, ...] = ()
    ambiguous: tuple[int, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every row of the file has its place."""
        return not self.unplaced and not self.bad

    def text(self) -> str:
        """Return the report for a terminal, with the line of each row that has no place."""
        told = [f"line {it.line}: {it.sentence}" for it in self.bad]
        told += [f"line {it.line}: {it.case}: {it.sentence}" for it in self.unplaced]
        if self.ambiguous:
            lines = ", ".join(map(str, self.ambiguous[:20]))
            more = ", …" if len(self.ambiguous) > 20 else ""
            told.append(
                f"Times that come twice in that zone were read as the first of the two: line {lines}{more}"
            )
        before = f" ({self.already:,} of them before)" if self.already else ""
        told.append(
            f"{self.tickets:,} tickets, {self.placed + self.already:,} of {self.rows:,} rows placed{before},"
            f" {len(self.unplaced):,} unplaced, {len(self.bad):,} bad."
        )
        return "\n".join(told)


@dataclass
class _Case:
    """A case under way: its ticket, and its open tasks by name (None where they must be looked up)."""

    ticket: int
    tasks: Mapping[str, UUID] | None = None


def replay(
    path: Path,
    store: Store,
    desk_id: int,
    process: str,
    *,
    columns: Columns | None = None,
    zone: str = "Europe/Rome",
    stream: TextIO | None = None,
    worlds: Worlds | None = None,
) -> ReplayReport:
    """Drive a log through the newest version of a process of a desk, and go on where an earlier try stopped.

    `zone` is that of the log's naive times; progress goes to `stream` if it is a terminal. Raises NotFound for a
    process that is not deployed, InvalidInput for a file that is no such log.
    """
    log = read_log(path, columns or Columns(), zone)
    report = ReplayReport(
        len(log.rows) + len(log.bad),
        len({row.case for row in log.rows}),
        bad=log.bad,
        ambiguous=log.ambiguous,
    )
    worlds = worlds or Worlds(store)
    worlds.latest(desk_id, process)
    if log.rows:
        clock = VirtualClock(log.rows[0].at)
        stage = Stage(store, worlds, desk_id, clock, remember=False, assigns=False, changes_records=False)
        _Replay(log, stage, process, report).run(stream)
    return report


class _Replay:
    """One replay under way."""

    def __init__(self, log: Log, stage: Stage, process: str, report: ReplayReport) -> None:
        self.log = log
        self.stage = stage
        self.store, self.desk_id = stage.store, stage.desk_id
        self.process = process
        self.report = report
        program = stage.worlds.latest(self.desk_id, process).program
        self.has_timers = any(it.timer for diagram in program.diagrams for it in diagram.elements.values())
        self.cases: dict[str, _Case] = {}
        self.done = self._done()
        self.marks: list[tuple[Row, int]] = []

    def run(self, stream: TextIO | None) -> None:
        """Drive every row that is not done."""
        progress = Progress(len(self.log.rows), self.report.tickets, stream)
        try:
            for row in self.log.rows:
                self._take(row)
                progress.step(ticket_done=row.next_line is None)
        finally:
            self._mark()
            progress.end()

    def _done(self) -> dict[UUID, int]:
        """Return the tickets of the commands of this file that were done before."""
        ids = [self.log.row_id(row.line) for row in self.log.rows]
        ids += [self.log.row_id(row.line, "open") for row in self.log.rows if row.first]
        return looking.done_commands(self.store, self.desk_id, ids)

    def _take(self, row: Row) -> None:
        """Place a row, or say why it can't be."""
        ticket = self.done.get(self.log.row_id(row.line))
        if ticket is not None:
            self.cases[row.case] = _Case(ticket)
            self.report.already += 1
            self._note(row, ticket)
            return
        if row.case in self.report.left:
            sentence = f"Its case left the process at line {self.report.left[row.case]}."
            self.report.unplaced.append(Unplaced(row.line, row.case, sentence))
            return
        try:
            case = self._place(row)
        except CasepathError as error:
            self._leave(row, error)
            return
        self.report.placed += 1
        self._note(row, case.ticket)

    def _place(self, row: Row) -> _Case:
        if self.has_timers:
            self.stage.advance_to(row.at)
        self.stage.clock.advance_to(row.at)
        case = self.cases.get(row.case) or self._open(row)
        task = self._task(case, row)
        fields = {"next": row.next}
        complete = CompleteTask(
            id=self.log.row_id(row.line),
            desk_id=self.desk_id,
            actor=self._actor(row),
            task_id=task,
            fields=fields,
        )
        self._handle(case, complete)
        return case

    def _actor(self, row: Row) -> Actor:
        """Return the row's resource, which may be somebody's name: the chain keeps an id for ever, and not that."""
        return Actor("log", str(self.log.resource_id(row.resource)), row.resource)

    def _open(self, row: Row) -> _Case:
        """Open the ticket of a case, unless that was the last thing an earlier try did."""
        id = self.log.row_id(row.line, "open")
        case = self.cases[row.case] = _Case(self.done.get(id, 0))
        if not case.ticket:
            opening = OpenTicket(
                id=id,
                desk_id=self.desk_id,
                actor=self._actor(row),
                process=self.process,
                channel=CHANNEL,
                subject=row.case,
                description="",
                requester=Requester(row.case),
                fields={"next": row.activity},
                external_ref=row.case,
            )
            case.ticket = self._handle(case, opening)
        return case

    def _handle(self, case: _Case, command: Command) -> int:
        """Let a command through the door, and keep what is open after it."""
        outcome = self.stage.handle(command)
        opened = (event for event in outcome.events if event.kind == "task_opened")
        case.tasks = {str(event.data["name"]): UUID(str(event.data["task"])) for event in opened}
        return outcome.ticket_number

    def _task(self, case: _Case, row: Row) -> UUID:
        if not case.tasks or row.activity not in case.tasks:
            rows = looking.open_tasks(self.store, self.desk_id, case.ticket)
            case.tasks = {task.name: task.id for task in rows}
        if row.activity not in case.tasks:
            opened = ", ".join(case.tasks) or "nothing"
            raise Refused(f"Expected “{row.activity}” to be open, but open is {opened}.")
        return case.tasks[row.activity]

    def _leave(self, row: Row, error: CasepathError) -> None:
        """The case has left the process: at this row, or at the next one if that is what is not offered."""
        reason: str | None = getattr(error, "fields", {}).get("next")
        line = row.line if reason is None else row.next_line or row.line
        sentence = str(error) if reason is None else f"What follows on line {line} is not offered: {reason}"
        self.report.left[row.case] = line
        self.report.unplaced.append(Unplaced(row.line, row.case, sentence))

    def _note(self, row: Row, ticket: int) -> None:
        self.marks.append((row, ticket))
        if len(self.marks) >= _MARK_EVERY:
            self._mark()

    def _mark(self) -> None:
        """Keep which line became which ticket, for whoever wants the file back in its own order.

        The commands themselves are what is done, so that marks may come late and may come twice.
        """
        log = self.log
        rows = [
            (self.desk_id, log.hash, row.line, ticket, log.row_id(row.line)) for row, ticket in self.marks
        ]
        looking.mark_lines(self.store, rows)
        self.marks.clear()
