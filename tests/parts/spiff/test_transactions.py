"""Transactions: a cancel end takes back as a whole what was done, and leaves by the cancel event."""

from __future__ import annotations

from .drawing import boundary, draw, level, node, on, on_timer
from .playing import begin
from .undoing import doing, done, undo

CANCEL = node("end", "stop", on("cancel"))


def booking(inside: str, flows: str, further: str = "") -> bytes:
    box = node("transaction", "tx", level(inside, flows, prefix="g"))
    left = boundary("undone", "tx", on("cancel"))
    return draw(
        f"start s; {box}; {left}; user after; user sorry; end e; end n{further}",
        "s>tx>after>e undone>sorry>n",
    )


FLIGHT = booking(
    f"start si; {doing('hotel')}; {doing('flight')}; user pay; xor x; {CANCEL}; end ei",
    "si>hotel>flight>pay>x x>ei [paid] x>stop *",
)


def test_a_transaction_that_goes_well_is_a_sub_process() -> None:
    play = begin(FLIGHT)
    done(play, "hotel", "flight")
    play.complete("pay", paid=True)
    assert play.waiting == ["after"]


def test_a_cancel_end_compensates_and_leaves_by_the_cancel_event() -> None:
    """The library goes on as if nothing were to be taken back."""
    play = begin(FLIGHT)
    done(play, "hotel", "flight")
    play.complete("pay", paid=False)
    for handler in ("flight_back", "hotel_back"):
        assert play.waiting == [handler]
        assert play.wait(handler).scope == ("tx",)
        play.complete(handler)
    assert play.waiting == ["sorry"]
    assert "after" not in play.path()
    play.complete("sorry")
    assert play.run.ended == "completed"


def test_other_tokens_of_the_transaction_end_before_anything_is_compensated() -> None:
    source = booking(
        f"start si; and f; {doing('a')}; {doing('b')}; {CANCEL}; user w; and j; end ei",
        "si>f f>a>j f>b>j j>ei f>w>stop",
    )
    play = begin(source)
    play.complete("a")
    play.complete("w")
    assert play.waiting == ["a_back"]
    assert play.path("task_cancelled") == ["b"]
    play.complete("a_back")
    assert play.waiting == ["sorry"]


def test_a_transaction_in_which_nothing_was_done_is_left_at_once() -> None:
    source = booking(f"start si; user w; {CANCEL}", "si>w>stop")
    play = begin(source)
    play.complete("w")
    assert play.waiting == ["sorry"]


def test_automatic_handlers_see_the_variables_of_their_time() -> None:
    play = begin(FLIGHT)
    play.complete("hotel", ref="H1")
    play.complete("flight", ref="F2")
    play.complete("pay", paid=False)
    assert play.run.variables(play.wait("flight_back").id)["ref"] == "F2"
    play.complete("flight_back")
    assert play.run.variables(play.wait("hotel_back").id)["ref"] == "H1"


def test_its_other_boundary_events_hold_while_it_is_compensated() -> None:
    late = f"; {on_timer('late', 'tx', 'PT1H')}"
    source = booking(f"start si; {doing('a')}; {CANCEL}", "si>a>stop", late).replace(
        b"</process>", b'<sequenceFlow id="x1" sourceRef="late" targetRef="n"></sequenceFlow></process>'
    )
    play = begin(source)
    play.complete("a")
    assert play.waiting == ["late", "a_back"]
    play.fire("late")
    assert play.run.ended == "completed"


def test_a_transaction_that_is_done_can_be_compensated_as_a_whole_later() -> None:
    box = node(
        "transaction", "tx",
        level(f"start si; {doing('hotel')}; xor x; {CANCEL}; end ei", "si>hotel>x x>ei [paid] x>stop *", prefix="g"),
    )  # fmt: skip
    left = boundary("undone", "tx", on("cancel"))
    source = draw(f"start s; {box}; {left}; {undo()}; user z; end e; end n", "s>tx>undo>z>e undone>n")
    play = begin(source)
    play.complete("hotel", paid=True)
    assert play.waiting == ["hotel_back"]
    play.complete("hotel_back")
    assert play.waiting == ["z"]


def test_a_cancelled_transaction_is_not_compensated_again() -> None:
    box = node(
        "transaction", "tx",
        level(f"start si; {doing('hotel')}; xor x; {CANCEL}; end ei", "si>hotel>x x>ei [paid] x>stop *", prefix="g"),
    )  # fmt: skip
    left = boundary("undone", "tx", on("cancel"))
    source = draw(f"start s; {box}; {left}; {undo()}; user z; end e", "s>tx>undo undone>undo undo>z>e")
    play = begin(source)
    play.complete("hotel", paid=False)
    play.complete("hotel_back")
    assert play.waiting == ["z"]
