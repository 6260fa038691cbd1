"""Activities with an inside of their own: sub-processes, event sub-processes, transactions and called processes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults as library

from engine.errors import NotFound
from engine.spiff import catching
from engine.spiff.errors import RunRefused
from engine.spiff.program import MOST_CALLS_DEEP
from engine.spiff.scopes import InnerScope, Scope
from engine.spiff.stepping import Stepper
from engine.spiff.steps import Activity
from engine.spiff.tokens import Token


class SubProcess(Activity, library.SubWorkflowTask):  # type: ignore[misc]
    """Opens a scope of its own and waits until nothing is left in it."""

    def enter(self, stepper: Stepper, token: Token) -> None:
        inner = self.open_inside(stepper, token)
        inner.data.update(token.variables)  # its inputs are its own variables
        token.data = {}
        if inner.data:
            stepper.tell("variables_written", self.element.id, inner, values=dict(inner.data))
        catching.watch(stepper, inner)
        stepper.start(inner, self.first(stepper, token))

    def open_inside(self, stepper: Stepper, token: Token, pack: str = "") -> InnerScope:
        """Open the scope of the inside, with nothing in it; it is of the pack that it stands in."""
        body = stepper.program_of(token.scope).body(token.scope.process, self.element.id)
        return stepper.root.open(token, body.spec, token.scope.process, token.scope)

    def first(self, stepper: Stepper, token: Token) -> Any:
        """Return the start event of the inside."""
        return stepper.program_of(token.scope).body(token.scope.process, self.element.id).start()

    def finish(self, stepper: Stepper, token: Token, results: Mapping[str, Any]) -> None:
        inner = token.scope.inner(token)
        if (
            inner is not None and token.is_child
        ):  # whether there is a next one is asked with what this one had
            own = {name: inner.data[name] for name in token.own if name in inner.data}
            token.own.update(own)
            token.data = {name: value for name, value in inner.data.items() if name not in own}
        super().finish(stepper, token, results)

    def gathered(self, token: Token) -> Mapping[str, Any]:
        inner = token.scope.inner(token)
        return dict(inner.data) if inner is not None and self.formulas.outputs else {}


class Transaction(SubProcess):
    """A sub-process that a cancel end event can take back as a whole."""


class EventSubProcess(SubProcess):
    """A sub-process that its start event begins, `begin`; no flow leads to it or from it."""

    is_event_sub_process = True
    begin: Any = None

    def enter(self, stepper: Stepper, token: Token) -> None:
        inner = self.open_inside(stepper, token)
        catching.watch(stepper, inner)
        stepper.start(inner, self.begin, token.brought or {})
        if token.scope.todo is not None:  # it compensates, and sees what was seen when its scope was done
            inner.snapshot, token.scope.snapshot = token.scope.snapshot, {}


class CallActivity(Activity, library.CallActivity):  # type: ignore[misc]
    """Runs another process of the pack, which sees only what it is handed."""

    def enter(self, stepper: Stepper, token: Token) -> None:
        if calls_deep(token.scope) >= MOST_CALLS_DEEP:
            message = f"Expected calls at most {MOST_CALLS_DEEP} deep, but this one would be deeper."
            raise RunRefused(self.element.id, message)
        seen = token.visible() if self.element.propagate_parent else token.variables
        handed = dict(seen)
        inner = self.open_inside(stepper, token, self._bound(stepper, token))
        inner.data.update(handed)
        stepper.tell("variables_written", self.element.id, inner, values=handed)
        catching.watch(stepper, inner)
        stepper.start(inner, stepper.program_of(inner).process(inner.process).start())

    def open_inside(self, stepper: Stepper, token: Token, pack: str = "") -> InnerScope:
        """Open the scope of the called process as a pack has it, with nothing in it."""
        key = self.element.called or ""
        inner = stepper.root.open(token, self.spec_of(stepper, pack, key), key, None)
        inner.pack = pack
        return inner

    def spec_of(self, stepper: Stepper, pack: str, key: str) -> Any:
        """Return what the library made of a process of a pack."""
        program = stepper.program if not pack else stepper.library.program(pack)
        return program.process(key).spec

    def _bound(self, stepper: Stepper, token: Token) -> str:
        """Return the pack whose version of the called process is meant. Raises RunRefused where there is none."""
        if self.element.binding == "deployment":
            return token.scope.pack
        tag = self.element.version_tag if self.element.binding == "versionTag" else None
        try:
            return stepper.library.find(self.element.called or "", tag)
        except NotFound as error:
            raise RunRefused(self.element.id, str(error)) from error

    def gathered(self, token: Token) -> Mapping[str, Any]:
        """Return what comes back: all for the output mappings to choose from, else only what the process wrote.

        Handing back what it was handed would undo what the caller's other branches wrote meanwhile.
        """
        inner = token.scope.inner(token)
        if inner is None or not (self.formulas.outputs or self.element.propagate_child):
            return {}
        if self.formulas.outputs:
            return dict(inner.data)
        return {name: value for name, value in inner.data.items() if name in inner.written}


def calls_deep(scope: Scope) -> int:
    """Return how many called processes a scope is inside of."""
    deep = 0
    while isinstance(scope, InnerScope):
        deep += scope.outer is None
        scope = scope.parent_token.scope
    return deep
