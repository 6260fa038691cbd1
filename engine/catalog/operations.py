"""Service tasks named after operations on records: whether they hand over what the operation takes.

Warnings only: a desk's own handler, or a connector, may take something else under the same name.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.catalog.findings import PackFinding
from engine.records import OPERATIONS
from engine.spiff import Element


def check_operation(element: Element, path: str) -> Iterator[PackFinding]:
    """Return which inputs of an operation are missing at a service task, and which the operation doesn't know."""
    operation = OPERATIONS.get(element.service or "")
    if operation is None:
        return
    handed = {target.partition(".")[0] for target, _ in element.inputs}
    takes = (*operation.needed, *operation.optional)
    for name in operation.needed:
        if name not in handed:
            message = (
                f"Expected “{element.title}” to hand {operation.name} the input “{name}”, but it does not."
            )
            yield _finding(element, path, message, f"Map an input to {name}.")
    for name in sorted(handed.difference(takes)):
        message = f"Expected inputs that {operation.name} takes, but “{element.title}” hands it “{name}”."
        yield _finding(element, path, message, f"Use: {', '.join(takes)}.")


def _finding(element: Element, path: str, message: str, remedy: str) -> PackFinding:
    return PackFinding(path, "operation-input", message, remedy, element.line, element.id, severity="warning")
