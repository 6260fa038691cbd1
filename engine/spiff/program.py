"""The program of a snapshot: every process of a pack, linked once and shared by all its instances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.spiff.errors import DiagramRefused, Finding, RunRefused
from engine.spiff.model import Diagram, Element
from engine.spiff.reading import refusal

MOST_CALLS_DEEP = 20

_Chain = tuple[tuple[str, ...], Element, str]  # the processes so far, the call, and what it calls


@dataclass(frozen=True)
class Body:
    """What a process or sub-process is made of, for the stepper."""

    key: str
    process: str
    spec: Any

    def start(self, message: str | None = None, signal: str | None = None) -> Any:
        """Return the start event for a message or signal, or the plain one. Raises RunRefused where there is none."""
        for event in self.spec.bpmn_start_events:
            if (event.element.message, event.element.signal) == (message, signal):
                return event
        what = "a plain start event"
        if message is not None or signal is not None:
            what = f"a start event for the {'signal' if message is None else 'message'} {message or signal!r}"
        raise RunRefused(self.key, f"Expected {what}, but the process has none.")


@dataclass(frozen=True)
class Program:
    """All processes of one snapshot of a pack, by key."""

    diagrams: tuple[Diagram, ...]
    bodies: Mapping[str, Mapping[str, Body]]

    @classmethod
    def link(cls, diagrams: Iterable[Diagram]) -> Program:
        """Put diagrams together. Raises DiagramRefused for a process key that two files use, for a call to a
        process that isn't there or can't be called, and for calls that lead back to where they came from."""
        program = cls(tuple(diagrams), {})
        findings = [*_twice(program.diagrams)]
        bodies = {
            key: model.program for diagram in program.diagrams for key, model in diagram.processes.items()
        }
        program = cls(program.diagrams, bodies)
        findings += _bad_calls(program)
        findings += _circles(program)
        if findings:
            raise DiagramRefused(findings)
        return program

    @property
    def processes(self) -> tuple[str, ...]:
        """The keys of all processes, in order."""
        return tuple(self.bodies)

    def process(self, key: str) -> Body:
        """Return a process by its key. Raises RunRefused where there is none."""
        if key not in self.bodies:
            raise RunRefused(None, f"Expected a process {key!r} in the pack, but it has none.")
        return self.bodies[key][key]

    def body(self, process: str, element: str) -> Body:
        """Return the inside of a sub-process."""
        return self.bodies[process][element]

    def calls(self) -> Iterator[tuple[Element, str]]:
        """Yield every call activity that calls what is deployed with it, with the key that it calls."""
        for diagram in self.diagrams:
            for element in diagram.elements.values():
                if element.type == "callActivity" and element.called and element.binding == "deployment":
                    yield element, element.called


def _twice(diagrams: tuple[Diagram, ...]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for diagram in diagrams:
        for key in diagram.processes:
            if key in seen:
                message = (
                    f"Expected each process key once, but {key!r} is in {seen[key]} and in {diagram.name}."
                )
                yield refusal("process-key", message, "Give one of the processes another id.", element=key)
            seen.setdefault(key, diagram.name)


def _bad_calls(program: Program) -> Iterator[Finding]:
    for element, called in program.calls():
        if called not in program.bodies:
            message = f"Expected a process {called!r} in the pack, but there is none."
            remedy = "Correct the called process id, or add the process to the pack."
            yield refusal("called-process", message, remedy, element=element.id, line=element.line)
        elif not any(it.element.event is None for it in program.process(called).spec.bpmn_start_events):
            message = f"Expected the called process {called!r} to have a plain start event, but it has none."
            remedy = "Give the called process a start event without a message."
            yield refusal("called-process", message, remedy, element=element.id, line=element.line)


def _circles(program: Program) -> Iterator[Finding]:
    calls: dict[str, list[tuple[Element, str]]] = {}
    for element, called in program.calls():
        calls.setdefault(element.process, []).append((element, called))
    for key in program.bodies:
        yield from _from_here(key, calls)


def _from_here(key: str, calls: Mapping[str, list[tuple[Element, str]]]) -> Iterator[Finding]:
    """Walk all chains of calls from a process, breadth first; a chain that comes back or is too long is refused."""
    chains: list[_Chain] = [((key,), element, called) for element, called in calls.get(key, [])]
    seen = {key}
    for depth in range(MOST_CALLS_DEEP + 1):
        following: list[_Chain] = []
        for path, element, called in chains:
            if called == key or depth == MOST_CALLS_DEEP:
                yield _circle((*path, called), key, element)
            elif called not in seen:
                seen.add(called)
                following += [((*path, called), it, further) for it, further in calls.get(called, [])]
        chains = following


def _circle(path: tuple[str, ...], key: str, element: Element) -> Finding:
    way = " → ".join(path)
    message = (
        f"Expected calls to come to an end, but {way} leads back to {key!r}."
        if path[-1] == key
        else f"Expected calls at most {MOST_CALLS_DEEP} deep, but {way} goes deeper."
    )
    remedy = "Loop inside one process instead, or call another process."
    return Finding("called-process", "error", element.id, element.line, message, remedy, path)
