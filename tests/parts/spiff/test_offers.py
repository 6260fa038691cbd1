"""What is offered while messages are waited for: when, with which words, and what it would take back."""

from __future__ import annotations

import pytest

from engine.spiff import check_diagram

from .drawing import draw, event_sub, message, node, on, sub
from .playing import Play, begin
from .undoing import doing

LABEL = {"casepath_action": "Cancel the order"}
PREVIEW = {
    "casepath_actionPreview": '=["The customer gets back " + string(paid) + " EUR", if vip then "A call" else null]'
}


def wish(id: str = "wish", **attributes: str) -> str:
    return node("start", id, on("message", "m"), **{**LABEL, **attributes})


def cancelling(throw: str, **attributes: str) -> bytes:
    """A process that books and charges, then waits; a wish takes it back."""
    inside = event_sub("cancelling", f"{wish(**attributes)}; {throw}; end gone", "wish>undo>gone", prefix="c")
    nodes = f"start s; {doing('book')}; {doing('charge')}; user wait; end e; {inside}"
    return draw(nodes, "s>book>charge>wait>e", message("m"))


UNDO_ALL = node("throw", "undo", on("compensate"))
UNDO_ONE = node("throw", "undo", on("compensate", "book"))


def offered(play: Play) -> list[str]:
    return [it.action.label for it in play.run.offers]


def would_take_back(play: Play) -> list[tuple[str, str]]:
    (offer,) = play.run.offers
    return [(done.id, handler.id) for done, handler in play.run.taken_back(offer.subscription)]


def test_an_action_is_offered_as_long_as_its_message_is_waited_for() -> None:
    nodes = (
        f"start s; user a; user b; end e; "
        f"{node('boundary', 'stop', on('message', 'm'), attachedToRef='a', **LABEL)}; end x"
    )
    play = begin(draw(nodes, "s>a>b>e stop>x", message("m")))
    assert offered(play) == ["Cancel the order"]
    play.complete("a")
    assert offered(play) == []


def test_a_preview_speaks_of_the_variables_and_leaves_out_nulls() -> None:
    play = begin(cancelling(UNDO_ALL, **PREVIEW), paid=12, vip=False)
    (offer,) = play.run.offers
    assert play.run.preview(offer.subscription) == ("The customer gets back 12 EUR",)


def test_what_was_done_would_be_taken_back_the_last_first() -> None:
    play = begin(cancelling(UNDO_ALL))
    assert would_take_back(play) == []
    play.complete("book")
    play.complete("charge")
    assert would_take_back(play) == [("charge", "charge_back"), ("book", "book_back")]


def test_only_what_the_way_names_would_be_taken_back() -> None:
    play = begin(cancelling(UNDO_ONE))
    play.complete("book")
    play.complete("charge")
    assert would_take_back(play) == [("book", "book_back")]


def test_what_was_done_inside_of_a_sub_process_counts() -> None:
    inside = event_sub("cancelling", f"{wish()}; {UNDO_ALL}; end gone", "wish>undo>gone", prefix="c")
    inner = sub(
        "ship", f"start si; {doing('pack')}; {doing('send_off')}; end ei", "si>pack>send_off>ei", prefix="i"
    )
    play = begin(draw(f"start s; {inner}; user wait; end e; {inside}", "s>ship>wait>e", message("m")))
    play.complete("pack")
    assert would_take_back(play) == []
    play.complete("send_off")
    assert would_take_back(play) == [("send_off", "send_off_back"), ("pack", "pack_back")]


def test_looking_is_what_happens_then() -> None:
    """The list is the order in which the handlers run, by the engine's own word."""
    play = begin(cancelling(UNDO_ALL))
    play.complete("book")
    play.complete("charge")
    foretold = would_take_back(begin_again(play))
    play.deliver("wish")
    play.complete("charge_back")
    play.complete("book_back")
    assert [(it["activity"], it["handler"]) for it in play.what("compensating")] == foretold


def begin_again(play: Play) -> Play:
    """The same run, loaded once more, so that looking at it can't change the one that goes on."""
    again = begin(cancelling(UNDO_ALL))
    again.complete("book")
    again.complete("charge")
    assert again.waiting == play.waiting
    return again


@pytest.mark.parametrize(
    ("nodes", "flows", "expected"),
    [
        (f"{node('start', 's', on('message', 'm'), **LABEL)}; end e", "s>e", "begins a process"),
        (f"start s; {node('catch', 'c', on('signal', 'm'), **LABEL)}; end e", "s>c>e", "catch a message"),
        (
            f"start s; {node('catch', 'c', on('message', 'm'), casepath_actionForm='f')}; end e",
            "s>c>e",
            "only casepath:actionForm",
        ),
        (f"start s; {node('catch', 'c', on('message', 'm'), casepath_action=' ')}; end e", "s>c>e", "empty"),
        (
            f"start s; {node('catch', 'c', on('message', 'm'), casepath_actionUntil='gone', **LABEL)}; end e",
            "s>c>e",
            "no 'gone'",
        ),
        (f"start s; {node('user', 'u', **LABEL)}; end e", "s>u>e", "casepath:action"),
    ],
)
def test_an_action_that_nobody_could_take_is_refused(nodes: str, flows: str, expected: str) -> None:
    kind = '<signal id="m" name="m" />' if "signalEvent" in nodes else message("m")
    _, findings = check_diagram(draw(nodes, flows, kind), "test.bpmn")
    assert any(expected in f"{it.message} {it.remedy}" for it in findings if it.severity == "error"), findings


def test_a_host_of_the_border_shows_nothing_of_its_own() -> None:
    """An activity that is interrupted was not completed, so there is nothing of it to take back."""
    stop = node("boundary", "stop", on("message", "m"), attachedToRef="charge", **LABEL)
    nodes = f"start s; {doing('book')}; {doing('charge')}; {stop}; {UNDO_ALL}; end e; end x"
    play = begin(draw(nodes, "s>book>charge>e stop>undo>x", message("m")))
    play.complete("book")
    assert would_take_back(play) == [("book", "book_back")]
