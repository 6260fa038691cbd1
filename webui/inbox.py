"""The inbox: what waits for this person, the next deadline on top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import NotFound
from webui import access, frame, goals, identity, opening, times
from webui.forms import new_command_id

bp = Blueprint("inbox", __name__)
PAGE_SIZE = 50


@dataclass(frozen=True)
class Folder:
    """One of the inbox's folders: its words, what it counts, and what its empty page says."""

    key: str
    label: str
    about: str
    counted: str
    empty: str
    hint: str
    go_label: str = ""
    go_href: str = ""


FOLDERS = {
    folder.key: folder
    for folder in (
        Folder(
            "mine",
            "Mine",
            "Tasks in your hands",
            "open",
            "Nothing is in your hands",
            "Tasks that you claim or are given appear here. Look into your queues for the next one.",
            "My queues",
            "/inbox?folder=queues",
        ),
        Folder(
            "queues",
            "My queues",
            "Tasks that anybody of your queues can claim",
            "open",
            "Your queues are empty",
            "A task appears here as soon as a ticket needs somebody of your queues.",
        ),
        Folder(
            "waiting",
            "Waiting",
            "Tickets that wait for somebody else, a customer most of the time",
            "waiting",
            "Nothing waits",
            "A ticket stands here while it waits for an answer or for its time, and needs nobody of us.",
        ),
        Folder(
            "overdue",
            "Overdue",
            "Tasks whose deadline has passed",
            "overdue",
            "Nothing is overdue",
            "A task appears here when its deadline passes before it is done.",
        ),
        Folder(
            "all",
            "All",
            "Every open task of the desk",
            "open",
            "No task is open",
            "A task appears here when a ticket needs a person. Open a ticket for a caller to begin.",
        ),
    )
}


@bp.get("/inbox")
@access.only(*access.WORK)
def inbox() -> ResponseReturnValue:
    """Show one folder, by deadline."""
    key = request.args.get("folder", "mine")
    if key not in FOLDERS:
        raise NotFound(f"Expected one of the folders {', '.join(FOLDERS)}, but got {key!r}.")
    who, reads = identity.who(), identity.casepath().reads
    now = identity.casepath().clock.now()
    page = reads.inbox(who.desk_id, who, key, now=now, cursor=request.args.get("cursor"), limit=PAGE_SIZE)
    counts = reads.inbox_counts(who.desk_id, who, now=now)
    promised = goals.nearest({item.ticket_number for item in page.items}, now, frame.place())
    return render_template(
        "inbox/inbox.html",
        folder=FOLDERS[key],
        folders=_folders(key, counts),
        rows=[_row(item, who, now, promised.get(item.ticket_number)) for item in page.items],
        total=counts.get(key, 0),
        more=url_for("inbox.inbox", folder=key, cursor=page.next) if page.next else "",
        page_size=PAGE_SIZE,
    )


def _folders(current: str, counts: Any) -> list[dict[str, Any]]:
    return [
        {
            "label": folder.label,
            "href": url_for("inbox.inbox", folder=folder.key),
            "active": folder.key == current,
            "count": counts.get(folder.key),
        }
        for folder in FOLDERS.values()
    ]


def _row(item: Any, who: identity.Who, now: Any, goal: Any) -> dict[str, Any]:
    mine = item.assignee == who.person_id
    has_task = item.task_id is not None
    due = None if goal and goal["due"] == item.due_at else item.due_at
    return {
        "id": f"task-{item.task_id}" if has_task else f"ticket-{item.ticket_number}",
        "href": url_for("tasks.task", task_id=item.task_id)
        if has_task
        else url_for("tickets.ticket", number=item.ticket_number),
        "number": item.ticket_number,
        "title": item.subject,
        "sub": " · ".join(
            part
            for part in (
                item.requester_name,
                opening.label("queues", item.queue),
                opening.label("priorities", item.priority),
                ", ".join(opening.label("skills", it) for it in item.skills),
            )
            if part
        ),
        "task": item.name,
        "label": item.label,
        "deadline": times.deadline(due, now, frame.place(), item.opened_at),
        "goal": goal,
        "mark": _mark(item, mine),
        "claim": url_for("tasks.claim", task_id=item.task_id) if has_task and not item.assignee else "",
        "release": url_for("tasks.release", task_id=item.task_id) if has_task and mine else "",
        "hidden": {"command_id": new_command_id(), "revision": item.revision, "back": request.full_path},
    }


def _mark(item: Any, mine: bool) -> tuple[str, str]:
    if item.task_id is None:
        return ("○", "waiting")
    if mine:
        return ("●", "yours")
    return ("◐", f"held by {item.assignee_name}") if item.assignee else ("○", "not claimed")
