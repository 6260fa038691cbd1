"""What people of the desk reply leaves by mail, too, where the pack has a template for it."""

from __future__ import annotations

from engine.catalog.templates import REPLY
from engine.errors import CasepathError
from engine.runtime.commands import AddEntry
from engine.runtime.step import Step


def mail_reply(step: Step, command: AddEntry, entry: str) -> None:
    """Ask for the mail of a public reply of the desk, by the pack's template `t_reply`; nothing where it has none.

    A template that can't be filled in opens an incident: the reply itself stands, and the customer can read it.
    """
    template = step.world.templates.get(REPLY)
    by_desk = command.actor.kind in ("person", "token")
    if template is None or not (by_desk and command.public and command.kind == "reply"):
        return
    said = {"reply": {"body": command.body, "by": command.actor.name}}
    facts = {"element": None, "template": REPLY, "entry": entry}
    try:
        mail = template.render({**step.run.variables(), **said}, step.world.surroundings(step.now))
    except CasepathError as error:
        step.open_trouble("text", step.ids.uuid(), str(error), command.actor)
        return
    if mail.to:
        data = {"job": str(step.ids.uuid()), **facts}
        values = {
            "to": mail.to,
            "subject": mail.subject,
            "body": mail.body + _of_files(len(command.attachments)),
        }
        step.emit("mail_requested", command.actor, data, values)
    else:
        step.emit("mail_omitted", command.actor, facts)


def _of_files(many: int) -> str:
    """A mail of ours brings no files along; it leads to the page that has them."""
    if not many:
        return ""
    came = "A file came" if many == 1 else f"{many} files came"
    return f"\n\n{came} with this reply, to be had on the page of your request."
