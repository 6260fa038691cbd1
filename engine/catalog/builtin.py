"""Services that Casepath answers itself: what a service task may ask of the desk's own tickets, and with what.

Their types begin with `desk.`. They only read, and answer as any service does, by a command; no pack writes code for
them, and none can take their names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.catalog.findings import PackFinding
from engine.spiff import Element

PREFIX = "desk."


@dataclass(frozen=True)
class Builtin:
    """The names of what a built-in service must be told, may be told, and of what it answers."""

    inputs: tuple[str, ...]
    answers: tuple[str, ...]
    more: tuple[str, ...] = ()


BUILTIN: Mapping[str, Builtin] = {
    "desk.area": Builtin((), ("area",)),
    "desk.open_tickets": Builtin(("category", "minutes"), ("count", "clients", "numbers"), more=("area",)),
    "desk.running": Builtin(("process",), ("number",), more=("key", "number")),
    "desk.similar_tickets": Builtin(("category", "days"), ("count", "numbers")),
}


def is_builtin(service: str) -> bool:
    """Say whether a service's type is one that only Casepath may answer."""
    return service.startswith(PREFIX)


def check_builtin(element: Element, path: str) -> Iterator[PackFinding]:
    """Yield what is wrong with a service task that asks Casepath itself: an unknown name, or the wrong inputs."""
    if element.type != "serviceTask" or not is_builtin(element.service or ""):
        return
    asked = BUILTIN.get(element.service or "")
    if asked is None:
        message = f"Expected a built-in service for “{element.title}”, but found “{element.service}”."
        remedy = f"Name one of: {', '.join(sorted(BUILTIN))}; names in services.py begin otherwise."
        yield PackFinding(path, "unknown-service", message, remedy, element.line, element.id)
        return
    given = [name for name, _ in element.inputs]
    if not set(asked.inputs) <= set(given) <= {*asked.inputs, *asked.more} or len(given) > len(set(given)):
        needed = ", ".join(asked.inputs) or "nothing"
        expected = f"{needed}, and {' or '.join(asked.more)} if it is wished" if asked.more else needed
        found = ", ".join(given) or "none"
        message = f"Expected “{element.title}” to hand in {expected}, but it hands in {found}."
        remedy = f"Give {element.service} exactly these inputs."
        yield PackFinding(path, "service-inputs", message, remedy, element.line, element.id)


def check_handlers(services: Iterable[str]) -> Iterator[PackFinding]:
    """Yield what is wrong with the names of a pack's own handlers: one would never be called."""
    for name in sorted(it for it in services if is_builtin(it)):
        message = f"Expected a name of the pack's own, but handler “{name}” takes one of Casepath's."
        yield PackFinding("services.py", "services", message, f"Begin it otherwise than with {PREFIX}")
