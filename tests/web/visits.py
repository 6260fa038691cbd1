"""A desk for field visits: its process calls another one for each of three lines, and in a sub-process again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.catalog.pack import read_pack
from engine.people import operator
from engine.runtime.commands import CompleteTask
from tests.web.conftest import Office

FILES = read_pack(Path(__file__).parent / "packs" / "field_visit").files
LINE_CHECK, FIELD_VISIT = "bpmn/line_check.bpmn", "bpmn/field_visit.bpmn"
LINES = ("check_lines#1", "check_lines#2", "check_lines#3")


def deploy(office: Office, files: Mapping[str, bytes] = FILES) -> None:
    """Deploy the pack, or what a test made of it."""
    office.casepath.deployments.deploy(office.desk.id, files, operator())


def changed(path: str, old: str, new: str, files: Mapping[str, bytes] = FILES) -> dict[str, bytes]:
    """Return the pack with a text of one of its files replaced wherever it stands."""
    assert old.encode() in files[path]
    return {**files, path: files[path].replace(old.encode(), new.encode())}


@pytest.fixture
def visits(office: Office) -> Office:
    """The office with the pack deployed; Vera is its only person."""
    deploy(office)
    office.person("vera", "agent", "lead", "auditor", name="Vera Voss")
    return office


def open_visit(office: Office, *done: tuple[str, str]) -> int:
    """Open a ticket and complete tasks on its way: (element, scope)."""
    number = office.open_ticket("Three dead lines", process="field_visit")
    for element, scope in done:
        complete(office, number, element, scope)
    return number


def checking(office: Office) -> int:
    """Open a ticket whose three lines are checked; the second is done."""
    return open_visit(office, ("book_car", ""), ("measure", LINES[1]))


def at_the_door(office: Office) -> int:
    """Open a ticket that tests the line inside of its visit."""
    lines = (("measure", scope) for scope in LINES)
    return open_visit(office, ("book_car", ""), *lines, ("repair", "visit"))


def complete(office: Office, number: int, element: str, scope: str = "", **fields: Any) -> None:
    """Complete the open task of an element in a scope."""
    events = office.casepath.reads.trace(office.desk.id, number)
    opened = {
        it.data["task"]
        for it in events
        if it.kind == "task_opened" and (it.data["element"], it.data.get("scope", "")) == (element, scope)
    }
    tasks = office.casepath.reads.tasks(office.desk.id, ticket=number, state="open").items
    (task,) = (it for it in tasks if str(it.id) in opened)
    office._handle(CompleteTask, "vera", task_id=task.id, fields=fields)
