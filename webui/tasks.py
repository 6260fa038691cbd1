"""The task page: what to do, its form, and the ticket beside it.

A form is checked by the browser, and judged again by the step that completes the task. Whatever goes wrong, what
was typed stays: a refused form comes back filled, and somebody who is second is told who was first and keeps the
words as a draft.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import CasepathError, InvalidInput
from engine.forms import Form
from engine.runtime.commands import AssignTask, ClaimTask, CompleteTask, ReleaseTask
from webui import access, headers, identity, notices, taskpage
from webui.errors import told
from webui.forms import command_id
from webui.keeping import is_local

bp = Blueprint("tasks", __name__, url_prefix="/tasks/<uuid:task_id>")


@bp.get("")
@access.only(*access.READ)
def task(task_id: UUID) -> ResponseReturnValue:
    """Show a task with its form, or who closed it and when."""
    headers.draws()
    return render_template("task/task.html", **taskpage.values(_find(task_id)))


@bp.post("/complete")
@access.only(*access.WORK)
def complete(task_id: UUID) -> ResponseReturnValue:
    """Complete the task with the posted form, and go on to the next one where that was asked."""
    found = _find(task_id)
    form = taskpage.form_of(found)
    typed = form.from_html(request.form) if form else {}
    who = identity.who()
    command = CompleteTask(
        id=command_id(),
        desk_id=who.desk_id,
        actor=who.actor,
        task_id=task_id,
        revision=_revision(),
        fields=typed,
    )
    try:
        identity.casepath().engine.handle(command)
    except CasepathError as refusal:
        return _again(_find(task_id), typed, refusal)
    identity.casepath().drafts.drop(who.desk_id, found.id, who.person_id)
    return _go_on(found, "next" if request.form.get("intent") == "next" else "completed")


@bp.post("/claim")
@access.only(*access.WORK)
def claim(task_id: UUID) -> ResponseReturnValue:
    """Take the task into one's own hands."""
    _handle(ClaimTask(**_asked(task_id)))
    return notices.after(_back(task_id), "claimed")


@bp.post("/release")
@access.only(*access.WORK)
def release(task_id: UUID) -> ResponseReturnValue:
    """Give the task back to its queue."""
    _handle(ReleaseTask(**_asked(task_id)))
    return notices.after(_back(task_id), "released")


@bp.post("/assign")
@access.only(*access.LEAD)
def assign(task_id: UUID) -> ResponseReturnValue:
    """Put the task into a named person's hands."""
    who = identity.who()
    person = identity.casepath().reads.person(who.desk_id, _person_id())
    command = AssignTask(
        id=command_id(),
        desk_id=who.desk_id,
        actor=who.actor,
        task_id=task_id,
        assignee_id=person.id,
        assignee_name=person.name,
    )
    _handle(command)
    return notices.after(_back(task_id), "assigned")


@bp.post("/draft")
@access.only(*access.WORK)
def draft(task_id: UUID) -> ResponseReturnValue:
    """Keep what is typed so far: asked by the page while one types, or by the button "Keep for later"."""
    found = _find(task_id)
    _keep(found, _typed(found))
    if request.accept_mimetypes.best == "application/json":
        return "", 204
    return notices.after(_back(task_id), "draft")


def _find(task_id: UUID) -> Any:
    return identity.casepath().reads.task(identity.desk_id(), task_id)


def _typed(found: Any) -> dict[str, Any]:
    form: Form | None = taskpage.form_of(found)
    return form.from_html(request.form) if form else {}


def _handle(command: Any) -> None:
    identity.casepath().engine.handle(command)


def _asked(task_id: UUID) -> dict[str, Any]:
    """Return what every command about a task has."""
    who = identity.who()
    return {
        "id": command_id(),
        "desk_id": who.desk_id,
        "actor": who.actor,
        "task_id": task_id,
        "revision": _revision(),
    }


def _revision() -> int | None:
    text = request.form.get("revision", "")
    return int(text) if text.isdecimal() else None


def _person_id() -> UUID:
    try:
        return UUID(request.form.get("person", ""))
    except ValueError:
        raise InvalidInput(
            "Expected a person, but none was chosen.", {"person": "Choose a person."}
        ) from None


def _keep(found: Any, typed: dict[str, Any]) -> None:
    who = identity.who()
    identity.casepath().drafts.keep(who.desk_id, found.id, who.person_id, typed)


def _again(found: Any, typed: dict[str, Any], refusal: CasepathError) -> ResponseReturnValue:
    """Show the form as it was sent and why it was not taken; what was typed is a draft from now on."""
    _keep(found, typed)
    headers.draws()
    wrong = getattr(refusal, "fields", {})
    page = taskpage.values(found, typed, {name: [sentence] for name, sentence in wrong.items()})
    html = render_template("task/task.html", **page, refusal=str(refusal))
    return make_response(html, told(refusal).status)


def _go_on(found: Any, notice: str) -> ResponseReturnValue:
    if notice == "completed":
        return notices.after(redirect(url_for("inbox.inbox")), "completed")
    who, casepath = identity.who(), identity.casepath()
    for folder in ("mine", "queues"):
        page = casepath.reads.inbox(who.desk_id, who, folder, now=casepath.clock.now(), limit=1)
        if page.items:
            following = page.items[0]
            return notices.after(redirect(url_for("tasks.task", task_id=following.task_id)), "completed")
    return notices.after(redirect(url_for("inbox.inbox")), "none_left")


def _back(task_id: UUID) -> Any:
    wanted = request.form.get("back", "")
    return redirect(wanted if is_local(wanted) else url_for("tasks.task", task_id=task_id))
