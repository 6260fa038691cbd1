"""A real log through the one door: every row has its place or is named, and the log comes out as it went in."""

from __future__ import annotations

import csv
import io
import random
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from engine.audit.export_csv import csv_lines
from engine.catalog.pack import read_pack
from engine.deployments import Deployments
from engine.errors import InvalidInput
from engine.reads import Reads
from engine.runtime.commands import SYSTEM
from engine.scenarios.log import Columns, read_log
from engine.scenarios.progress import Progress
from engine.scenarios.replay import ReplayReport, replay
from engine.scenarios.stage import Stage
from engine.spiff import check_diagram
from engine.store import Store
from tests.packs.conftest import HELPDESK, NOW, ROOT
from tests.packs.italian_helpdesk.make_process import Drawing, Relation, document

SMALL = HELPDESK / "small_log.csv"
BIG = ROOT.parent / "shared" / "data" / "helpdesk.csv"
ROME = ZoneInfo("Europe/Rome")
HEADER = "Case ID,Activity,Resource,Complete Timestamp\n"
needs_the_big_log = pytest.mark.skipif(not BIG.exists(), reason="../shared/data/helpdesk.csv is not here")


def driven(path: Path, store: Store, desk: int) -> ReplayReport:
    return replay(path, store, desk, "helpdesk")


def exported(store: Store, desk: int) -> list[list[str]]:
    """The first four columns of the export, header first."""
    text = "".join(csv_lines(Reads(store).completed_work(desk), ROME))
    return [row[:4] for row in csv.reader(io.StringIO(text, newline=""))]


def four_columns(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return [row[:4] for row in csv.reader(file)]


def counts(store: Store, desk: int) -> tuple[int, int, int]:
    """How many tickets there are, how many are closed, how many tasks were completed."""
    sql = """SELECT (SELECT count(*) FROM ticket WHERE desk_id = %(desk)s),
        (SELECT count(*) FROM ticket WHERE desk_id = %(desk)s AND closed_at IS NOT NULL),
        (SELECT count(*) FROM task WHERE desk_id = %(desk)s AND state = 'completed')"""
    with store.transaction() as connection:
        found = connection.execute(sql, {"desk": desk}).fetchone()
    assert found is not None
    return found


def written(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def test_every_row_of_a_log_has_its_place(store: Store, helpdesk: int) -> None:
    report = driven(SMALL, store, helpdesk)
    assert report.ok, report.text()
    assert (report.tickets, report.placed, report.unplaced) == (6, 29, [])
    assert counts(store, helpdesk) == (6, 4, 29)  # cases 4 and 5 never close: their tickets stay open


def test_the_log_comes_out_as_it_went_in(store: Store, helpdesk: int) -> None:
    driven(SMALL, store, helpdesk)
    assert exported(store, helpdesk) == four_columns(SMALL)
    assert Reads(store).verify_desk(helpdesk).ok


def test_each_row_is_done_by_its_resource_at_its_moment(store: Store, helpdesk: int) -> None:
    driven(SMALL, store, helpdesk)
    sql = """SELECT closed_by_name, closed_at, timeline FROM task
             WHERE desk_id = %s AND name = 'Take in charge ticket' AND closed_by_name = 'Value 1'"""
    with store.transaction() as connection:
        found = connection.execute(sql, (helpdesk,)).fetchall()
    assert found == [("Value 1", datetime(2012, 3, 5, 8, 0, tzinfo=UTC), "virtual")]


def test_no_resource_of_a_log_stands_in_the_chain_by_name(store: Store, helpdesk: int) -> None:
    driven(SMALL, store, helpdesk)
    with store.transaction() as connection:
        rows = connection.execute("SELECT bytes FROM trail WHERE desk_id = %s", (helpdesk,)).fetchall()
    chained = b"".join(bytes(row[0]) for row in rows)
    assert b'"kind":"log"' in chained
    assert b"Value" not in chained
    shown = {it.actor.name for it in Reads(store).trace(helpdesk, 1) if it.actor.kind == "log"}
    assert shown
    assert all(name.startswith("Value ") for name in shown)


def test_a_second_replay_of_the_same_file_changes_nothing(store: Store, helpdesk: int) -> None:
    driven(SMALL, store, helpdesk)
    again = driven(SMALL, store, helpdesk)
    assert (again.ok, again.placed, again.already) == (True, 0, 29)
    assert counts(store, helpdesk) == (6, 4, 29)


class Stopped(BaseException):
    """Somebody pressed Ctrl-C."""


@pytest.mark.parametrize("after", [1, 2, 3, 7, 20, 34])
def test_a_replay_that_was_stopped_goes_on_and_loses_and_doubles_nothing(
    store: Store, helpdesk: int, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    through, done = Stage.handle, 0

    def stopping(self: Stage, command: object) -> object:
        nonlocal done
        outcome = through(self, command)  # type: ignore[arg-type]
        done += 1
        if done == after:
            raise Stopped  # the command is committed, nobody has noted it yet
        return outcome

    with monkeypatch.context() as patched, pytest.raises(Stopped):
        patched.setattr(Stage, "handle", stopping)
        driven(SMALL, store, helpdesk)
    report = driven(SMALL, store, helpdesk)
    assert report.ok, report.text()
    assert report.placed + report.already == 29
    assert counts(store, helpdesk) == (6, 4, 29)
    assert exported(store, helpdesk) == four_columns(SMALL)


_REPLAY = """
import sys
from pathlib import Path
from engine.scenarios.replay import replay
from engine.store import Store
replay(Path(sys.argv[1]), Store(sys.argv[2]), int(sys.argv[3]), "helpdesk")
"""


def test_a_replay_that_was_killed_goes_on_and_loses_and_doubles_nothing(
    store: Store, helpdesk: int, database_url: str
) -> None:
    program = [sys.executable, "-c", _REPLAY, str(SMALL), database_url, str(helpdesk)]
    with subprocess.Popen(program, cwd=ROOT) as running:
        while counts(store, helpdesk)[2] < 5 and running.poll() is None:
            pass  # asking takes its time
        running.kill()
    assert counts(store, helpdesk)[2] >= 5
    report = driven(SMALL, store, helpdesk)
    assert report.ok, report.text()
    assert report.placed + report.already == 29
    assert counts(store, helpdesk) == (6, 4, 29)
    assert exported(store, helpdesk) == four_columns(SMALL)


def test_what_the_process_does_not_offer_is_refused_at_its_row(
    store: Store, helpdesk: int, tmp_path: Path
) -> None:
    path = written(
        tmp_path,
        "Case 1,Assign seriousness,Value 1,2012/03/05 08:10:00.000",
        "Case 1,Take in charge ticket,Value 1,2012/03/05 08:20:00.000",
        "Case 1,Insert ticket,Value 1,2012/03/05 08:30:00.000",
        "Case 1,Closed,Value 1,2012/03/05 08:40:00.000",
        "Case 2,Closed,Value 1,2012/03/05 08:15:00.000",
        "Case 3,Insert ticket,Value 1,2012/03/05 08:15:00.000",
        "Case 3,Assign seriousness,Value 1,2012/03/05 08:16:00.000",
        "Case 3,Resolve ticket,Value 1,2012/03/05 08:17:00.000",
    )
    report = driven(path, store, helpdesk)
    assert not report.ok
    assert report.left == {"Case 1": 4, "Case 2": 6}
    assert [it.line for it in report.unplaced] == [6, 3, 4, 5]
    assert report.placed == 4
    text = report.text()
    assert (
        "line 3: Case 1: What follows on line 4 is not offered: Expected one of “Assign seriousness”" in text
    )
    assert "line 6: Case 2: Expected “Closed” to be open" in text
    assert "3 tickets, 4 of 8 rows placed, 4 unplaced, 0 bad." in text


def test_a_bad_row_is_named_and_the_rest_goes_on(store: Store, helpdesk: int, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "Case 1,Assign seriousness,Value 1,2012/03/05 08:10:00.000",
        "Case 1,Resolve ticket",
        "Case 1,Resolve ticket,Value 1,yesterday",
        ",Resolve ticket,Value 1,2012/03/05 08:10:00.000",
        "Case 1,Resolve ticket,Value 1,2012/03/25 02:30:00.000",
        'Case 1,"Resolve ticket,Value 1,2012/03/25 03:10:00.000',
        'Case 1,"Resolve ticket",Value 1,2012/03/25 03:30:00.000',
    )
    report = driven(path, store, helpdesk)
    assert (report.ok, report.placed, report.rows) == (False, 2, 7)
    assert {it.line: it.sentence for it in report.bad} == {
        3: "Expected at least 4 columns, but found 2.",
        4: "Expected a time such as 2012/10/09 14:50:17.000, but found 'yesterday'.",
        5: "Expected a case and an activity, but one is empty.",
        6: "Expected a time that Europe/Rome has had, but its clocks skipped 2012/03/25 02:30:00.000.",
        7: "Expected a row that ends with its line, but a quote is never closed.",
    }


def test_a_time_that_came_twice_is_read_as_the_first_and_said() -> None:
    log = read_log(SMALL, Columns(), "Europe/Rome")
    row = next(row for row in log.rows if row.line == 22)
    assert row.at == datetime(2012, 10, 28, 0, 30, tzinfo=UTC)
    assert log.ambiguous == (22,)


def test_rows_go_in_order_of_time_over_all_cases_and_know_what_follows() -> None:
    log = read_log(SMALL, Columns(), "Europe/Rome")
    assert [row.at for row in log.rows] == sorted(row.at for row in log.rows)
    assert len({row.case for row in log.rows[:5]}) == 3  # the file has one case after the other
    twins = [row for row in log.rows if row.line in (2, 3)]
    assert [(row.line, row.next, row.first) for row in twins] == [
        (2, "Assign seriousness", True),
        (3, "Take in charge ticket", False),
    ]
    assert len({log.row_id(row.line) for row in log.rows}) == 29


def test_timers_of_the_process_fire_at_their_moments_between_the_rows(store: Store) -> None:
    """A day after a ticket is resolved and not closed, a non-interrupting timer is due; five times in this log."""
    files = dict(read_pack(HELPDESK).files)
    head, middle = files["bpmn/helpdesk.bpmn"].split(b"  </bpmn:process>", 1)
    tail = b"  </bpmn:process>" + middle.replace(b"    </bpmndi:BPMNPlane>", _DRAWN)
    files["bpmn/helpdesk.bpmn"] = head + _DAY_LATER + tail
    desk = store.desks.add(f"helpdesk-{uuid4()}", "Help desk", "italian_helpdesk", "Europe/Rome", NOW)
    Deployments(store).deploy(desk.id, files, SYSTEM)
    report = driven(SMALL, store, desk.id)
    assert report.ok, report.text()
    sql = "SELECT count(*), bool_and(fired_at = due_at) FROM timer WHERE desk_id = %s AND state = 'fired'"
    with store.transaction() as connection:
        assert connection.execute(sql, (desk.id,)).fetchone() == (5, True)


_DAY_LATER = b"""
    <bpmn:boundaryEvent id="day_later" name="A day later" cancelActivity="false" attachedToRef="closed">
      <bpmn:outgoing>to_noted</bpmn:outgoing>
      <bpmn:timerEventDefinition id="day_later_timer">
        <bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT24H</bpmn:timeDuration>
      </bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:endEvent id="noted" name="Noted"><bpmn:incoming>to_noted</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="to_noted" sourceRef="day_later" targetRef="noted" />
"""
_DRAWN = b"""
      <bpmndi:BPMNShape id="day_later_di" bpmnElement="day_later">
        <dc:Bounds x="0" y="0" width="36" height="36" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="noted_di" bpmnElement="noted">
        <dc:Bounds x="100" y="0" width="36" height="36" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="to_noted_di" bpmnElement="to_noted">
        <di:waypoint x="36" y="18" /><di:waypoint x="100" y="18" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>"""


def test_a_log_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("case;activity\n1;2\n")
    with pytest.raises(InvalidInput, match="Expected the columns Case ID, Activity"):
        read_log(path, Columns(), "UTC")
    with pytest.raises(InvalidInput, match="Mars"):
        read_log(SMALL, Columns(), "Mars/Base")
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidInput, match="in UTF-8"):
        read_log(path, Columns(), "UTC")


def test_progress_tells_tickets_speed_and_time_left() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    class Ticking:
        at = 0

        def now(self) -> datetime:
            self.at += 1
            return datetime(2026, 1, 1, 0, self.at // 60, self.at % 60, tzinfo=UTC)

    stream = Terminal()
    progress = Progress(4, 2, stream, Ticking())
    for ticket_done in (False, True):
        progress.step(ticket_done=ticket_done)
    progress.end()
    assert "1 of 2 tickets · 1 steps/s · 2 s left" in stream.getvalue()
    silent = io.StringIO()
    Progress(4, 2, silent, Ticking()).end()
    assert silent.getvalue() == ""


def shuffled(path: Path, cases: int, seed: int) -> list[str]:
    """Rows of some cases with their activities in another order, the moments as they were."""
    rows = four_columns(path)[1:]
    grouped: dict[str, list[list[str]]] = defaultdict(list)
    for row in rows:
        grouped[row[0]].append(row)
    chance = random.Random(seed)
    mixed = []
    for case in chance.sample(sorted(grouped), min(cases, len(grouped))):
        steps = [row[1] for row in grouped[case]]
        chance.shuffle(steps)
        mixed += [f"{case},{step},{row[2]},{row[3]}" for step, row in zip(steps, grouped[case], strict=True)]
    return mixed


def test_the_process_is_no_flower(store: Store, helpdesk: int, tmp_path: Path) -> None:
    report = driven(written(tmp_path, *shuffled(SMALL, 6, seed=1)), store, helpdesk)
    assert len(report.left) >= 3


@needs_the_big_log
def test_of_200_shuffled_cases_of_the_big_log_at_least_half_leave_the_process(
    store: Store, helpdesk: int, tmp_path: Path
) -> None:
    report = driven(written(tmp_path, *shuffled(BIG, 200, seed=1)), store, helpdesk)
    assert len(report.left) >= 100
    assert {it.case for it in report.unplaced} == set(report.left)


@needs_the_big_log
def test_the_big_log_goes_through_the_door_and_comes_out_as_it_went_in(store: Store, helpdesk: int) -> None:
    report = driven(BIG, store, helpdesk)
    assert report.ok, report.text()
    assert (report.tickets, report.placed) == (4580, 21348)
    assert counts(store, helpdesk)[1:] == (4557, 21348)
    assert exported(store, helpdesk) == four_columns(BIG)
    assert Reads(store).verify_desk(helpdesk).ok


@needs_the_big_log
def test_the_process_is_drawn_from_the_big_log_and_from_nothing_else() -> None:
    with BIG.open(newline="", encoding="utf-8") as file:
        relation = Relation.of(csv.DictReader(file))
    drawn = "".join(document(Drawing(relation)))
    assert drawn == (HELPDESK / "bpmn" / "helpdesk.bpmn").read_text(encoding="utf-8")
    assert len(relation.order) == 14


def test_a_process_can_be_drawn_from_any_log() -> None:
    with SMALL.open(newline="", encoding="utf-8") as file:
        relation = Relation.of(csv.DictReader(file))
    diagram, findings = check_diagram("".join(document(Drawing(relation))).encode(), "small.bpmn")
    assert findings == ()
    assert diagram is not None
    assert {it.name for it in diagram.elements.values() if it.type == "userTask"} == set(relation.order)
