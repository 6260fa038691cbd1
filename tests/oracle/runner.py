"""The engine's side of the comparison: a model linked from its files, a run driven by labels."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.errors import NotFound
from engine.feel.values import normalise
from engine.ids import Ids
from engine.spiff import Env, Happening, Program, Run, RunRefused, check_diagram
from engine.spiff.waits import (
    ConditionWait,
    FailureWait,
    MessageWait,
    ServiceWait,
    SignalWait,
    TaskWait,
    TimerWait,
    Wait,
)

from . import bpmn
from .expressions import Value
from .model import Model, Process
from .triggers import Message, Signal
from .views import Action, Footprint, Label, View, in_order, plain

FACTS: dict[str, tuple[str, ...]] = {
    "entered": (),
    "left": (),
    "cancelled": (),
    "taken": (),
    "failed": (),
    "failure_ended": (),
    "error_thrown": ("code", "caught_by"),
    "escalation_thrown": ("code", "caught_by"),
    "signal_thrown": ("name",),
    "message_thrown": ("name",),
    "compensating": ("activity", "handler"),
    "moved": ("to",),
}


def link(model: Model) -> Program:
    """Return a model as the engine reads it from its files; every drawn model must be accepted."""
    diagrams = []
    for name, source in bpmn.files(model).items():
        diagram, findings = check_diagram(source, f"{name}.bpmn")
        assert diagram is not None, "Expected a diagram, but: " + "; ".join(map(str, findings))
        diagrams.append(diagram)
    return Program.link(diagrams)


class Runner:
    """One run of the engine; with `reloads` it goes through JSON before each step, else it stays in memory."""

    def __init__(self, program: Program, process: Process, reloads: bool) -> None:
        self.program = program
        self.process = process
        self.reloads = reloads
        self.run: Run | None = None
        self.steps = 0

    def begin(
        self, variables: Mapping[str, Value], now: datetime, by: Message | Signal | None = None
    ) -> View | None:
        """Start the process and return what is seen; None if the engine refuses."""
        event = {}
        if by is not None:
            event["message" if isinstance(by, Message) else "signal"] = by.name
        try:
            self.run = Run.begin(self.program, self.process.id, _kept(variables), self._env(now), **event)
        except RunRefused:
            return None
        return self._view()

    def act(self, action: Action) -> View | None:
        """Do one step and return what is seen; None if the engine refuses, with the run as it was before."""
        before = json.dumps(self.run.dump())
        if self.reloads:
            self.run = self._load(before, action.now)
        self.run.env = self._env(action.now)
        try:
            self._do(action)
        except (RunRefused, NotFound):
            self.run = self._load(before, action.now)
            return None
        return self._view()

    def _do(self, action: Action) -> None:
        if action.kind == "cancel":
            return self.run.cancel()
        if action.kind == "signal":
            self.run.broadcast(action.name, _kept(action.values))
            return None
        alike = [wait for wait in self.run.waits.values() if self._label(wait) == action.label]
        assert alike, f"Expected a wait like {action.label}, but there is none."
        self._do_to(alike[0], action)

    def _do_to(self, wait: Wait, action: Action) -> None:
        values = _kept(action.values)
        match action.kind:
            case "error":
                self.run.throw_error(wait.id, action.name, "It went wrong.", values)
            case "retry":
                self.run.retry(wait.id, values)
            case "skip":
                self.run.skip(wait.id)
            case "move":
                self.run.move(wait.id, action.name)
            case "go" if isinstance(wait, TimerWait):
                self.run.fire(wait.id)
            case "go" if isinstance(wait, MessageWait | SignalWait):
                self.run.deliver(wait.id, values)
            case _:
                self.run.complete(wait.id, values)

    def _load(self, state: str, now: datetime) -> Run:
        return Run.load(self.program, json.loads(state), self._env(now))

    def _env(self, now: datetime) -> Env:
        self.steps += 1
        ids = Ids(self.steps.to_bytes(16, "big"), now)
        return Env(now=now, ids=ids, decide=lambda decision, variables, now: variables.get(decision))

    def _view(self) -> View:
        told, self.run.happenings = self.run.happenings, []
        return View(
            in_order(self._label(wait) for wait in self.run.waits.values()),
            plain(self.run.variables()),
            self.run.ended,
            in_order(self.run.stuck),
            in_order(_footprint(each) for each in told if each.kind in FACTS),
        )

    def _label(self, wait: Wait) -> Label:
        place = (wait.element, wait.scope)
        match wait:
            case TaskWait() | ServiceWait():
                return ("task", *place, wait.since, plain(self.run.variables(wait.id)))
            case FailureWait():
                seen = () if wait.phase == "finish" else plain(self.run.variables(wait.id))
                return ("failure", *place, wait.phase, seen)
            case TimerWait():
                return ("timer", *place, wait.due)
            case MessageWait():
                return ("message", *place, wait.name, wait.key)
            case SignalWait():
                return ("signal", *place, wait.name)
            case ConditionWait():
                return ("condition", *place, wait.held)
        raise TypeError(f"Expected a wait, but got {wait}.")


def _footprint(told: Happening) -> Footprint:
    facts = tuple(told.data[name] for name in FACTS[told.kind])
    return (told.kind, told.element, tuple(told.data["scope"]), facts)


def _kept(values: Mapping[str, Value]) -> dict[str, Any]:
    return {name: normalise(value) for name, value in values.items()}
