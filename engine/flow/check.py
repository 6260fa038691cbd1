"""From diagrams to findings: every level explored, what is called before what calls it, then the rules asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from engine.flow.board import Board
from engine.flow.ending import outcome
from engine.flow.exploring import Explored, explore
from engine.flow.graph import components
from engine.flow.level import FROM_OUTSIDE, Level, levels
from engine.flow.outcome import Known, can_fire
from engine.flow.rules import broken
from engine.spiff import Diagram, DiagramRefused, Element, Finding, Program, check_diagram

_Key = tuple[str, str]


def lint(source: bytes, name: str) -> tuple[Finding, ...]:
    """Return what is wrong with a BPMN file alone, its flow included, in order of lines. Never raises on bad input.

    A process that the file calls and doesn't hold may do anything.
    """
    diagram, findings = check_diagram(source, name)
    if diagram is None:
        return findings
    found = [*findings, *_circles(diagram), *check_flow({name: diagram})[name]]
    return tuple(sorted(found, key=_place))


def _circles(diagram: Diagram) -> list[Finding]:
    """Return the calls that lead back to where they came from; what other files hold is not known here."""
    try:
        Program.link([diagram])
    except DiagramRefused as refused:
        return [finding for finding in refused.findings if finding.path]
    return []


def check_flow(diagrams: Mapping[str, Diagram]) -> dict[str, tuple[Finding, ...]]:
    """Return what is wrong with the flow of diagrams that may call each other, by the names they are given with.

    Each finding has the path that leads there, from a start event of its process to the last element.
    """
    homes = {key: name for name, diagram in diagrams.items() for key in diagram.processes}
    insides: dict[str, list[Level]] = {key: [] for key in homes}
    for name, diagram in diagrams.items():
        for level in levels(diagram):
            if homes.get(level.owner.process) == name:
                insides[level.owner.process].append(level)
    pack = _Pack(insides)
    found: dict[str, list[Finding]] = {name: [] for name in diagrams}
    for finding, process in pack.findings():
        found[homes[process]].append(finding)
    return {name: tuple(sorted(findings, key=_place)) for name, findings in found.items()}


def _place(finding: Finding) -> tuple[int, str, str]:
    return finding.line or 0, finding.element or "", finding.rule


class _Pack:
    """The levels of processes that may call each other, explored from the inside out."""

    def __init__(self, insides: Mapping[str, list[Level]]) -> None:
        self.known = Known()
        self.explored: dict[_Key, Explored] = {}
        self.calls: dict[str, list[tuple[Level, Element]]] = {}
        for process in _callees_first(insides):
            for level in insides[process]:
                found = self.explored[level.key] = explore(Board(level, self.known))
                self.known.outcomes[level.key] = outcome(found, self.known)
                self._note_calls(level)

    def _note_calls(self, level: Level) -> None:
        for node in level.nodes.values():
            if node.type == "callActivity" and node.called:
                self.calls.setdefault(node.called, []).append((level, node))

    def findings(self) -> Iterator[tuple[Finding, str]]:
        """Yield every finding with its process."""
        for found in self.explored.values():
            owner = found.board.level.owner
            before = self._way_to(owner)
            for finding in broken(found, self._can_be_ended(found.board.level)):
                yield replace(finding, path=before + finding.path), owner.process

    def _way_to(self, owner: Element) -> tuple[str, ...]:
        """Return the ids on the way from the start of the process into one of its levels."""
        way: tuple[str, ...] = ()
        while owner.type != "process":
            around = self.explored[owner.process, owner.parent or owner.process]
            way = (*around.way_into(owner.id), *way)
            owner = around.board.level.owner
        return way

    def _can_be_ended(self, level: Level) -> bool:
        """Say whether something from outside can end a level: an event sub-process of it, an event on its border or
        on that of its caller, or what can end the level around it."""
        pending, seen = [level], {level.key}
        for level in pending:
            if _ends_itself(level):
                return True
            for around, node in self._around(level):
                if any(it.interrupting and can_fire(it, node, self.known) for it in around.boundaries(node)):
                    return True
                if around.key not in seen:
                    seen.add(around.key)
                    pending.append(around)
        return False

    def _around(self, level: Level) -> list[tuple[Level, Element]]:
        owner = level.owner
        if owner.type == "process":
            return self.calls.get(owner.id, [])
        around = self.explored[owner.process, owner.parent or owner.process].board.level
        return [(around, owner)]


def _ends_itself(level: Level) -> bool:
    return any(start.interrupting and start.event in FROM_OUTSIDE for _, start in level.event_subs)


def _callees_first(insides: Mapping[str, list[Level]]) -> Iterable[str]:
    """Return the processes, each behind those that it calls; calls in a circle are refused elsewhere."""

    def called(process: str) -> list[str]:
        nodes = (node for level in insides[process] for node in level.nodes.values())
        return [it.called for it in nodes if it.type == "callActivity" and it.called in insides and it.called]

    return [process for component in components(insides, called) for process in component]
