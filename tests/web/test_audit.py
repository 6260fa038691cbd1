"""The audit pages: find, read, verify, take away."""

import csv
import io

import pytest

from tests.web.test_inbox import triaged


@pytest.fixture
def worked(office) -> int:
    office.person("lea", "lead", name="Lea Lead")
    number = office.open_ticket("Purple router")
    triaged(office, number, "lea")
    return number


def test_a_number_leads_straight_to_its_ticket(visit, worked) -> None:
    auditor = visit("otto", "auditor")
    assert auditor.get(f"/audit?q=%23{worked}").location == f"/audit/{worked}"
    assert "Purple router" in auditor.get("/audit?q=purple").text


def test_processes_are_called_by_their_titles(visit, worked) -> None:
    auditor = visit("otto", "auditor")
    found, read = auditor.get("/audit").text, auditor.get(f"/audit/{worked}").text
    assert " · Support ticket, version 1" in found
    assert "Support ticket, version 1 · " in read
    assert "Process “Support ticket”, version 1, was started." in read
    assert "support_ticket" not in found


def test_the_timeline_says_who_did_what_in_order(visit, worked) -> None:
    page = visit("otto", "auditor").get(f"/audit/{worked}").text
    told = [
        f"opened ticket {worked}",
        "Task “Triage ticket” was opened",
        "Lea Lead completed “Triage ticket”",
    ]
    places = [page.index(it) for it in told]
    assert places == sorted(places)
    assert "category = Bug report" in page


def test_verify_says_that_the_trail_is_as_it_was_written(visit, worked) -> None:
    here = f"/audit/{worked}"
    assert "are as they were written" in visit("otto", "auditor").post(f"{here}/verify", page=here).text


def test_verify_says_where_a_trail_was_altered(visit, office, worked, admin_database_url) -> None:
    import psycopg

    ticket = office.casepath.reads.ticket(office.desk.id, worked)
    with psycopg.connect(admin_database_url) as owner:
        owner.execute("ALTER TABLE trail DISABLE TRIGGER USER")
        owner.execute(
            "UPDATE trail SET bytes = bytes || ' '::bytea WHERE chain = %s AND seq = 3", [ticket.instance_id]
        )
        owner.execute("ALTER TABLE trail ENABLE TRIGGER USER")
    here = f"/audit/{worked}"
    page = visit("otto", "auditor").post(f"{here}/verify", page=here).text
    assert "The trail does not hold" in page
    assert "3" in page


def test_the_csv_has_case_activity_resource_and_moment_first(visit, worked) -> None:
    answer = visit("otto", "auditor").get(f"/audit/{worked}/trail.csv")
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0][:4] == ["Case ID", "Activity", "Resource", "Complete Timestamp"]
    completed = next(row for row in rows if row[5] == "task_completed")
    assert completed[:3] == [str(worked), "Triage ticket", "Lea Lead"]
    assert completed[3].startswith("2026-11-23T12:00:00")


def test_words_that_a_spreadsheet_would_run_are_kept_from_it(visit, office) -> None:
    number = office.open_ticket('=HYPERLINK("http://example.com")', name="=cmd")
    rows = list(csv.reader(io.StringIO(visit("otto", "auditor").get(f"/audit/{number}/trail.csv").text)))
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@")]


def test_the_path_names_what_was_passed_and_where_the_ticket_is(visit, worked) -> None:
    trace = visit("otto", "auditor").get(f"/tickets/{worked}/trace.json").json
    root, called = trace["sheets"]
    assert (root["at"], root["process"], root["version"]) == ("", "support_ticket", 1)
    moves = [(what, element) for _, what, _, element in trace["steps"]]
    assert ("left", "triage") in moves
    assert called["process"] == "work_ticket"
    assert ("taken", "start_triage") in moves
    assert ("entered", "work") in moves
    assert ("left", "work") not in moves


def test_the_diagram_is_that_of_the_version_the_ticket_runs_on(visit, office, worked) -> None:
    answer = visit("otto", "auditor").get(f"/tickets/{worked}/diagram.bpmn")
    assert answer.data == office.casepath.reads.diagram(office.desk.id, "support_ticket", 1)
