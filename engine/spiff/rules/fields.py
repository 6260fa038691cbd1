"""Rules about what an element must say: the handler of a service task, the text of a timer, whole numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from engine.forms.schema import LINK_KINDS
from engine.spiff.errors import Finding
from engine.spiff.model import Element
from engine.spiff.rules.drawing import Drawing, said
from engine.spiff.timers import NotATimer, is_literal, schedule

_REQUIRED = {
    "serviceTask": ("service", "the type of a handler (zeebe:taskDefinition)"),
    "scriptTask": ("script", "a FEEL expression (zeebe:script)"),
    "businessRuleTask": ("decision", "a decision (zeebe:calledDecision)"),
    "sendTask": ("template", "a message template (casepath:template)"),
    "callActivity": ("called", "a called process (zeebe:calledElement)"),
}
_MAY_REPEAT = (
    "boundaryEvent",
    "startEvent",
)  # beside an activity, or beside the scope of an event sub-process
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def required(drawing: Drawing) -> Iterator[Finding]:
    """An element says what it needs to run."""
    for node in drawing.nodes:
        field, what = _REQUIRED.get(node.type, ("id", ""))
        if node.event == "conditional":
            field, what = "condition", "a condition"
        if not getattr(node, field):
            message = f"Expected {node.title!r} to name {what}, but it names none."
            yield said("required", node, message, "Fill it in in the properties panel.")
        if node.type == "businessRuleTask" and node.decision and not node.result_variable:
            message = f"Expected {node.title!r} to name a result variable, but it names none."
            yield said("required", node, message, "Say which variable takes the decision's result.")
        if (node.called or "").startswith("="):
            message = f"Expected {node.title!r} to call a process by its id, but it has an expression."
            yield said(
                "required", node, message, "Choose with an exclusive gateway between two call activities."
            )


def relations(drawing: Drawing) -> Iterator[Finding]:
    """What links a ticket to another one says what it is to it, and which one."""
    for node in drawing.nodes:
        if node.relation is None and node.related is None:
            continue
        if node.relation not in LINK_KINDS:
            kinds = ", ".join(LINK_KINDS)
            message = f"Expected {node.title!r} to link by one of {kinds}, but found {node.relation!r}."
            yield said("relation", node, message, "Write it as casepath:relation.")
        if not (node.related or "").strip():
            message = f"Expected {node.title!r} to say which ticket it links to, but it names none."
            yield said(
                "relation", node, message, "Write FEEL that gives its number as casepath:relatedTicket."
            )


def timers(drawing: Drawing) -> Iterator[Finding]:
    """A timer says when, in ISO 8601 or FEEL, and repeats only where it doesn't interrupt."""
    for node in drawing.nodes:
        if node.event != "timer":
            continue
        kind, text = node.timer or ("", "")
        if not text:
            message = f"Expected {node.title!r} to say when, but its timer is empty."
            yield said("timer", node, message, "Give it a date, a duration or a repetition.")
        elif is_literal(text):
            yield from _literal(node, kind, text)
        if kind == "cycle" and (node.type not in _MAY_REPEAT or node.interrupting):
            message = f"Expected {node.title!r} to fire once, but its timer repeats."
            yield said("timer", node, message, "Use a duration, or make the event non-interrupting.")


def goals(drawing: Drawing) -> Iterator[Finding]:
    """A goal dates a timer, which names a moment of it, and nothing else."""
    for node in drawing.nodes:
        if node.goal is not None and node.event != "timer":
            message = f"Expected casepath:goal at timers only, but {node.title!r} has it and is none."
            yield said("not-read", node, message, "Remove it.")
        elif node.goal is not None and node.timer and (node.timer[0] != "date" or is_literal(node.timer[1])):
            found = f"but found {node.timer[1]!r}"
            message = f"Expected {node.title!r} to name a moment of its goal {node.goal!r}, {found}."
            remedy = 'Write a date such as =goal.due, =goal.warning or =goal.due - duration("PT30M").'
            yield said("goal-timer", node, message, remedy)


def _literal(node: Element, kind: str, text: str) -> Iterator[Finding]:
    try:
        schedule(kind, text, _SOME_DAY)
    except NotATimer as error:
        yield said("timer", node, f"Expected {error}.", "Correct the timer.")
        return
    if kind == "duration" and text.startswith("-"):
        yield said(
            "timer", node, f"Expected a duration forward in time, but found {text}.", "Remove the minus."
        )


def plain_texts(drawing: Drawing) -> Iterator[Finding]:
    """What is no expression is of the right form: a due date a moment, a priority and retries whole numbers."""
    for node in drawing.nodes:
        if node.due and is_literal(node.due):
            yield from _due(node, node.due)
        for field in ("priority", "retries"):
            text = getattr(node, field)
            if text and not text.startswith("=") and not text.isdecimal():
                message = f"Expected the {field} of {node.title!r} to be a whole number, but found {text!r}."
                yield said("number", node, message, "Write digits, or an expression that begins with =.")


def _due(node: Element, text: str) -> Iterator[Finding]:
    try:
        schedule("date", text, _SOME_DAY)
    except NotATimer as error:
        yield said("timer", node, f"Expected {error}.", "Correct the due date.")


RULES = (required, relations, timers, goals, plain_texts)
