"""The operations in words: `python -m engine.records.reference` prints docs/reference/records.md."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from engine.records import AREAS, CODES, KINDS, OPERATIONS, Kind, Operation
from engine.records.kinds import NEEDED

_INTRODUCTION = """# Records and operations

A desk keeps accounts and what belongs to them in tables of its own, so that a process can charge, refund, reserve
and book from the first day. [Records](../owner/records.md) tells how to use them; this page lists every operation and
every kind of record. It is printed from the definitions by `python -m engine.records.reference`.

A service task does an operation by naming it as its type, `<zeebe:taskDefinition type="payment.refund" />`, if the
pack is built on the bundled pack `base`, whose handlers do what stands here. Inputs are mapped to the names below
(those with a question mark may be missing), and the answer's names are there for its output mapping. An error is a
BPMN error with that code; a boundary event that catches it takes the process another way.

- An operation is one transaction. It is done once for its job, however often a worker or a person tries again.
- An amount is a number beside a `currency` (ISO 4217). It is more than 0, at most 1,000,000,000,000, and has no more
  decimals than the currency. Every amount of an account is in the currency of the account.
- A date may be a FEEL date or a text such as `2026-03-01`. *Today* is the date in the time zone of the desk.
- Beside those listed, an input that is missing or of a wrong shape opens an incident: that is a mistake of the
  diagram, and the check of the pack warns of it.
- What only reads is kept under no key: tried again, it tells what holds then.
"""


def reference() -> str:
    """Return the page as Markdown."""
    return "\n".join([_INTRODUCTION, *_operations(), *_errors(), *_kinds()]).rstrip() + "\n"


def _operations() -> Iterator[str]:
    for area in AREAS:
        yield f"## {area}\n"
        for it in OPERATIONS.values():
            if it.area == area:
                yield from _operation(it)


def _operation(it: Operation) -> Iterator[str]:
    inputs = [*it.needed, *(f"{name}?" for name in it.optional)]
    yield f"### `{it.name}`\n"
    yield it.does + (" It only reads." if it.reads else "") + "\n"
    yield f"- inputs: {_listed(inputs)}"
    yield f"- answer: {_listed(it.answers)}"
    yield f"- errors: {_listed(it.errors)}\n"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"


def _errors() -> Iterator[str]:
    yield "## Errors\n\n| code | when |\n|---|---|"
    yield from (f"| `{code}` | {sentence} |" for code, sentence in sorted(CODES.items()))
    yield ""


def _kinds() -> Iterator[str]:
    yield """## Kinds of records

The same words in scenarios (`given`, `expect: {records: …}`), in imports and on pages. A part in bold is needed, the
others may be missing. A record without `number` gets the next free one, where a beginning is named.
"""
    yield "| kind | in scenarios | found by | next number | parts |\n|---|---|---|---|---|"
    for kind in KINDS.values():
        number = f"`{kind.prefix}-1`" if kind.prefix else "is given"
        yield f"| {kind.name} | `{kind.plural}` | `{kind.key}` | {number} | {_parts(kind)} |"


def _parts(kind: Kind) -> str:
    return ", ".join(f"**`{it.name}`**" if it.default is NEEDED else f"`{it.name}`" for it in kind.parts)


if __name__ == "__main__":
    sys.stdout.write(reference())
