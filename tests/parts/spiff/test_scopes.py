"""Sub-processes and called processes: what they see, what they keep, what they hand back."""

from __future__ import annotations

from .drawing import draw, extension, level, mapping, message, node, on_timer, process, script
from .playing import begin


def sub(inside: str, says: str = "") -> str:
    return node("sub", "sp", (extension(says) if says else "") + inside)


def call(says: str = "", attributes: str = "") -> str:
    return node("call", "c", extension(f'<zeebe:calledElement processId="inner" {attributes} />{says}'))


ONLY_INPUTS = 'propagateAllParentVariables="false"'
ONLY_OUTPUTS = 'propagateAllChildVariables="false"'
INNER = process("inner", level("start si; user ask; end ei", "si>ask>ei", prefix="g"))


def test_a_sub_process_sees_and_writes_what_is_around_it() -> None:
    inside = level(f"start si; {script('n', '={n: n + 1, new: 1}')}; end ei", "si>n>ei", prefix="g")
    play = begin(draw(f"start s; {sub(inside)}; end e", "s>sp>e"), n=1)
    assert play.variables == {"n": 2, "new": 1}


def test_inputs_of_a_sub_process_are_its_own_variables() -> None:
    inside = level(f"start si; user a; {script('n', '={n: n + 1}')}; end ei", "si>a>n>ei", prefix="g")
    source = draw(f"start s; {sub(inside, mapping({'n': '=10'}, {'out': '=n'}))}; end e", "s>sp>e")
    play = begin(source, n=1)
    assert play.run.variables(play.wait("a").id) == {"n": 10}
    assert play.wait("a").scope == ("sp",)
    play.complete("a", n=20)
    assert play.variables == {"n": 1, "out": 21}


def test_a_sub_process_ends_when_its_last_token_does() -> None:
    inside = level(
        "start si; and fork; user a; user b; end x; end y", "si>fork fork>a>x fork>b>y", prefix="g"
    )
    play = begin(draw(f"start s; {sub(inside)}; user after; end e", "s>sp>after>e"))
    play.complete("b")
    assert play.waiting == ["a"]
    play.complete("a")
    assert play.waiting == ["after"]


def test_a_timer_on_a_sub_process_runs_while_anything_inside_is_open() -> None:
    inside = level("start si; user a; user b; end ei", "si>a>b>ei", prefix="g")
    event = on_timer("late", "sp", "PT1H", interrupting=False)
    play = begin(draw(f"start s; {sub(inside)}; end e; user look; end n; {event}", "s>sp>e late>look>n"))
    armed = play.wait("late").id
    play.complete("a")
    assert play.wait("late").id == armed
    play.fire("late")
    assert play.waiting == ["b", "look"]


def test_a_called_process_gets_a_copy_and_hands_back_what_it_wrote() -> None:
    play = begin(draw(f"start s; {call()}; user after; end e", "s>c>after>e", INNER), a=1, b=2)
    wait = play.wait("ask")
    assert wait.scope == ("c",)
    assert play.run.variables(wait.id) == {"a": 1, "b": 2}
    play.complete("ask", b=3, new=4)
    assert play.variables == {"a": 1, "b": 3, "new": 4}


def test_a_called_process_does_not_undo_what_its_caller_wrote_meanwhile() -> None:
    source = draw(
        f"start s; and fork; {call()}; user own; and join; end e",
        "s>fork fork>c>join fork>own>join join>e",
        INNER,
    )
    play = begin(source, a=1, b=1)
    play.complete("own", a=2)
    play.complete("ask", b=2)
    assert play.variables == {"a": 2, "b": 2}


def test_a_call_may_hand_in_and_take_out_only_what_is_mapped() -> None:
    says = mapping({"x": "=a"}, {"y": "=x + z"})
    source = draw(f"start s; {call(says, ONLY_INPUTS)}; end e", "s>c>e", INNER)
    play = begin(source, a=1, b=2)
    assert play.run.variables(play.wait("ask").id) == {"x": 1}
    play.complete("ask", z=5)
    assert play.variables == {"a": 1, "b": 2, "y": 6}


def test_a_call_may_hand_back_nothing() -> None:
    source = draw(f"start s; {call(attributes=ONLY_OUTPUTS)}; end e", "s>c>e", INNER)
    play = begin(source, a=1)
    play.complete("ask", a=2, z=5)
    assert play.variables == {"a": 1}


def test_a_called_process_says_which_process_it_is_and_where_it_was_called() -> None:
    play = begin(draw(f"start s; {call()}; end e", "s>c>e", INNER))
    opened = play.what("task_opened")[0]
    assert (opened["process"], opened["scope"]) == ("inner", ["c"])


def test_interrupting_a_call_cancels_all_that_is_in_it() -> None:
    source = draw(f"start s; {call()}; end e; {on_timer('late', 'c', 'PT1H')}", "s>c>e late>e", INNER)
    play = begin(source, a=1)
    play.fire("late")
    assert play.path("cancelled") == ["ask", "c"]
    assert play.run.ended == "completed"
    assert play.variables == {"a": 1}


def test_a_message_in_a_called_process_writes_into_that_process() -> None:
    catch = node("receive", "r", messageRef="m")
    inner = process("inner", level(f"start si; {catch}; user ask; end ei", "si>r>ask>ei", prefix="g"))
    play = begin(draw(f"start s; {call()}; end e", "s>c>e", message("m"), inner))
    play.deliver("r", got=1)
    assert play.variables == {}
    play.complete("ask")
    assert play.variables == {"got": 1}


def test_writes_say_into_which_scope_they_went() -> None:
    inside = level("start si; user a; end ei", "si>a>ei", prefix="g")
    play = begin(draw(f"start s; {sub(inside, mapping({'n': '=1'}))}; end e", "s>sp>e"), x=0)
    play.complete("a", n=2, x=3)
    written = [
        (tuple(it.data["scope"]), dict(it.values)) for it in play.happenings if it.kind == "variables_written"
    ]
    assert written == [((), {"x": 0}), (("sp",), {"n": 1}), (("sp",), {"n": 2}), ((), {"x": 3})]
