"""Joins that wait for ever, and joins that only look so."""

from __future__ import annotations

import pytest

from tests.parts.flow.seeing import flow, path, seen
from tests.parts.spiff.drawing import declared, draw, node, on, on_message, on_timer, sub

FORK = "start s; and fork; user a; user b; "
NEWS = '<message id="m" name="m" />'


def test_a_parallel_join_behind_an_exclusive_split_waits_for_ever() -> None:
    source = draw("start s; xor x; user a; user b; and j; end e", "s>x; x>a *; x>b [=v]; a>j; b>j>e")
    assert seen(source) == [("error", "deadlock", "j"), ("warning", "dead", "e")]
    assert path(source, "deadlock") == "s x f2 a j"
    assert path(source, "dead") == "s x f2 a j e"


def test_the_finding_says_which_branch_the_join_waits_for() -> None:
    source = draw("start s; xor x; user a; user b; and j; end e", "s>x; x>a *; x>b [=v]; a>j; b>j>e")
    assert flow(source)[0].message == (
        "Expected 'j' to get a token over each of its flows, but it never gets one from 'b': it waits for ever."
    )


def test_a_branch_that_may_end_elsewhere_leaves_the_join_waiting() -> None:
    source = draw(
        FORK + "xor x; and j; end e; end other", "s>fork; fork>a>j; fork>b>x; x>j *; x>other [=v]; j>e"
    )
    assert seen(source) == [("error", "deadlock", "j")]
    assert path(source, "deadlock") == "s fork a b x f7 j"
    assert "on this path none can come from 'x' any more" in flow(source)[0].message


def test_a_timer_that_takes_a_branch_away_leaves_the_join_waiting() -> None:
    source = draw(
        FORK + f"{on_timer('late', 'b', 'PT1H')}; and j; end e; end other",
        "s>fork; fork>a>j; fork>b>j; late>other; j>e",
    )
    assert seen(source) == [("error", "deadlock", "j")]
    assert path(source, "deadlock") == "s fork a b late j"


def test_two_choices_that_must_disagree_are_a_warning_for_data_may_keep_them_together() -> None:
    flows = "s>fork; fork>a>x; fork>b>y; x>j *; x>n1 [=v]; y>j *; y>n2 [=v]; j>e"
    source = draw(FORK + "xor x; xor y; and j; end e; end n1; end n2", flows)
    assert seen(source) == [("warning", "deadlock", "j")]


def test_what_an_inclusive_split_leaves_out_is_a_warning_at_a_parallel_join() -> None:
    flows = "s>o; o>a [=v]; o>b [=w]; o>c *; a>j; b>j; c>end2; j>e"
    source = draw("start s; or o; user a; user b; user c; and j; end e; end end2", flows)
    assert seen(source) == [("warning", "deadlock", "j")]


def test_a_join_that_waits_for_a_timer_beside_its_other_branch_may_wait_for_ever() -> None:
    late = on_timer("late", "a", "PT1H", interrupting=False)
    source = draw(f"start s; user a; {late}; and j; end e", "s>a>j; late>j; j>e")
    assert seen(source) == [("error", "deadlock", "j")]


def test_a_join_in_its_own_way_waits_for_ever() -> None:
    source = draw("start s; and j; user a; xor x; end e", "s>j>a>x; x>j [=v]; x>e *")
    assert ("error", "deadlock", "j") in seen(source)


def test_a_deadlock_in_a_sub_process_is_told_with_the_way_into_it() -> None:
    inside = sub("sp", "start i; xor x; and j; end k", "i>x; x>j [=v]; x>j *; j>k", prefix="g")
    source = draw(f"start s; user u; {inside}; user after; end e", "s>u>sp>after>e")
    assert [it for it in seen(source) if it[1] == "deadlock"] == [("error", "deadlock", "j")]
    assert path(source, "deadlock") == "s u sp i x g2 j"
    assert ("warning", "dead", "after") in seen(source)


@pytest.mark.parametrize(
    ("nodes", "flows"),
    [
        ("and fork; user a; user b; and j", "s>fork; fork>a>j; fork>b>j; j>e"),
        ("and fork; user a; user b; user c; and j; and k", "s>fork; fork>a>j; fork>b>j; fork>c>k; j>k; k>e"),
        ("or o; user a; user b; or j", "s>o; o>a [=v]; o>b *; a>j; b>j; j>e"),
        ("or o; user a; user b; user c; or j", "s>o; o>a [=v]; o>b [=w]; o>c *; a>j; b>j; c>j; j>e"),
        ("xor m; and fork; user a; user b; and j; xor x", "s>m>fork; fork>a>j; fork>b>j; j>x; x>m [=v]; x>e *"),
        (
            "and fork; xor x; user a; user b; xor y; user c; and j",
            "s>fork; fork>x; x>a [=v]; x>b *; a>y; b>y; y>j; fork>c>j>e",
        ),
        ("xor x; user a; user b; or j", "s>x; x>a *; x>b [=v]; a>j; b>j>e"),
    ],
)  # fmt: skip
def test_what_is_joined_as_it_was_split_is_in_order(nodes: str, flows: str) -> None:
    assert seen(draw(f"start s; {nodes}; end e", flows)) == []


def test_a_terminate_end_beside_a_branch_is_in_order() -> None:
    stop = node("end", "stop", on("terminate"))
    source = draw(FORK + f"xor x; end e; {stop}", "s>fork; fork>a>x; x>e *; x>stop [=v]; fork>b>e")
    assert seen(source) == []


def test_a_monitor_that_goes_round_beside_the_work_is_in_order_if_the_work_ends_it() -> None:
    stop = node("end", "stop", on("terminate"))
    wait = node("catch", "wait", on("message", "m"))
    source = draw(
        FORK.replace("user b", f"{wait}; xor again") + stop,
        "s>fork; fork>again>wait>again; fork>a>stop",
        NEWS,
    )
    assert seen(source) == []


def test_a_reminder_at_each_of_ten_tasks_is_looked_at_alone() -> None:
    tasks = [
        f"user t{n}; {on_timer(f'r{n}', f't{n}', 'R/PT1H', 'cycle', interrupting=False)}; user c{n}; end n{n}"
        for n in range(10)
    ]
    flows = "s>" + ">".join(f"t{n}" for n in range(10)) + ">m; "
    flows += "; ".join(f"r{n}>c{n}>n{n}" for n in range(10)) + "; m>x; x>t0b [=v]; x>e *; t0b>m".replace(
        "t0b", "again"
    )
    assert seen(draw(f"start s; {'; '.join(tasks)}; xor m; xor x; user again; end e", flows)) == []


def test_an_error_that_ends_a_sub_process_takes_no_token_from_a_join_inside() -> None:
    inside = sub("sp", f"start i; and f; xor x; user b; and j; {node('end', 'bad', on('error', 'err'))}; end k",
                 "i>f; f>x; x>j *; x>bad [=v]; f>b>j; j>k", prefix="g")  # fmt: skip
    caught = node("boundary", "caught", on("error", "err"), attachedToRef="sp")
    source = draw(
        f"start s; {inside}; {caught}; end e; end e2", "s>sp>e; caught>e2", declared("error", "err", code="E")
    )
    assert seen(source) == []


def test_a_message_that_interrupts_the_whole_is_no_reason_against_a_deadlock() -> None:
    inside = sub(
        "sp",
        "start i; xor x; user a; user b; and j; end k",
        "i>x; x>a [=v]; x>b *; a>j; b>j; j>k",
        prefix="g",
    )
    source = draw(
        f"start s; {inside}; {on_message('gone', 'sp', 'm')}; end e; end e2", "s>sp>e; gone>e2", NEWS
    )
    assert ("error", "deadlock", "j") in seen(source)
