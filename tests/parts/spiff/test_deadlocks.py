"""Joins that wait in vain: a person is asked only when nothing that is open can end them."""

from __future__ import annotations

from .drawing import boundary, draw, event_sub, message, node, on, on_timer, start, sub
from .playing import begin

HALF = "xor x; and j; user after; user other"
WAYS = "x>j [left] x>other * j>after>e"


def test_a_join_that_lacks_a_token_for_ever_is_a_deadlock_while_others_still_work() -> None:
    source = draw(f"start s; and f; {HALF}; user m; end e", f"s>f f>x f>m>j {WAYS} other>e")
    play = begin(source, left=False)
    assert play.run.deadlocks == ()
    play.complete("m")
    assert play.waiting == ["other"]
    assert play.run.stuck == ("j",)
    assert play.run.deadlocks == (((), "j"),)


def test_it_is_none_while_another_token_may_end_the_process() -> None:
    stop = node("end", "stop", "<terminateEventDefinition />")
    source = draw(f"start s; and f; {HALF}; user m; end e; {stop}", f"s>f f>x f>m>j {WAYS} other>stop")
    play = begin(source, left=False)
    play.complete("m")
    assert (play.run.stuck, play.run.deadlocks) == (("j",), ())
    play.complete("other")
    assert play.run.ended == "terminated"


def inside() -> str:
    nodes = "start si; and f; xor x; and j; user m; user after; end ei; end en"
    return sub("sp", nodes, "si>f f>x f>m>j x>j [left] x>en * j>after>ei", prefix="g")


def test_it_is_none_while_an_event_may_interrupt_what_is_around_it() -> None:
    plain = draw(f"start s; {inside()}; end e", "s>sp>e")
    timed = draw(f"start s; {inside()}; {on_timer('late', 'sp', 'P1D')}; end e", "s>sp>e late>e")
    beside = draw(
        f"start s; {inside()}; {on_timer('late', 'sp', 'P1D', interrupting=False)}; end e", "s>sp>e late>e"
    )
    for source, found in ((plain, ((("sp",), "j"),)), (timed, ()), (beside, ((("sp",), "j"),))):
        play = begin(source, left=False)
        play.complete("m")
        assert play.run.deadlocks == found


def test_an_event_sub_process_that_would_end_it_counts_too() -> None:
    box = event_sub("es", f"{start('bi', on('message', 'm1'))}; end be", "bi>be", prefix="h")
    play = begin(draw(f"start s; {inside()}; end e; {box}", "s>sp>e", message("m1")), left=False)
    play.complete("m")
    assert (play.run.stuck, play.run.deadlocks) == (("j",), ())
    caught = boundary("cut", "sp", on("message", "m1"))
    play = begin(draw(f"start s; {inside()}; {caught}; end e", "s>sp>e cut>e", message("m1")), left=False)
    play.complete("m")
    play.deliver("cut")
    assert play.run.ended == "completed"
