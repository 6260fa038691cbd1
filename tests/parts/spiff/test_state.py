"""The state: what it holds, how small it stays, and that going through it changes nothing."""

from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.feel.values import DaysTimeDuration
from engine.ids import Ids
from engine.spiff import Env, Run, UnreadableState

from .drawing import (
    draw,
    event_sub,
    extension,
    level,
    mapping,
    message,
    node,
    on,
    on_message,
    on_timer,
    process,
    start,
)
from .playing import NOON, Play, begin, linked
from .test_spike import TICKET_LOOP


def wide() -> bytes:
    """A process in which everything that a state can hold is open at once."""
    inside = level(
        "start si; and gf; user g1; user g2; and gj; end ei", "si>gf gf>g1>gj gf>g2>gj gj>ei", prefix="i"
    )
    sub = node("sub", "sp", extension(mapping({"own": "=1"})) + inside)
    call = node("call", "c", extension('<zeebe:calledElement processId="inner" />'))
    service = node("service", "sv", extension('<zeebe:taskDefinition type="t" />' + mapping({"i": "=x"})))
    task = node(
        "user",
        "u",
        extension(
            '<zeebe:assignmentDefinition assignee="ann" candidateGroups="a,b" />'
            '<zeebe:taskSchedule dueDate="=now()" />' + mapping({"i": "=x"})
        ),
    )
    events = [on_timer("cy", "sp", "R5/PT1H", "cycle", interrupting=False), on_message("ms", "c", "m")]
    return draw(
        f"start s; and fork; {sub}; {call}; {service}; {task}; and join; end e; end n; {'; '.join(events)}",
        "s>fork fork>sp>join fork>c>join fork>sv>join fork>u>join join>e cy>n ms>n",
        message("m", "m", "=x"),
        process("inner", level("start is; user ask; end ie", "is>ask>ie", prefix="h")),
    )


HISTORY: list[tuple[str, str, dict[str, Any]]] = [
    ("complete", "g2", {"x": "y"}),
    ("fire", "cy", {}),
    (
        "complete",
        "sv",
        {"r": Decimal("1.50"), "d": date(2026, 1, 2), "w": DaysTimeDuration.of(timedelta(hours=1))},
    ),
    ("complete", "ask", {"x": "z", "deep": {"$odd": [None, True, {"a": datetime(2026, 1, 2, tzinfo=UTC)}]}}),
    ("fire", "cy", {}),
    ("complete", "u", {}),
    ("complete", "g1", {}),
]


def do(play: Play, step: tuple[str, str, dict[str, Any]]) -> None:
    kind, element, values = step
    getattr(play, kind)(element, **values)


def test_saving_and_loading_between_any_two_steps_changes_nothing() -> None:
    kept, reloaded = (begin(wide(), x="k", in_memory=in_memory) for in_memory in (True, False))
    for step in HISTORY:
        assert json.dumps(kept.run.dump()) == json.dumps(reloaded.run.dump())
        assert list(kept.run.waits.items()) == list(reloaded.run.waits.items())
        do(kept, step)
        do(reloaded, step)
    assert kept.happenings == reloaded.happenings
    assert kept.run.ended == reloaded.run.ended == "completed"
    assert kept.variables == reloaded.variables


def test_the_same_command_on_the_same_state_gives_the_same_bytes() -> None:
    once, again = begin(wide(), x="k"), begin(wide(), x="k")
    for step in HISTORY:
        do(once, step)
        do(again, step)
        assert json.dumps(once.run.dump()) == json.dumps(again.run.dump())
    assert once.happenings == again.happenings


def test_values_come_back_as_they_were() -> None:
    play = begin(draw("start s; user a; user b; end e", "s>a>b>e"))
    values = HISTORY[2][2] | HISTORY[3][2]
    play.complete("a", **values)
    play.complete("b")
    assert play.variables == values
    assert str(play.variables["r"]) in ("1.50", "1.5")


def test_the_state_of_an_ended_run_holds_no_token() -> None:
    play = begin(draw("start s; user a; end e", "s>a>e"), x=1)
    play.complete("a")
    assert play.run.dump() == {"v": 1, "p": "p", "d": {"x": 1}, "e": "completed"}
    assert Run.load(play.program, play.run.dump(), play.env()).ended == "completed"


def test_a_state_that_was_saved_by_the_first_version_still_goes_on() -> None:
    """The file is never written again: it is the past, and the past must stay readable."""
    saved = json.loads((Path(__file__).parent / "states" / "format_1.json").read_text())
    play = begin(wide(), x="k")
    play.run = Run.load(play.program, saved, play.env())
    assert play.run.dump() == saved
    for step in HISTORY[2:]:
        do(play, step)
    assert play.run.ended == "completed"
    assert play.variables["deep"] == HISTORY[3][2]["deep"]


def test_runs_of_one_program_do_not_know_of_each_other() -> None:
    program = linked(wide())
    one, other = (Play(program, "p", None, True, lambda *_: None, {"x": x}) for x in ("k", "l"))
    for step in HISTORY:
        do(one, step)
    assert (one.run.ended, other.run.ended) == ("completed", None)
    assert other.variables == {"x": "l"}
    assert len(other.waits) == 7


def test_what_waits_at_a_join_is_a_count() -> None:
    play = begin(draw("start s; and f; user a; user b; and j; end e", "s>f f>a>j f>b>j j>e"))
    play.complete("a")
    assert play.run.dump()["a"] == {"f3": 1}


@pytest.mark.parametrize(
    "state",
    [None, [], {}, {"v": 2, "p": "p"}, {"v": 1}, {"v": 1, "p": "p", "t": [["gone"]]}, {"v": 1, "p": "p", "t": [[]]},
     {"v": 1, "p": "p", "t": [["a", [["u", "no uuid", 0, None]]]]}, {"v": 1, "p": "p", "d": {"x": 1.5}}],
)  # fmt: skip
def test_a_state_of_another_format_or_process_says_so(state: Any) -> None:
    program = linked(draw("start s; user a; end e", "s>a>e"))
    with pytest.raises(UnreadableState, match="Expected a run of"):
        Run.load(program, state, Env(NOON, Ids(b"", NOON), lambda *_: None))


def test_a_state_of_a_process_that_the_pack_no_longer_has_says_so() -> None:
    program = linked(draw("start s; user a; end e", "s>a>e"))
    with pytest.raises(UnreadableState):
        Run.load(program, {"v": 1, "p": "gone"}, Env(NOON, Ids(b"", NOON), lambda *_: None))


def test_a_ticket_with_everything_open_is_small() -> None:
    assert begin(TICKET_LOOP, rework=True, subject="Router dead since Monday").size < 400
    assert begin(wide(), x="k").size < 1000


def test_a_step_with_loading_and_dumping_takes_little_time() -> None:
    play = begin(TICKET_LOOP, rework=True)
    play.complete("work", rework=True)
    times = []
    for _ in range(300):
        before = time.perf_counter()
        play.complete("work", rework=True)
        times.append(time.perf_counter() - before)
    assert sorted(times)[150] < 0.003  # a tenth of it on an idle machine; this only catches a wrong order


def test_no_clock_and_no_chance_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    import uuid

    import SpiffWorkflow.task

    def forbidden(*_: object) -> None:
        raise AssertionError("a step reached for the clock or for chance")

    program = linked(wide())
    for module, name in ((uuid, "uuid4"), (SpiffWorkflow.task, "uuid4"), (time, "time")):
        monkeypatch.setattr(module, name, forbidden)
    play = Play(program, "p", None, False, lambda *_: None, {"x": "k"})
    for step in HISTORY:
        do(play, step)
    assert play.run.ended == "completed"


@pytest.mark.parametrize("state", [{"a": {"gone": 1}}, {"m": [["gone"]]}, {"m": [["a"]], "a": {"f9": 2}}])
def test_a_place_that_the_diagram_does_not_have_says_so(state: dict[str, Any]) -> None:
    program = linked(draw("start s; user a; end e", "s>a>e"))
    with pytest.raises(UnreadableState, match="another shape"):
        Run.load(program, {"v": 1, "p": "p", **state}, Env(NOON, Ids(b"", NOON), lambda *_: None))


def test_a_finished_sub_process_that_can_not_be_left_stays_open_through_its_state() -> None:
    """Nothing is kept in it, but that it is there counts: it can be compensated."""
    es = event_sub("es", f"{start('sc', on('compensate'))}; user n; end ei", "sc>n>ei", prefix="g")
    inside = node("sub", "sp", level(f"start si; user a; end ej; {es}", "si>a>ej", prefix="h"))
    source = draw(
        f"start s; {inside}; {node('throw', 'undo', on('compensate'))}; end e",
        "s>sp sp>undo [ok] sp>e [true] undo>e",
    )
    for in_memory in (True, False):
        play = begin(source, in_memory=in_memory)
        play.complete("a")
        play.retry("sp", ok=True)
        assert play.waiting == ["n"]
