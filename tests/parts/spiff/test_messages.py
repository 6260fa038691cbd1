"""Messages that are thrown: told to the outside with their key and payload; the token goes on at once."""

from __future__ import annotations

import pytest

from .drawing import draw, extension, mapping, message, node, on
from .playing import begin

SAYS = extension(mapping({"text": '="done: " + subject'}))


@pytest.mark.parametrize("kind", ["throw", "end"])
def test_a_message_is_told_with_its_key_and_payload_and_nothing_waits(kind: str) -> None:
    thrown = node(kind, "t", SAYS + on("message", "msg"))
    flow = "s>t>e" if kind == "throw" else "s>t"
    source = draw(f"start s; {thrown}; end e", flow, message("msg", "closed", "=ticket"))
    if kind == "end":
        source = draw(f"start s; {thrown}", flow, message("msg", "closed", "=ticket"))
    play = begin(source, ticket=4711, subject="Router")
    (told,) = (it for it in play.happenings if it.kind == "message_thrown")
    assert (told.element, told.data["name"]) == ("t", "closed")
    assert dict(told.values) == {"key": "4711", "payload": {"text": "done: Router"}}
    assert play.run.ended == "completed"
    assert "text" not in play.variables


def test_a_message_is_not_heard_by_the_instance_that_throws_it() -> None:
    """It is delivered from outside, to exactly one catcher; only signals are heard within."""
    catch = node("catch", "c", on("message", "msg"))
    thrown = node("throw", "t", on("message", "msg"))
    source = draw(f"start s; and f; {catch}; {thrown}; end e", "s>f f>c>e f>t>e", message("msg"))
    assert begin(source).waiting == ["c"]


def test_a_message_without_a_key_that_can_be_told_waits_for_help() -> None:
    thrown = node("throw", "t", on("message", "msg"))
    play = begin(draw(f"start s; {thrown}; user a; end e", "s>t>a>e", message("msg", key="=ticket")))
    assert "message key '=ticket'" in play.failures["t"]
    assert play.what("message_thrown") == []
    play.retry("t", ticket="T-1")
    assert play.waiting == ["a"]
    assert len(play.what("message_thrown")) == 1


def test_a_message_with_no_key_is_told_without() -> None:
    thrown = node("throw", "t", on("message", "msg"))
    play = begin(draw(f"start s; {thrown}; end e", "s>t>e", message("msg")))
    (told,) = (it for it in play.happenings if it.kind == "message_thrown")
    assert dict(told.values) == {"key": None, "payload": {}}
