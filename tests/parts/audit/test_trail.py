"""Chaining and verifying, without a database."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import orjson
import pytest

from engine.audit.trail import Link, Value, canonical, commitment, genesis, link
from engine.audit.verify import Break, End, verify_chain
from engine.ids import Ids
from engine.runtime.commands import SYSTEM, Actor
from engine.runtime.events import Event

CHAIN = UUID("0195a5c5-0000-7000-8000-000000000001")
COMMAND = UUID("0195a5c5-0000-7000-8000-000000000002")
AT = datetime(2026, 3, 29, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
RECORDED = datetime(2026, 11, 22, 1, 7, 49, tzinfo=UTC)
ANN = Actor("person", "7", "Ann")

EVENTS = [
    Event(
        "ticket_opened",
        ANN,
        {"number": 1, "amount": Decimal("1.10")},
        {"subject": "Grüße", "fields": {"b": 1}},
    ),
    Event("task_opened", SYSTEM, {"due": AT, "groups": ("tier1",)}),
    Event("task_completed", ANN, {"task": COMMAND}, {"solved": True}),
]


def chained(*events: Event) -> tuple[list[Link], bytes, int]:
    ids = Ids(b"seed", RECORDED)
    return link(genesis(CHAIN), 0, events, chain=CHAIN, command=COMMAND, at=AT, recorded_at=RECORDED, ids=ids)


def values_of(links: list[Link]) -> dict[int, dict[str, Value | None]]:
    return {it.seq: dict(it.values) for it in links}


def test_the_first_link_is_these_bytes_for_ever() -> None:
    """Trails exist; whoever changes this has changed how every one of them is read."""
    links, head, length = chained(EVENTS[1])
    assert links[0].content == (
        b'{"actor":{"id":"casepath","kind":"system"},"at":"2026-03-29T00:30:00.123456Z",'
        b'"command":"0195a5c5-0000-7000-8000-000000000002",'
        b'"data":{"due":"2026-03-29T00:30:00.123456Z","groups":["tier1"]},'
        b'"kind":"task_opened","recorded_at":"2026-11-22T01:07:49.000000Z","seq":1,"v":1,"values":{}}'
    )
    expected = hashlib.sha256(hashlib.sha256(b"casepath trail 1" + CHAIN.bytes).digest() + links[0].content)
    assert (head, length) == (expected.digest(), 1)


def test_no_personal_value_stands_in_the_chain() -> None:
    (first, *_), _, _ = chained(*EVENTS)
    assert "Grüße".encode() not in first.content
    assert orjson.loads(first.content)["values"]["subject"] == commitment(first.values["subject"])
    assert first.values["subject"].json == '"Grüße"'.encode()


def test_equal_values_have_different_commitments() -> None:
    """Otherwise one could tell that two tickets have the same customer, or try out all names."""
    event = Event("variables_written", ANN, {}, {"a": "x", "b": "x"})
    (only,), _, _ = chained(event)
    assert commitment(only.values["a"]) != commitment(only.values["b"])


def test_links_go_on_where_the_chain_ended() -> None:
    whole, head, length = chained(*EVENTS)
    first, middle, at = chained(EVENTS[0])
    rest, end, count = link(
        middle,
        at,
        EVENTS[1:],
        chain=CHAIN,
        command=COMMAND,
        at=AT,
        recorded_at=RECORDED,
        ids=Ids(b"other", RECORDED),
    )
    assert [it.seq for it in first + rest] == [1, 2, 3]
    assert (rest[0].content, count) == (whole[1].content, length)
    assert verify_chain(CHAIN, first + rest, values_of(first + rest), End(end, count)) == []
    assert verify_chain(CHAIN, whole, values_of(whole), End(head, length)) == []


@pytest.mark.parametrize("value", [1.5, object(), {"deep": [float("nan")]}])
def test_what_has_no_one_text_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"value": value})


def test_keys_are_sorted_and_nothing_is_added() -> None:
    assert canonical({"b": [None, True, 2], "a": {"d": b"\x01", "c": AT.date()}}) == (
        b'{"a":{"c":"2026-03-29","d":"01"},"b":[null,true,2]}'
    )


def breaks(links: list[Link], end: End | None = None) -> list[Break]:
    _, head, length = chained(*EVENTS)
    return verify_chain(CHAIN, links, values_of(links), end or End(head, length))


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_every_flipped_byte_is_found_at_its_link(seq: int) -> None:
    links, _, _ = chained(*EVENTS)
    content = links[seq - 1].content
    for place in range(len(content)):
        forged = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        altered = [replace(it, content=forged) if it.seq == seq else it for it in links]
        assert [it.seq for it in breaks(altered)] == [seq]


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_every_missing_link_is_named(seq: int) -> None:
    links, _, _ = chained(*EVENTS)
    assert breaks([it for it in links if it.seq != seq])[0].seq == seq


def test_swapped_links_and_a_chain_of_another_id_are_found() -> None:
    links, head, length = chained(*EVENTS)
    assert breaks([links[1], links[0], links[2]])[0].seq == 1
    other = UUID(int=CHAIN.int + 1)
    assert verify_chain(other, links, values_of(links), End(head, length))[0].seq == 1


def test_an_added_tail_is_found() -> None:
    links, _, length = chained(*EVENTS)
    assert breaks(links, End(links[1].hash, 2))[0].seq == 3
    assert breaks(links, End(b"other", length))[0].message.startswith("Expected the chain to end in link 3")


def test_an_erased_value_is_no_break_but_a_changed_missing_or_added_one_is() -> None:
    links, head, length = chained(*EVENTS)
    end, values = End(head, length), values_of(links)
    erased = {**values, 1: {**values[1], "subject": None}}
    assert verify_chain(CHAIN, links, erased, end) == []
    for beside in (
        {**values[1], "subject": Value(b"salt", b'"x"')},
        {"fields": values[1]["fields"]},
        {**values[1], "more": Value(b"salt", b'"x"')},
    ):
        (found,) = verify_chain(CHAIN, links, {**values, 1: beside}, end)
        assert found.seq == 1
