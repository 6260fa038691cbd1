"""The hit policies of decision tables (DMN 1.5, 8.2.8): what comes out when several rules match."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.feel.builtins import BUILTINS
from engine.feel.evaluation import Compiled, Run, Scope
from engine.feel.operators import equal


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched, and its results."""

    number: int
    name: str
    results: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Outputs:
    """The names of a table's outputs and, where given, their values in order of priority."""

    names: tuple[str, ...]
    priorities: tuple[Compiled | None, ...]

    def joined(self, results: tuple[Any, ...]) -> Any:
        """Return the one result itself, or several as a context."""
        return results[0] if len(self.names) == 1 else dict(zip(self.names, results, strict=False))


Policy = Callable[[list[Hit], Outputs, Run], Any]


def _named(hits: list[Hit]) -> str:
    return " and ".join(
        f"rule {hit.number} ({hit.name})" if hit.name[:4] != "rule" else hit.name for hit in hits
    )


def unique(hits: list[Hit], outputs: Outputs, run: Run) -> Any:
    """At most one rule matches."""
    if len(hits) > 1:
        return run.warn(f"Expected one rule to match but {_named(hits)} do.")
    return outputs.joined(hits[0].results) if hits else None


def any_of(hits: list[Hit], outputs: Outputs, run: Run) -> Any:
    """Several may match if all yield the same."""
    values = [outputs.joined(hit.results) for hit in hits]
    for hit, value in zip(hits[1:], values[1:], strict=True):
        if equal(value, values[0], run) is not True:
            return run.warn(f"Expected all rules that match to agree but {_named([hits[0], hit])} differ.")
    return values[0] if values else None


def first(hits: list[Hit], outputs: Outputs, run: Run) -> Any:
    """The uppermost one counts."""
    return outputs.joined(hits[0].results) if hits else None


def rule_order(hits: list[Hit], outputs: Outputs, run: Run) -> Any:
    """All count, from top to bottom."""
    return [outputs.joined(hit.results) for hit in hits]


def priority(hits: list[Hit], outputs: Outputs, run: Run) -> Any:
    """The one whose outputs stand first among the allowed values."""
    return first(_by_priority(hits, outputs, run), outputs, run)


def output_order(hits: list[Hit], outputs: Outputs, run: Run) -> Any:
    """All count, in the order of the allowed values."""
    return rule_order(_by_priority(hits, outputs, run), outputs, run)


def _by_priority(hits: list[Hit], outputs: Outputs, run: Run) -> list[Hit]:
    orders = [[] if values is None else values(Scope({}, None, run)) or [] for values in outputs.priorities]

    def rank(hit: Hit) -> tuple[int, ...]:
        pairs = zip(hit.results, orders, strict=False)
        return tuple(_position(value, order, run) for value, order in pairs)

    return sorted(hits, key=rank)


def _position(value: Any, order: list[Any], run: Run) -> int:
    return next((at for at, allowed in enumerate(order) if equal(value, allowed, run) is True), len(order))


def _aggregated(function: str) -> Policy:
    def aggregate(hits: list[Hit], outputs: Outputs, run: Run) -> Any:
        if not hits:
            return None
        return BUILTINS[function].call(run, [[outputs.joined(hit.results) for hit in hits]])

    return aggregate


def count(hits: list[Hit], outputs: Outputs, run: Run) -> Any:
    """How many rules match."""
    return Decimal(len(hits))


HIT_POLICIES: dict[str, Policy] = {
    "UNIQUE": unique,
    "ANY": any_of,
    "FIRST": first,
    "PRIORITY": priority,
    "RULE ORDER": rule_order,
    "OUTPUT ORDER": output_order,
    "COLLECT": rule_order,
    "COLLECT SUM": _aggregated("sum"),
    "COLLECT MIN": _aggregated("min"),
    "COLLECT MAX": _aggregated("max"),
    "COLLECT COUNT": count,
}
