"""What happened, in a sentence: one for each kind of event of the vocabulary, and for each scope it touched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webui.plain import words
from webui.saying import Say, Words, because, pairs, plainly, value_of, who

MOST_ITEMS_TOLD = 3


@dataclass(frozen=True)
class Part:
    """What one event tells of one scope: which, in words too ("" for the root), and the elements it is about."""

    path: str
    where: str
    text: str
    elements: tuple[str, ...]


def of(event: Any, say: Words) -> str:
    """Return all that an event tells, with the scopes it tells it of."""
    told = (f"In {it.where}: {it.text}" if it.where else it.text for it in parts(event, say))
    return " ".join(told)


def parts(event: Any, say: Words) -> list[Part]:
    """Return what an event tells, scope by scope; only movements are about several."""
    if event.kind == "elements_passed":
        return _movements(event, say)
    path, element = say.scopes.place(event)
    where = say.scopes.say(path, event.seq)
    return [Part(path, where, _ended_once(_SENTENCES[event.kind](event, say)), (element,) if element else ())]


def _ended_once(sentence: str) -> str:
    """What somebody wrote may end with a full stop of its own, or with another mark that ends a sentence."""
    return re.sub(r"([.!?…])\.$", r"\1", sentence)


def _movements(event: Any, say: Words) -> list[Part]:
    """One part for each scope; the items of an activity that are many are told together."""
    moves = say.scopes.moves(event)
    by_scope: dict[str, list[tuple[str, str, str]]] = {} if moves else {"": []}
    for move in moves:
        by_scope.setdefault(move[2], []).append(move)
    together: dict[str, list[str]] = {}
    for path in by_scope:
        together.setdefault(_without_numbers(path, say.scopes.sheet(path)), []).append(path)
    found = []
    for shared, paths in together.items():
        if len(paths) <= MOST_ITEMS_TOLD:
            found += [_passed(path, say.scopes.say(path, event.seq), by_scope[path], say) for path in paths]
        else:
            where = f"{say.scopes.say(shared, event.seq)}, {len(paths)} items"
            found.append(_passed(shared, where, [it for path in paths for it in by_scope[path]], say))
    return found


def _without_numbers(path: str, sheet: str) -> str:
    return sheet + re.sub("#[0-9]+", "", path[len(sheet) :])


def _passed(path: str, where: str, moves: list[tuple[str, str, str]], say: Words) -> Part:
    entered = [element for what, element, _ in moves if what == "entered"]
    stopped = [element for what, element, _ in moves if what == "cancelled"]
    told = [f"went on to {say.listed(entered, path)}"] if entered else []
    told += [f"stopped {say.listed(stopped, path)}"] if stopped else []
    text = f"{'It' if path else 'The ticket'} {' and '.join(told) or 'went on'}."
    return Part(path, where, text, tuple(dict.fromkeys(element for _, element, _ in moves)))


def _started(event: Any, say: Words) -> str:
    return f"Process “{say.scopes.outline('').title}”, version {event.data['version']}, was started."


def _written(event: Any, say: Words) -> str:
    written = pairs(event, say)
    return f"Variables were written{': ' + written if written else ', none with a value'}."


def _completed(event: Any, say: Words) -> str:
    fields = pairs(event, say)
    return f"{who(event)} completed {say.element(event)}{': ' + fields if fields else ''}."


def _handed(event: Any, say: Words) -> str:
    reason = f" ({event.data['reason']})" if event.data.get("reason") else ""
    return f"{who(event)} gave {say.element(event)} to {event.data.get('person_name') or 'a person'}{reason}."


def _fired(event: Any, say: Words) -> str:
    return f"The timer {say.element(event)} fired; it was due {say.value(event.data.get('due'))}."


def _goal(what: str) -> Say:
    """What became of a goal's clock, by what, and until when it now allows."""

    def say_it(event: Any, say: Words) -> str:
        data = event.data
        by = f" ({say.cause(data['by'])})" if data.get("by") else ""
        due = f"; it is due {say.value(data['due'])}" if data.get("due") and not data.get("breached") else ""
        return f"Goal “{say.value(data['goal'], 'goal')}” {what}{by}{due}."

    return say_it


def _goal_breached(event: Any, say: Words) -> str:
    return (
        f"Goal “{say.value(event.data['goal'], 'goal')}” was not met by {say.value(event.data['breached'])}."
    )


def _goal_met(event: Any, say: Words) -> str:
    late = ", late" if event.data.get("breached") else ""
    return f"Goal “{say.value(event.data['goal'], 'goal')}” was met{late} ({say.cause(event.data['by'])})."


def _entry(event: Any, say: Words) -> str:
    what = {"reply": "replied", "note": "noted", "call": "noted a call"}[event.data["kind"]]
    return f"{who(event)} {what}: {value_of(event, 'body')}{_by_hand(event)}"


def _opened(event: Any, say: Words) -> str:
    return _opened_by(event, say) + _by_hand(event)


_opened_by = plainly("{who} opened ticket {number} by {channel}: {=subject}")


def _by_hand(event: Any) -> str:
    """Who took a mail up of which nothing had come by itself."""
    if "by" not in event.data.get("mail", {}):
        return ""
    return f" ({value_of(event, 'mail_by')} took the mail up by hand.)"


def _linked(event: Any, say: Words) -> str:
    told = {"follows": "it follows", "duplicate_of": "it is a duplicate of", "caused_by": "it is caused by"}
    how = told.get(event.data["kind"], "it has to do with")
    return f"{who(event)} linked the ticket: {how} ticket {event.data['other']}."


def _decided(event: Any, say: Words) -> str:
    return (
        f"Decision “{event.data.get('decision')}” was asked; rules {words(event.data.get('rules'))} matched."
    )


def _changed(event: Any, say: Words) -> str:
    field, values = event.data["field"], event.values
    if values.get("from") is None:
        return f"The {field} became {say.value(values.get('to'), field)}."
    before, after = say.value(values["from"], field), say.value(values.get("to"), field)
    return f"The {field} changed from {before} to {after}."


def _state_changed(event: Any, say: Words) -> str:
    before = say.label("states", event.data["from"])
    return f"The state became “{event.data['label']}” (it was “{before}”)."


def _thrown(what: str, uncaught: str) -> Say:
    """Something that flies outwards until a scope catches it."""

    def sentence(event: Any, say: Words) -> str:
        code, catcher = event.data.get("code"), event.data.get("caught_by")
        thrown = f"The {what}{f' “{code}”' if code else ''} was thrown at {say.element(event)}"
        if not catcher:
            return f"{thrown}, and {uncaught}."
        return f"{thrown} and caught by {say.named(catcher, say.scopes.place(event)[0])}."

    return sentence


def _mail_requested(event: Any, say: Words) -> str:
    at = (
        f" was requested at {say.element(event)}"
        if event.data.get("element")
        else f" leaves with the reply of {who(event)}"
    )
    return f"A mail{at}: {value_of(event, 'subject')}"


def _received(event: Any, say: Words) -> str:
    if "action" in event.data:
        return f"{who(event)} chose “{event.data['action']}”."
    return _message_came(event, say)


_message_came = plainly("Message “{name}” came from {who} and reached {element}.")


def _undone(event: Any, say: Words) -> str:
    path, _ = say.scopes.place(event)
    activity, handler = (say.named(event.data[key], path) for key in ("activity", "handler"))
    return f"What {activity} did is undone by {handler}."


def _lost(event: Any, say: Words) -> str:
    at = f" of {say.element(event)}" if event.data.get("element") else ""
    return f"A job{at} was lost on its way and set aside: {value_of(event, 'error')}"


def _incident(event: Any, say: Words) -> str:
    at = f" at {say.element(event)}" if say.scopes.place(event)[1] else ""
    return f"An incident was opened{at}: {value_of(event, 'message')}"


def _repaired(event: Any, say: Words) -> str:
    """Trails of before say only whether it was to be tried again."""
    how = event.data.get("how") or ("retried" if event.data.get("retry") else "over")
    told = {
        "retried": f"{who(event)} closed the incident: it is tried again",
        "skipped": f"{who(event)} closed the incident: {say.element(event)} is skipped",
        "moved": f"{who(event)} closed the incident by moving the ticket on",
        "cancelled": "The incident ended with the process",
        "over": "The incident is over: what it stopped goes on or is no longer needed",
    }
    return f"{told[how]}{because(event)}."


def _moved(event: Any, say: Words) -> str:
    path, _ = say.scopes.place(event)
    before, after = (say.named(event.data[key], path) for key in ("from", "to"))
    return f"{who(event)} moved the ticket from {before} to {after}{because(event)}."


def _ended(event: Any, say: Words) -> str:
    return f"The process ended ({event.data['how']}){because(event)}."


def _desk(event: Any, say: Words) -> str:
    facts = "; ".join(f"{key} = {say.value(value)}" for key, value in event.data.items() if key != "what")
    return f"{who(event)}: {str(event.data.get('what')).replace('_', ' ')}{f' ({facts})' if facts else ''}."


_SENTENCES: Mapping[str, Say] = {
    "ticket_opened": _opened,
    "instance_started": _started,
    "variables_written": _written,
    "decided": _decided,
    "task_opened": plainly("Task {element} was opened."),
    "task_claimed": plainly("{who} claimed {element}."),
    "task_released": plainly("{who} released {element}."),
    "assignment_wanted": plainly("Casepath looks who of queue {queue} can do {element}."),
    "task_assigned": _handed,
    "task_left": plainly("{element} stays in its queue: {reason}."),
    "task_completed": _completed,
    "task_cancelled": plainly("Task {element} ended, because the process went another way."),
    "timer_armed": plainly("The timer {element} was set for {due}."),
    "timer_suspended": plainly(
        "The timer {element} waits for goal “{goal}”, which has no due moment at present."
    ),
    "timer_fired": _fired,
    "timer_cancelled": plainly("The timer {element} was no longer needed."),
    "timer_failed": plainly("The timer {element} could not be fired and was set aside."),
    "goal_started": _goal("began"),
    "goal_paused": _goal("stands still"),
    "goal_resumed": _goal("goes on"),
    "goal_retargeted": _goal("has other terms"),
    "goal_warned": _goal("is used up so far that somebody is warned"),
    "goal_breached": _goal_breached,
    "goal_met": _goal_met,
    "goal_ended": _goal("is over with its ticket"),
    "terms_adopted": plainly("The calendars and settings of a newer deployment hold from now on."),
    "message_awaited": plainly("{element} waits for message “{name}”."),
    "message_received": _received,
    "message_ended": plainly("{element} no longer waits for its message."),
    "message_thrown": plainly("{element} sent message “{name}”."),
    "signal_awaited": plainly("{element} listens for signal “{name}”."),
    "signal_received": plainly("Signal “{name}” reached {element}."),
    "signal_ended": plainly("{element} no longer listens for a signal."),
    "signal_thrown": plainly("{element} sent signal “{name}”."),
    "condition_met": plainly("What {element} waited for became true."),
    "error_thrown": _thrown("error", "nothing caught it"),
    "escalation_thrown": _thrown("escalation", "nothing had to catch it: the process goes on"),
    "compensating": _undone,
    "service_requested": plainly("Service “{type}” was asked at {element}."),
    "service_completed": plainly("The service at {element} answered."),
    "service_failed": plainly("The service at {element} failed for the last time: {=error}"),
    "service_cancelled": plainly("The answer of the service at {element} was no longer needed."),
    "service_error": plainly("The service at {element} answered with the error “{code}”: {=message}"),
    "service_ignored": plainly("An answer of the service at {element} came too late and changed nothing."),
    "mail_requested": _mail_requested,
    "mail_sent": plainly("The mail server accepted a mail."),
    "mail_omitted": plainly("No mail was sent: the customer has no address."),
    "mail_failed": plainly("A mail was given up after its last try: {=error}"),
    "state_changed": _state_changed,
    "ticket_changed": _changed,
    "entry_added": _entry,
    "ticket_linked": _linked,
    "job_lost": _lost,
    "incident_opened": _incident,
    "incident_closed": _repaired,
    "token_moved": _moved,
    "instance_ended": _ended,
    "desk_event": _desk,
}
