"""What ticket and audit page tell of called processes, sub-processes, event sub-processes and items."""

import csv
import html
import io
import re
from datetime import timedelta

from tests.web.visits import (
    FIELD_VISIT,
    LINE_CHECK,
    LINES,
    at_the_door,
    changed,
    checking,
    complete,
    deploy,
    open_visit,
    visits,
)

__all__ = ["visits"]


def text_of(page: str) -> str:
    """A page as it is read: without marks, blanks drawn together."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def sheets(visitor, number: int) -> dict[str, dict]:
    return {it["at"]: it for it in visitor.get(f"/tickets/{number}/trace.json").json["sheets"]}


def moves(visitor, number: int, sheet: str) -> list[tuple[str, str]]:
    trace = visitor.get(f"/tickets/{number}/trace.json").json
    return [(what, it) for _, what, scope, it in trace["steps"] if trace["scopes"][scope][1] == sheet]


def test_each_call_has_a_sheet_of_its_own_and_sub_processes_stay_on_that_around_them(visit, visits) -> None:
    found = sheets(visit("vera"), at_the_door(visits))
    assert list(found) == ["", *LINES, "visit/test_line"]
    assert found["check_lines#2"]["where"] == "“Check the lines”, item 2 of 3"
    assert found["visit/test_line"]["where"] == "“Visit the customer”, “Test the line”"
    assert {it["parent"] for it in found.values()} == {""}


def test_elements_of_a_called_process_are_not_taken_for_those_of_its_caller(visit, visits) -> None:
    visitor, number = visit("vera"), at_the_door(visits)
    assert moves(visitor, number, "").count(("entered", "start")) == 1
    assert moves(visitor, number, "visit/test_line")[0] == ("entered", "start")


def test_the_timeline_tells_scope_by_scope_by_the_names_of_the_called_process(visit, visits) -> None:
    told = text_of(visit("vera").get(f"/audit/{checking(visits)}").text)
    assert "In “Check the lines”, item 1 of 3 Line check, version 1" in told
    assert "It went on to “Line to check”, “Measure the line”." in told
    second = told.index("Vera Voss completed “Measure the line”.")
    assert "In “Check the lines”, item 2 of 3" in told[second - 120 : second]
    assert "It went on to “Alive?”, “Fine”." in told[second:]


def test_items_that_begin_side_by_side_are_one_block_each(visit, visits) -> None:
    page = visit("vera").get(f"/audit/{open_visit(visits, ('book_car', ''))}").text
    assert [page.count(f"item {number} of 3</strong>") for number in (1, 2, 3)] == [1, 1, 1]


def test_the_ticket_page_says_where_it_stands_and_which_item_a_task_is_of(visit, visits) -> None:
    told = text_of(visit("vera").get(f"/tickets/{checking(visits)}").text)
    assert "Measure the line in “Check the lines”, item 1 of 3" in told
    assert "“Measure the line” in “Check the lines”, item 3 of 3" in told
    assert "item 2 of 3" not in told


def test_a_deadline_inside_a_sub_process_has_the_name_on_the_diagram(visit, visits) -> None:
    assert "2 hours" in visit("vera").get(f"/tickets/{at_the_door(visits)}").text


def test_an_event_sub_process_that_begins_beside_is_a_place_where_the_ticket_stands(visit, visits) -> None:
    number = at_the_door(visits)
    visits.forward(timedelta(hours=3))
    complete(visits, number, "measure", "visit/test_line")  # what was due comes first
    told = text_of(visit("vera").get(f"/tickets/{number}").text)
    assert "“Call the technician” in “Takes long”" in told


def test_a_customer_who_cancels_stops_all_scopes_and_what_was_done_is_undone(visit, visits) -> None:
    number = at_the_door(visits)
    visits.message(number, "cancelled_by_customer")
    told = text_of(visit("vera").get(f"/audit/{number}").text)
    for sentence in (
        "stopped “Visit the customer”",
        "In “Visit the customer”, “Test the line” Line check, version 1",
        "It stopped “Measure the line”.",
        "In “Customer cancels”",
        "What “Book a car” did is undone by “Give the car back”.",
    ):
        assert sentence in told


def test_a_ticket_that_ended_stands_nowhere(visit, visits) -> None:
    number = at_the_door(visits)
    complete(visits, number, "measure", "visit/test_line")
    visitor = visit("vera")
    assert "The process has ended." in visitor.get(f"/tickets/{number}").text
    assert visitor.get(f"/tickets/{number}/trace.json").json["closed"]


def test_an_address_leads_to_the_diagram_of_a_call_without_a_script_too(visit, visits) -> None:
    visitor, number = visit("vera"), checking(visits)
    assert 'href="/studio/line_check/1.bpmn"' in visitor.get(f"/audit/{number}?at=check_lines%231").text
    assert f'href="/tickets/{number}/diagram.bpmn"' in visitor.get(f"/audit/{number}?at=nowhere").text
    assert visitor.get("/studio/line_check/1.bpmn").status_code == 200


def test_a_called_process_is_drawn_in_the_version_that_ran(visit, visits) -> None:
    before = checking(visits)
    deploy(visits, changed(LINE_CHECK, "Measure the line", "Measure it well"))
    after, visitor = checking(visits), visit("vera")
    assert {it["version"] for it in sheets(visitor, before).values()} == {1}
    assert {it["version"] for it in sheets(visitor, after).values()} == {2}
    assert "“Measure the line”" in text_of(visitor.get(f"/tickets/{before}").text)
    assert "“Measure it well”" in text_of(visitor.get(f"/tickets/{after}").text)


def test_calls_of_the_newest_version_are_told_by_the_version_each_found(visit, visits) -> None:
    latest = changed(FIELD_VISIT, 'processId="line_check"', 'processId="line_check" bindingType="latest"')
    deploy(visits, latest)
    number = checking(visits)
    deploy(visits, changed(LINE_CHECK, "Measure the line", "Measure it well", latest))
    for scope in (LINES[0], LINES[2]):
        complete(visits, number, "measure", scope)
    complete(visits, number, "repair", "visit")
    visitor = visit("vera")
    found = sheets(visitor, number)
    assert found["visit/test_line"]["version"] == found[LINES[0]]["version"] + 1
    told = text_of(visitor.get(f"/tickets/{number}").text)
    assert "“Measure it well” in “Test the line”" in told


def test_the_csv_names_the_scope_of_each_event(visit, visits) -> None:
    answer = visit("vera").get(f"/audit/{checking(visits)}/trail.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    completed = [row for row in rows if row["Kind"] == "task_completed"]
    assert [(row["Element"], row["Scope"]) for row in completed] == [
        ("book_car", ""),
        ("measure", "check_lines#2"),
    ]
    assert completed[1]["What"].startswith("In “Check the lines”, item 2 of 3: Vera Voss completed")


def test_a_called_process_counts_the_tickets_of_its_pack_by_the_version_that_they_keep(visits) -> None:
    open_visit(visits)
    deploy(visits, changed(LINE_CHECK, "Measure the line", "Measure it well"))
    open_visit(visits)
    open_visit(visits)
    reads, desk = visits.casepath.reads, visits.desk.id
    history = reads.process_history(desk, "line_check")
    assert [(it.version, it.open_tickets) for it in history] == [(2, 2), (1, 1)]
    newest = {it.key: it.open_tickets for it in reads.processes(desk)}
    assert (newest["line_check"], newest["field_visit"]) == (3, 3)
