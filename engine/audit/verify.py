"""Whether a chain is as it was written: every link there, every byte as hashed, the end where it was left.

Verifying needs nothing but the rows: anybody can do the same with SHA-256 and the bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import orjson

from engine.audit.trail import Link, Value, chain_hash, commitment, genesis, moment_text

Values = Mapping[int, Mapping[str, Value | None]]


@dataclass(frozen=True)
class Break:
    """Where a chain is not as it was written. `seq` is the first link concerned, 0 the chain as a whole."""

    chain: UUID
    seq: int
    message: str


@dataclass(frozen=True)
class End:
    """Where a chain ends, by what is kept apart from it: the hash of its last link and their number."""

    head: bytes
    length: int


def verify_chain(chain: UUID, links: Iterable[Link], values: Values, end: End | None) -> list[Break]:
    """Return what is wrong with a chain, the first broken or missing link first; nothing if all is well.

    `links` in order of `seq`; `values` by link and name, None for an erased one. `end` is None where nothing
    else tells it, and then a missing tail can't be seen.
    """
    return [Break(chain, seq, message) for seq, message in _faults(chain, links, values, end)]


def _faults(chain: UUID, links: Iterable[Link], values: Values, end: End | None) -> Iterator[tuple[int, str]]:
    head, length = genesis(chain), 0
    for link in links:
        if link.seq != length + 1:
            yield length + 1, f"Expected link {length + 1} here, but link {link.seq} follows."
        elif chain_hash(head, link.content) != link.hash:
            yield (
                link.seq,
                f"Expected link {link.seq} as it was written, but its bytes and its hash don't agree.",
            )
        else:
            yield from _row_faults(link, values.get(link.seq, {}))
        head, length = link.hash, link.seq  # go on from what stands there, so that one fault is told once
    if end is None:
        return
    if length != end.length:
        yield min(length, end.length) + 1, f"Expected {end.length} links, but the chain has {length}."
    elif head != end.head:
        yield length, f"Expected the chain to end in link {length} as it was left, but its hash is another."


def _row_faults(link: Link, values: Mapping[str, Value | None]) -> Iterator[tuple[int, str]]:
    """What stands beside the bytes must say the same as they do."""
    event = orjson.loads(link.content)
    beside = {
        "seq": link.seq,
        "kind": link.kind,
        "at": moment_text(link.at),
        "recorded_at": moment_text(link.recorded_at),
        "command": str(link.command_id) if link.command_id else None,
    }
    for name, value in beside.items():
        if event.get(name) != value:
            yield (
                link.seq,
                f"Expected the {name} beside link {link.seq} to be {event.get(name)!r}, but it is {value!r}.",
            )
    for name in sorted(event["values"].keys() | values.keys()):
        if name not in values:
            yield (
                link.seq,
                f"Expected value {name!r} beside link {link.seq}, or a note of its erasure, but it is gone.",
            )
            continue
        value = values[name]
        if value is not None and event["values"].get(name) != commitment(value):
            yield link.seq, f"Expected value {name!r} as link {link.seq} commits to it, but it is another."
