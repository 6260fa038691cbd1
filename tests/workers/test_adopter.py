"""A deployment with other calendars or settings: open tickets count by these from now on, by nothing else of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.workers.adopter import Adopter
from tests.office import MONDAY, Office, operator
from tests.parts.spiff.drawing import draw

PACK = """
id = "wk"
title = "Workers"
process = "p"
time_zone = "UTC"
[states]
new = "New"
[settings]
"warn" = { value = WARN, unit = "%", source = "default D-01" }
[goals.resolution]
target = "sla"
met_by = ["reply"]
warn_at = "warn"
"""
HOURS = '[office]\nzone = "UTC"\nmon_fri = ["00:00-OPEN"]\n'
TARGET = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:d">
<decision id="sla" name="sla"><variable name="sla" typeRef="Any"/><literalExpression id="e"><text>
{ target: duration("PT24H"), counted: "working", calendar: "office", source: "text 7" }
</text></literalExpression></decision></definitions>"""
ONE_STEP, TWO_STEPS = (
    draw("start s; user a; end e", "s>a>e"),
    draw("start s; user a; user b; end e", "s>a>b>e"),
)
HOUR = timedelta(hours=1)


def files(open_until: str = "24:00", warn: int = 50, diagram: bytes = ONE_STEP) -> dict[str, bytes]:
    return {
        "pack.toml": PACK.replace("WARN", str(warn)).encode(),
        "calendars.toml": HOURS.replace("OPEN", open_until).encode(),
        "dmn/sla.dmn": TARGET,
        "bpmn/p.bpmn": diagram,
    }


def deploy(office: Office, files: dict[str, bytes]) -> None:
    office.casepath.deployments.deploy(office.desk_id, files, operator())


def begun(office: Office) -> Adopter:
    office.desk_id = office.casepath.store.desks.add("wk", "Workers", "wk", "UTC", MONDAY).id
    deploy(office, files())
    return Adopter(office.casepath.engine, office.casepath.store)


def due(office: Office) -> list[datetime]:
    return [row[0] for row in office.rows("SELECT due_at FROM goal_clock ORDER BY ticket_number")]


def test_open_tickets_count_by_the_new_hours_from_now_on(office: Office) -> None:
    adopter = begun(office)
    office.open()
    start = due(office)[0] - 24 * HOUR
    office.at(MONDAY + 2 * HOUR)
    deploy(office, files(open_until="12:00"))
    assert adopter.look() == 1
    used = MONDAY + 2 * HOUR - start
    assert office.rows("SELECT used FROM goal_interval WHERE until IS NOT NULL") == [(f"PT{used // HOUR}H",)]
    assert due(office)[0] > start + 24 * HOUR
    assert adopter.look() == 0


def test_new_tickets_count_by_the_newest_hours_though_their_process_is_the_old_version(
    office: Office,
) -> None:
    begun(office)
    deploy(office, files(open_until="12:00"))
    office.open()
    deploy(office, files())
    office.open()
    first, second = due(office)
    assert first > second


def test_a_changed_setting_moves_the_warning(office: Office) -> None:
    adopter = begun(office)
    office.open()
    deploy(office, files(warn=25))
    assert adopter.look() == 1
    [(warn, at)] = office.rows("SELECT warn_at, due_at FROM goal_clock")
    assert at - warn == 18 * HOUR


def test_what_else_a_deployment_changes_is_no_matter_of_open_tickets(office: Office) -> None:
    adopter = begun(office)
    office.open()
    deploy(office, files(diagram=TWO_STEPS))
    assert adopter.look() == 0


def test_it_looks_once_after_each_deployment(office: Office) -> None:
    adopter = begun(office)
    office.open()
    adopter()
    deploy(office, files(warn=25))
    adopter()
    deploy(office, files(warn=75))
    adopter()
    told = "SELECT count(*) FROM trail WHERE kind = 'terms_adopted'"
    assert office.rows(told) == [(2,)]
