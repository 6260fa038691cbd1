"""Several start events: an instance begins at one of them, and the others belong to other instances."""

from __future__ import annotations

import pytest

from engine.spiff import RunRefused

from .drawing import declared, draw, extension, level, message, node, on, process
from .playing import begin

STARTS = draw(
    f"start s; {node('start', 'mail', on('message', 'msg'))}; {node('start', 'alarm', on('signal', 'sig'))};"
    " xor m; user triage; end e",
    "s>m mail>m alarm>m m>triage>e",
    message("msg", "new mail"),
    declared("signal", "sig", "line down"),
)


@pytest.mark.parametrize(
    ("by", "first"),
    [({}, "s"), ({"message": "new mail"}, "mail"), ({"signal": "line down"}, "alarm")],
)
def test_an_instance_begins_at_the_start_event_of_what_came(by: dict[str, str], first: str) -> None:
    play = begin(STARTS, **by)  # type: ignore[arg-type]
    assert play.path() == [first, "m", "triage"]
    play.complete("triage")
    assert play.run.ended == "completed"


@pytest.mark.parametrize("by", [{"message": "fax"}, {"signal": "new mail"}, {"message": "line down"}])
def test_what_no_start_event_is_for_starts_nothing(by: dict[str, str]) -> None:
    with pytest.raises(RunRefused, match="but the process has none"):
        begin(STARTS, **by)  # type: ignore[arg-type]


def test_an_inclusive_join_behind_several_starts_does_not_wait_for_the_others() -> None:
    source = draw(
        f"start s; {node('start', 'mail', on('message', 'msg'))}; or j; user a; end e",
        "s>j mail>j j>a>e",
        message("msg"),
    )
    assert begin(source, message="msg").waiting == ["a"]


def test_a_call_uses_the_plain_start() -> None:
    call = node("call", "c", extension('<zeebe:calledElement processId="inner" />'))
    first = node("start", "mail", on("message", "msg"))
    inner = process(
        "inner", level(f"{first}; start si; user a; user b; end ei", "mail>b>ei si>a>ei", prefix="g")
    )
    assert begin(draw(f"start s; {call}; end e", "s>c>e", message("msg"), inner)).waiting == ["a"]


def test_a_process_without_a_plain_start_begins_by_its_message_only() -> None:
    source = draw(f"{node('start', 'mail', on('message', 'msg'))}; user a; end e", "mail>a>e", message("msg"))
    assert begin(source, message="msg").waiting == ["a"]
    with pytest.raises(RunRefused, match="Expected a plain start event, but the process has none"):
        begin(source)
