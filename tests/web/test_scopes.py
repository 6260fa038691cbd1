"""Scopes and sentences by themselves: trails as they may come, told without a database."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from engine.goals.telling import reason
from engine.reads import Outline
from engine.runtime.events import EVENT_KINDS
from webui import sentences, sheets, timeline
from webui.saying import Words
from webui.scopes import Scopes

OUTLINES = {
    "root": Outline(
        "root", 1, "Root", {"ask": "Ask", "again": "Again", "each": "Each", "call": "Call"}, frozenset({"call"}),
        {"ask": "parallel", "each": "sequential", "again": "standard", "call": "parallel"},
    ),
    "other": Outline("other", 7, "Other", {"work": "Work"}, frozenset(), {}),
}  # fmt: skip


@dataclass
class Actor:
    kind: str = "person"
    id: str = "1"
    name: str = "Ann"


@dataclass
class Event:
    seq: int
    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    actor: Actor = field(default_factory=Actor)
    erased: tuple[str, ...] = ()
    command_id: UUID | None = None
    at: datetime = datetime(2026, 11, 23, tzinfo=UTC)


def words(*trail: Event) -> Words:
    def outline(process: str, pack: str | None) -> Outline:
        found = OUTLINES[process]
        return Outline(
            process, int(pack or found.version), found.title, found.names, found.calls, found.loops
        )

    return Words(Scopes("root", outline, trail), UTC)


def passed(seq: int, *steps: list[str]) -> Event:
    return Event(seq, "elements_passed", {"steps": list(steps)})


def items(seq: int, element: str, count: int) -> Event:
    inside = [["entered", "in", f"{element}#{number}", "root"] for number in range(1, count + 1)]
    return passed(seq, ["entered", element], *inside)


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_every_kind_of_event_has_its_sentence(kind: str) -> None:
    named = {
        it: it
        for it in (
            "number",
            "channel",
            "process",
            "version",
            "due",
            "name",
            "type",
            "code",
            "from",
            "to",
            "label",
            "goal",
            "by",
            "breached",
            "queue",
            "reason",
            "note",
            "other",
        )
    }
    data = named | {
        "element": "ask", "field": "queue", "kind": "note", "how": "retried", "what": "deployed",
        "activity": "ask", "handler": "again", "steps": [["entered", "ask"]],
    }  # fmt: skip
    event = Event(1, kind, data, {"body": "text", "message": "m", "error": "e", "subject": "s"})
    told = sentences.of(event, words(event))
    assert told.strip(), kind
    assert not set(told) & set("{}"), told


def test_a_mail_is_told_in_the_scope_in_which_its_element_was_reached_last() -> None:
    into = passed(1, ["entered", "call"], ["entered", "work", "call", "other"])
    mail = Event(2, "mail_requested", {"element": "work", "job": "j"}, {"subject": "Hello"})
    sent = Event(3, "mail_failed", {"job": "j"}, {"error": "Nobody there."})
    say = words(into, mail, sent)
    (part,) = sentences.parts(mail, say)
    assert (part.path, part.text) == ("call", "A mail was requested at “Work”: Hello")
    assert say.scopes.place(sent) == ("call", "work")


def test_a_scope_is_told_apart_by_its_innermost_activity_and_by_what_is_done_several_times() -> None:
    say = words(items(1, "ask", 3))
    assert say.scopes.say_near("ask#2/again#1/call", 2) == "“Ask”, item 2 of 3, “Again”, round 1, “Call”"
    assert say.scopes.say_near("call/ask", 2) == "“Ask”"
    assert say.scopes.say_near("", 2) == ""


def test_what_somebody_wrote_with_a_full_stop_ends_the_sentence_once() -> None:
    event = Event(1, "task_completed", {"element": "ask"}, {"answer": "By eight."})
    assert sentences.of(event, words(event)) == "Ann completed “Ask”: answer = By eight."


def test_states_and_what_moves_a_clock_are_told_in_words() -> None:
    changed = Event(1, "state_changed", {"from": "in_progress", "to": "solved", "label": "Solved"})
    met = Event(2, "goal_met", {"goal": "answer", "by": "mail t_hello"})
    on = Event(3, "goal_resumed", {"goal": "answer", "by": "state in_progress"})
    say = replace(
        words(),
        label=lambda kind, key: {"in_progress": "At work", "answer": "First answer"}[key],
        cause=lambda text: reason(text, {"mail t_hello": "Hello …", "state in_progress": "At work"}),
    )
    assert [sentences.of(it, say) for it in (changed, met, on)] == [
        "The state became “Solved” (it was “At work”).",
        "Goal “First answer” was met (the mail “Hello …” was sent).",
        "Goal “First answer” goes on (state “At work”).",
    ]


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (
            Event(1, "error_thrown", {"element": "ask", "code": "DEAD", "caught_by": "again"}),
            "The error “DEAD” was thrown at “Ask” and caught by “Again”.",
        ),
        (
            Event(1, "error_thrown", {"element": "ask", "code": "DEAD", "caught_by": None}),
            "The error “DEAD” was thrown at “Ask”, and nothing caught it.",
        ),
        (
            Event(1, "escalation_thrown", {"element": "ask", "code": "LATE", "caught_by": None}),
            "The escalation “LATE” was thrown at “Ask”, and nothing had to catch it: the process goes on.",
        ),
        (
            Event(1, "compensating", {"element": "ask", "activity": "each", "handler": "again"}),
            "What “Each” did is undone by “Again”.",
        ),
        (
            Event(1, "token_moved", {"from": "ask", "to": "each"}, {"reason": "The line is gone."}),
            "Ann moved the ticket from “Ask” to “Each”: The line is gone.",
        ),
        (
            Event(1, "incident_closed", {"element": "ask", "how": "skipped"}, {"reason": "No need"}),
            "Ann closed the incident: “Ask” is skipped: No need.",
        ),
        (
            Event(1, "incident_closed", {"retry": True}),
            "Ann closed the incident: it is tried again.",
        ),
        (
            Event(1, "token_moved", {"from": "ask", "to": "each"}, erased=("reason",)),
            "Ann moved the ticket from “Ask” to “Each”: (erased).",
        ),
    ],
)  # fmt: skip
def test_errors_repairs_and_compensation_are_told_in_a_sentence(event: Event, told: str) -> None:
    assert sentences.of(event, words(event)) == told


def test_items_are_counted_anew_each_time_an_activity_is_done() -> None:
    trail = items(1, "ask", 5), items(2, "ask", 3)
    scopes = words(*trail).scopes
    assert scopes.say("ask#2", 1) == "“Ask”, item 2 of 5"
    assert scopes.say("ask#2", 2) == "“Ask”, item 2 of 3"


def test_how_many_items_come_one_after_the_other_is_not_guessed() -> None:
    scopes = words(items(1, "each", 2)).scopes
    assert scopes.say("each#2", 1) == "“Each”, item 2"


def test_rounds_of_a_loop_are_rounds() -> None:
    assert words(items(1, "again", 2)).scopes.say("again#2", 1) == "“Again”, round 2"


def test_what_an_id_was_told_of_first_says_where_later_events_of_it_are() -> None:
    opened = Event(2, "task_opened", {"task": "t1", "element": "work", "scope": "call#1"})
    completed = Event(3, "task_completed", {"task": "t1", "element": "work"})
    say = words(passed(1, ["entered", "call"], ["entered", "work", "call#1", "other"]), opened, completed)
    assert say.scopes.place(completed) == ("call#1", "work")
    assert sentences.of(completed, say) == "In “Call”, item 1 of 1: Ann completed “Work”."


def test_a_later_version_behind_the_same_call_has_a_sheet_of_its_own() -> None:
    trail = (
        passed(
            1,
            ["entered", "call"],
            ["entered", "work", "call#1", "other"],
            ["left", "work", "call#1", "other"],
        ),
        passed(2, ["entered", "call"], ["entered", "work", "call#1", "other", "8"]),
    )
    drawing = sheets.Drawing(trail, words(*trail), closed=False)
    assert [(it.at, it.version, it.current) for it in drawing.sheets.values()] == [
        ("", 1, ["call"]),
        ("call#1", 7, []),
        ("call#1~2", 8, ["work"]),
    ]


def test_an_open_incident_holds_the_place_until_it_is_closed() -> None:
    data = {"incident": "i1", "element": "ask"}
    opened = passed(1, ["entered", "ask"]), Event(2, "incident_opened", data, {"message": "m"})
    closed = (*opened, Event(3, "incident_closed", {"incident": "i1", "how": "retried"}))
    for trail, halted in ((opened, True), (closed, False)):
        (stand,) = sheets.Drawing(trail, words(*trail), closed=False).stands()
        assert (stand.element, stand.halted) == ("Ask", halted)


def test_a_thousand_items_that_do_the_same_are_told_together() -> None:
    trail = (items(1, "ask", 1000),)
    blocks = timeline.blocks(trail, words(*trail))
    assert [it.where for it in blocks] == ["", "“Ask”, 1000 items"]
    assert blocks[1].lines[0].text == "It went on to “in” (1000 times)."


def test_a_long_value_is_cut_and_says_how_long_it_is() -> None:
    event = Event(1, "variables_written", {"element": "ask"}, {"lines": ["line"] * 1000})
    told = sentences.of(event, words(event))
    assert len(told) < 700
    assert "… (5998 characters)" in told


def test_without_any_event_there_is_nothing_to_tell() -> None:
    assert timeline.blocks((), words()) == []
    drawing = sheets.Drawing((), words(), closed=False)
    assert list(drawing.sheets) == [""]
    assert drawing.stands() == []
