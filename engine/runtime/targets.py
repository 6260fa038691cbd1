"""Where a token may be moved to: the elements of its level that a token can come to."""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff import Diagram, Element, Program

_ACTIVITIES = frozenset(
    {
        "userTask", "manualTask", "task", "serviceTask", "sendTask", "receiveTask", "scriptTask",
        "businessRuleTask", "callActivity", "subProcess", "transaction",
    }
)  # fmt: skip


def targets(program: Program, root: str, scope: str) -> list[Element]:
    """Return the elements before which a token of a scope may be put, in the order of the diagram.

    `scope` is the path of ids (`check#2/look`) that leads from the root process to the level, through sub-processes
    and called processes. A path that the program doesn't have has no targets, nor has a process of another pack.
    """
    level = _level(program, root, scope)
    if level is None:
        return []
    here = list(_inside(program, *level))
    reached = {it.target for it in here if it.type == "sequenceFlow"}
    return [
        it
        for it in here
        if (it.id in reached or it.type in _ACTIVITIES) and not (it.for_compensation or it.triggered_by_event)
    ]


def _level(program: Program, root: str, scope: str) -> tuple[str, str | None] | None:
    """Return the process and the sub-process (None: the process itself) at the end of a path."""
    process, parent = root, None
    for part in filter(None, scope.split("/")):
        diagram = _diagram(program, process)
        element = diagram.elements.get(part.partition("#")[0]) if diagram else None
        if element is None or element.binding != "deployment":
            return None
        calls = element.type == "callActivity" and element.called
        process, parent = (element.called or "", None) if calls else (process, element.id)
    return process, parent


def _inside(program: Program, process: str, parent: str | None) -> Iterator[Element]:
    diagram = _diagram(program, process)
    elements = diagram.elements.values() if diagram else ()
    return (it for it in elements if it.process == process and it.parent == parent and it.type != "lane")


def _diagram(program: Program, process: str) -> Diagram | None:
    return next((it for it in program.diagrams if process in it.processes), None)
