"""Loops that never wait, processes that never end, and elements that no token comes to."""

from __future__ import annotations

from engine.flow import lint
from tests.parts.flow.seeing import flow, pack, path, seen
from tests.parts.spiff.drawing import (
    boundary,
    declared,
    draw,
    event_sub,
    extension,
    message,
    node,
    on,
    on_message,
    on_timer,
    script,
    start,
    sub,
)

NEWS = message("m")
STEP = script("step", "=1", "x")


def test_a_loop_that_nothing_leaves_and_in_which_nothing_waits_is_an_error() -> None:
    source = draw(f"start s; xor m; {STEP}; end e; and f", "s>m>step>f; f>m; f>e")
    assert ("error", "endless-loop", "m") in seen(source)
    assert path(source, "endless-loop") == "s m step f m"


def test_a_loop_that_a_condition_ends_is_a_warning() -> None:
    source = draw(f"start s; xor m; {STEP}; xor x; end e", "s>m>step>x; x>m [=x]; x>e *")
    assert seen(source) == [("warning", "endless-loop", "m")]
    assert path(source, "endless-loop") == "s m step x m"


def test_a_loop_with_a_task_in_it_waits() -> None:
    assert seen(draw("start s; xor m; user u; xor x; end e", "s>m>u>x; x>m [=x]; x>e *")) == []


def test_a_loop_over_a_sub_process_waits_where_something_in_it_does() -> None:
    flows = "s>m>sp>x; x>m [=x]; x>e *"
    waiting = sub("sp", "start i; user u; end k", "i>u>k", prefix="g")
    at_once = sub("sp", f"start i; {STEP}; end k", "i>step>k", prefix="g")
    assert seen(draw(f"start s; xor m; {waiting}; xor x; end e", flows)) == []
    assert seen(draw(f"start s; xor m; {at_once}; xor x; end e", flows)) == [("warning", "endless-loop", "m")]


def test_a_loop_that_an_error_closes_is_seen() -> None:
    inside = sub("sp", f"start i; {node('end', 'bad', on('error', 'err'))}", "i>bad", prefix="g")
    caught = boundary("caught", "sp", on("error", "err"))
    nodes = f"start s; xor m; {inside}; {caught}; xor x; end e"
    source = draw(nodes, "s>m>sp; caught>x; x>m [=x]; x>e *", declared("error", "err", code="E"))
    assert ("warning", "endless-loop", "m") in seen(source)


def test_a_loop_that_waits_at_a_join_for_somebody_else_is_no_endless_one() -> None:
    nodes = "start s; and f; xor m; user u; and j; xor x; end e"
    flows = "s>f; f>m; f>u>j; m>j; j>x; x>m [=v]; x>e *"
    assert [it for it in seen(draw(nodes, flows)) if it[1] == "endless-loop"] == []


def test_tasks_that_go_round_for_ever_never_end() -> None:
    source = draw("start s; xor m; user u; user v; xor x; end e", "s>x; x>m [=x]; x>e *; m>u>v>m")
    assert seen(source) == [("error", "never-ends", "m")]
    assert path(source, "never-ends") == "s x f2 m"


def test_what_an_event_can_end_from_outside_may_go_round_for_ever() -> None:
    round_ = sub("sp", "start i; xor x; xor m; user u; end k", "i>x; x>m [=x]; x>k *; m>u>m", prefix="g")
    assert seen(draw(f"start s; {round_}; end e", "s>sp>e")) == [("error", "never-ends", "m")]
    timer = on_timer("enough", "sp", "PT8H")
    assert seen(draw(f"start s; {round_}; {timer}; end e", "s>sp>e; enough>e")) == []
    stop = event_sub("es", start("si", on("message", "m1")) + "; end ei", "si>ei", prefix="h")
    inner = round_.replace("</subProcess>", stop + "</subProcess>")
    assert seen(draw(f"start s; {inner}; end e", "s>sp>e", message("m1"))) == []


def test_a_called_process_that_its_caller_can_end_may_go_round_for_ever() -> None:
    round_ = draw("start s; xor x; xor m; user u; end k", "s>x; x>m [=x]; x>k *; m>u>m", key="q")
    call = node("call", "c", '<extensionElements><zeebe:calledElement processId="q" /></extensionElements>')
    assert pack(round_) == [("1", "error", "never-ends", "m")]
    caller = draw(f"start s; {call}; {on_timer('late', 'c', 'PT1H')}; end e", "s>c>e; late>e")
    assert pack(round_, caller) == []


def test_what_stands_behind_a_call_that_never_completes_is_dead() -> None:
    bad = node("end", "bad", on("error", "err"))
    fails = draw(f"start s; user u; {bad}", "s>u>bad", declared("error", "err", code="E"), key="q")
    call = node("call", "c", '<extensionElements><zeebe:calledElement processId="q" /></extensionElements>')
    caught = boundary("caught", "c", on("error", "err"))
    caller = draw(f"start s; {call}; {caught}; user v; end e; end e2", "s>c>v>e; caught>e2",
                  declared("error", "err", code="E"))  # fmt: skip
    assert pack(caller) == []  # alone, what it calls may do anything
    assert pack(caller, fails) == [("1", "warning", "dead", "v")]


def test_an_error_that_nothing_throws_is_caught_in_vain() -> None:
    inside = sub("sp", "start i; user u; end k", "i>u>k", prefix="g")
    caught = boundary("caught", "sp", on("error", "err"))
    source = draw(
        f"start s; {inside}; {caught}; end e; end e2", "s>sp>e; caught>e2", declared("error", "err", code="E")
    )
    assert seen(source) == [("warning", "dead", "caught")]
    assert path(source, "dead") == "s sp caught"


def test_an_error_of_another_code_goes_past() -> None:
    inside = sub("sp", f"start i; {node('end', 'bad', on('error', 'one'))}", "i>bad", prefix="g")
    caught = boundary("caught", "sp", on("error", "other"))
    codes = (declared("error", "one", code="E1"), declared("error", "other", code="E2"))
    found = seen(draw(f"start s; {inside}; {caught}; end e; end e2", "s>sp>e; caught>e2", *codes))
    assert ("warning", "dead", "caught") in found


def test_a_service_may_throw_any_error() -> None:
    caught = boundary("caught", "v", on("error", "err"))
    service = node("service", "v", '<extensionElements><zeebe:taskDefinition type="t" /></extensionElements>')
    source = draw(
        f"start s; {service}; {caught}; end e; end e2", "s>v>e; caught>e2", declared("error", "err", code="E")
    )
    assert seen(source) == []


def test_two_parallel_branches_into_an_exclusive_merge_run_twice_what_follows() -> None:
    source = draw("start s; and f; user a; user b; xor m; user c; end e", "s>f; f>a>m; f>b>m; m>c>e")
    assert seen(source) == [("warning", "runs-twice", "m")]
    assert path(source, "runs-twice") == "s f a b m"


def test_parallel_branches_may_end_at_the_same_end_event() -> None:
    assert seen(draw("start s; and f; user a; user b; xor m; end e", "s>f; f>a>m; f>b>m; m>e")) == []


def test_a_reminder_that_leads_back_runs_twice_what_follows() -> None:
    late = on_timer("late", "a", "PT1H", interrupting=False)
    source = draw(f"start s; user a; {late}; xor m; user b; end e", "s>a>m; late>m; m>b>e")
    assert seen(source) == [("warning", "runs-twice", "m")]
    assert path(source, "runs-twice") == "s a late m"


def test_a_message_that_interrupts_runs_nothing_twice() -> None:
    news = on_message("news", "a", "m1")
    assert (
        seen(draw(f"start s; user a; {news}; xor m; user b; end e", "s>a>m; news>m; m>b>e", message("m1")))
        == []
    )


def test_a_link_is_a_way() -> None:
    throw, catch = node("throw", "go", on("link", "L")), node("catch", "here", on("link", "L"))
    source = draw(
        f"start s; and f; user a; user b; {throw}; {catch}; and j; end e", "s>f; f>a>j; f>b>go; here>j>e"
    )
    assert seen(source) == []


def test_of_a_race_each_event_is_a_way() -> None:
    late = node(
        "catch",
        "late",
        '<timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT1H</timeDuration></timerEventDefinition>',
    )
    nodes = (
        f"start s; race r; {node('catch', 'news', on('message', 'm1'))}; {late}; user a; user b; and j; end e"
    )
    source = draw(nodes, "s>r; r>news>a>j; r>late>b>j; j>e", message("m1"))
    assert [it for it in seen(source) if it[0] == "error"] == [("error", "deadlock", "j")]
    assert path(source, "deadlock") == "s r f2 news a j"


def test_the_finding_is_one_sentence_with_its_remedy() -> None:
    (found,) = flow(draw("start s; and f; user a; user b; xor m; user c; end e", "s>f; f>a>m; f>b>m; m>c>e"))
    assert (
        found.message
        == "Expected one token at a time at 'm', but two can come at once: what follows runs twice."
    )
    assert found.remedy.startswith("Join what runs in parallel")
    assert found.line is not None


def test_a_file_whose_process_calls_itself_is_refused_alone_and_what_it_only_calls_is_not() -> None:
    def calling(process: str) -> bytes:
        called = extension(f'<zeebe:calledElement processId="{process}" />')
        return draw(f"start s; {node('call', 'again', called)}; end e", "s>again>e")

    (finding,) = [it for it in lint(calling("p"), "p.bpmn") if it.severity == "error"]
    assert (finding.rule, finding.element, finding.path) == ("called-process", "again", ("p", "p"))
    assert [it for it in lint(calling("other"), "p.bpmn") if it.severity == "error"] == []
