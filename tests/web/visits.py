"""A desk for field visits: a process that calls another one for each of three lines, and again inside a sub-process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.catalog.pack import read_pack
from engine.people import operator
from engine.runtime.commands import CompleteTask
from tests.web.conftest import Office

PACK = Path(__file__).parent / "packs" / "field_visit"


def furnish(office: Office) -> Office:
    """Deploy the pack at the office's desk; Vera is its only agent."""
    office.casepath.deployments.deploy(office.desk.id, read_pack(PACK).files, operator())
    office.person("vera", "agent", "lead", "auditor", name="Vera Voss")
    return office


def open_visit(office: Office) -> int:
    """Open a ticket that waits for its car to be booked."""
    return office.open_ticket("Three dead lines", process="field_visit")


def complete(office: Office, number: int, element: str, scope: str = "", **fields: Any) -> None:
    """Complete the open task of an element, in a scope where there are several."""
    events = office.casepath.reads.trace(office.desk.id, number)
    of_scope = {
        it.data["task"] for it in events if it.kind == "task_opened" and it.data.get("scope", "") == scope
    }
    tasks = office.casepath.reads.tasks(office.desk.id, ticket=number, state="open").items
    task = next(it for it in tasks if it.element == element and str(it.id) in of_scope)
    office._handle(CompleteTask, "vera", task_id=task.id, fields=fields)
