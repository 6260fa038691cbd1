"""Event sub-processes: armed with their scope, begun by their event only, and over with their scope."""

from __future__ import annotations

from datetime import timedelta

import pytest

from .drawing import (
    boundary,
    draw,
    event_sub,
    extension,
    level,
    mapping,
    message,
    node,
    on,
    on_timer,
    process,
    script,
    start,
    sub,
    timer,
)
from .playing import NOON, begin

CALL = extension('<zeebe:calledElement processId="inner" />')
CANCELS = on("message", "m")


def es(
    definition: str, *, interrupting: bool = True, id: str = "es", task: str = "n", mark: str = "k"
) -> str:
    first = start(f"{id}_s", definition, interrupting=interrupting)
    return event_sub(id, f"{first}; user {task}; end {id}_e", f"{id}_s>{task}>{id}_e", prefix=mark)


def test_the_customer_cancels_at_any_moment() -> None:
    source = draw(f"start s; user a; user b; end e; {es(CANCELS)}", "s>a>b>e", message("m", "cancelled"))
    for done in ([], ["a"]):
        play = begin(source)
        for task in done:
            play.complete(task)
        play.deliver("es_s", reason="solved itself")
        assert play.waiting == ["n"]
        assert play.variables == {"reason": "solved itself"}
        play.complete("n")
        assert play.run.ended == "completed"


def test_it_waits_before_the_start_event_runs_and_is_over_with_the_process() -> None:
    """In the library a timer's event sub-process keeps the process from ending."""
    source = draw(f"start s; user a; end e; {es(timer('duration', 'PT1H'))}", "s>a>e")
    play = begin(source)
    told = [(it.kind, it.element) for it in play.happenings]
    assert told.index(("timer_armed", "es_s")) < told.index(("entered", "s"))
    assert play.waiting == ["es_s", "a"]
    assert play.wait("es_s").due == NOON + timedelta(hours=1)
    play.complete("a")
    assert (play.run.ended, play.waiting) == ("completed", [])
    assert play.path("timer_cancelled") == ["es_s"]
    assert "es" not in play.path()


def test_beside_the_flow_it_runs_as_often_as_its_event_comes() -> None:
    source = draw(f"start s; user a; end e; {es(CANCELS, interrupting=False)}", "s>a>e", message("m"))
    play = begin(source)
    for number in range(3):
        play.deliver("es_s", number=number)
    assert play.waiting == ["es_s", "a", "n", "n", "n"]
    play.complete("a")
    assert play.run.ended is None
    assert play.waiting[0] == "es_s"


def test_the_scope_ends_when_its_last_instance_does() -> None:
    source = draw(f"start s; user a; end e; {es(CANCELS, interrupting=False)}", "s>a>e", message("m"))
    play = begin(source)
    play.deliver("es_s")
    play.complete("a")
    play.deliver("es_s")
    assert play.waiting == ["es_s", "n", "n"]
    play.complete_at(1)
    assert play.run.ended is None
    play.complete_at(1)
    assert play.run.ended == "completed"


def test_a_cycle_beside_the_flow_starts_it_again_and_again() -> None:
    source = draw(f"start s; user a; end e; {es(timer('cycle', 'R3/PT1H'), interrupting=False)}", "s>a>e")
    play = begin(source)
    for hour in (1, 2, 3):
        assert play.wait("es_s").due == NOON + timedelta(hours=hour)
        play.fire("es_s")
    assert play.waiting == ["a", "n", "n", "n"]


def test_an_interrupting_one_disarms_all_others_for_good() -> None:
    others = [es(timer("duration", "PT1H"), interrupting=False, id="es2", task="n2", mark="l"),
              es(on("message", "m2"), id="es3", task="n3", mark="o")]  # fmt: skip
    source = draw(
        f"start s; user a; end e; {es(CANCELS)}; {'; '.join(others)}", "s>a>e", message("m"), message("m2")
    )
    play = begin(source)
    play.fire("es2_s")
    play.deliver("es_s")
    assert play.waiting == ["n"]
    assert play.path("task_cancelled") == ["a", "n2"]
    assert sorted(play.path("message_ended")) == ["es3_s", "es_s"]


def test_an_interrupting_one_ends_what_is_parked_at_a_join() -> None:
    source = draw(
        f"start s; and f; user a; user b; and j; end e; {es(CANCELS)}", "s>f f>a>j f>b>j j>e", message("m")
    )
    play = begin(source)
    play.complete("a")
    play.deliver("es_s")
    play.complete("n")
    assert play.run.ended == "completed"


def test_in_a_sub_process_it_ends_that_and_the_flow_goes_on_behind_it() -> None:
    inside = sub("sp", f"start si; user a; user b; end ei; {es(CANCELS)}", "si>a>b>ei", prefix="g")
    source = draw(f"start s; {inside}; user after; end e", "s>sp>after>e", message("m"))
    play = begin(source)
    assert play.wait("es_s").scope == ("sp",)
    play.deliver("es_s", why="x")
    assert play.wait("n").scope == ("sp", "es")
    play.complete("n")
    assert play.waiting == ["after"]
    assert play.variables == {"why": "x"}


def test_in_a_called_process_it_belongs_to_that() -> None:
    inner = process("inner", level(f"start si; user a; end ei; {es(CANCELS)}", "si>a>ei", prefix="h"))
    source = draw(
        f"start s; {node('call', 'c', CALL)}; user after; end e",
        "s>c>after>e",
        message("m", key="=ticket"),
        inner,
    )
    play = begin(source, ticket="T-1")
    assert (play.wait("es_s").scope, play.wait("es_s").key) == (("c",), "T-1")
    play.deliver("es_s")
    assert play.waiting == ["n"]
    play.complete("n")
    assert play.waiting == ["after"]


def test_a_sub_process_entered_twice_arms_its_own_each_time() -> None:
    inside = sub("sp", f"start si; user a; end ei; {es(CANCELS)}", "si>a>ei", prefix="g")
    source = draw(f"start s; xor o; {inside}; xor x; end e", "s>o o>sp>x x>o [again] x>e *", message("m"))
    play = begin(source, again=True)
    first = play.wait("es_s").id
    play.complete("a")
    assert play.wait("es_s").id != first
    play.deliver("es_s", again=False)
    play.complete("n")
    assert play.run.ended == "completed"


def test_its_start_event_maps_what_came_and_it_is_told_as_a_sub_process() -> None:
    first = start(
        "si", extension(mapping(outputs={"said": "=text"})) + on("message", "m"), interrupting=False
    )
    box = event_sub("es", f"{first}; user n; end ei", "si>n>ei", prefix="g")
    play = begin(draw(f"start s; user a; end e; {box}", "s>a>e", message("m")))
    play.happenings.clear()
    play.deliver("si", text="hello", more=1)
    assert play.variables == {"said": "hello"}
    told = [(it.kind, it.element, tuple(it.data["scope"])) for it in play.happenings]
    assert told == [
        ("entered", "es", ()), ("entered", "si", ("es",)), ("variables_written", "si", ()), ("left", "si", ("es",)),
        ("taken", "g1", ("es",)), ("entered", "n", ("es",)), ("task_opened", "n", ("es",)),
    ]  # fmt: skip


def test_it_may_hold_an_event_sub_process_of_its_own() -> None:
    inner = es(on("message", "m2"), id="deep", task="d", mark="q")
    box = event_sub(
        "es", f"{start('si', on('message', 'm'))}; user n; end ei; {inner}", "si>n>ei", prefix="g"
    )
    play = begin(draw(f"start s; user a; end e; {box}", "s>a>e", message("m"), message("m2")))
    assert play.waiting == ["si", "a"]
    play.deliver("si")
    assert play.waiting == ["deep_s", "n"]
    play.deliver("deep_s")
    assert play.waiting == ["d"]
    play.complete("d")
    assert play.run.ended == "completed"


def test_interrupting_the_scope_around_ends_it_too() -> None:
    inside = sub("sp", f"start si; user a; end ei; {es(CANCELS, interrupting=False)}", "si>a>ei", prefix="g")
    source = draw(
        f"start s; {inside}; end e; user x; {on_timer('late', 'sp', 'PT1H')}", "s>sp>e late>x>e", message("m")
    )
    play = begin(source)
    play.deliver("es_s")
    play.fire("late")
    assert play.waiting == ["x"]
    assert sorted(play.path("task_cancelled")) == ["a", "n"]


def test_a_terminate_end_ends_its_running_instances_too() -> None:
    stop = node("end", "stop", on("terminate"))
    source = draw(f"start s; user a; {stop}; {es(CANCELS, interrupting=False)}", "s>a>stop", message("m"))
    play = begin(source)
    play.deliver("es_s")
    play.complete("a")
    assert (play.run.ended, play.waiting) == ("terminated", [])


def test_a_terminate_end_inside_it_ends_only_that_instance() -> None:
    first = start("si", on("message", "m"), interrupting=False)
    stop = node("end", "stop", on("terminate"))
    box = event_sub(
        "es", f"{first}; and f; user n; user o; {stop}; end ei", "si>f f>n>ei f>o>stop", prefix="g"
    )
    play = begin(draw(f"start s; user a; end e; {box}", "s>a>e", message("m")))
    play.deliver("si")
    play.complete("o")
    assert play.waiting == ["si", "a"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_message_that_comes_after_the_end_finds_nobody(interrupting: bool) -> None:
    """The library starts the event sub-process of a process that is over."""
    source = draw(f"start s; user a; end e; {es(CANCELS, interrupting=interrupting)}", "s>a>e", message("m"))
    play = begin(source)
    play.complete("a")
    assert (play.run.ended, play.waiting) == ("completed", [])
    assert play.path("message_ended") == ["es_s"]


def test_an_automatic_process_is_over_before_its_event_can_come() -> None:
    source = draw(f"start s; {script('t', '={x: 1}')}; end e; {es(CANCELS)}", "s>t>e", message("m"))
    play = begin(source)
    assert play.run.ended == "completed"


def test_its_work_writes_to_the_scope_it_stands_in() -> None:
    first = start("si", on("message", "m"), interrupting=False)
    box = event_sub("es", f"{first}; {script('t', '={n: n + 1}')}; end ei", "si>t>ei", prefix="g")
    inside = node("sub", "sp", extension(mapping({"n": "=10"}, {"out": "=n"}))
                  + level(f"start sa; user a; end ea; {box}", "sa>a>ea", prefix="h"))  # fmt: skip
    play = begin(draw(f"start s; {inside}; end e", "s>sp>e", message("m")), n=1)
    play.deliver("si")
    play.deliver("si")
    play.complete("a")
    assert play.variables == {"n": 1, "out": 12}


def test_a_boundary_beside_and_an_event_sub_process_hear_the_same_message_one_at_a_time() -> None:
    inside = sub("sp", f"start si; user a; end ei; {es(CANCELS, interrupting=False)}", "si>a>ei", prefix="g")
    hears = boundary("b", "sp", on("message", "m"), interrupting=False)
    play = begin(draw(f"start s; {inside}; {hears}; user x; end e", "s>sp>e b>x>e", message("m")))
    play.deliver("b")
    assert play.waiting.count("n") == 0
    assert play.waiting.count("x") == 1
