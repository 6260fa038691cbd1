"""The stepping that elements share: what happens when a token enters, is done, or is interrupted.

`Steps` overrides the four hooks that the library offers: `_run_hook` (a token enters; True means done at once,
None that it waits), `_on_complete_hook` (it leaves by the outgoing flows), `_on_cancel`, and `test` (the diagram
was checked when it was deployed). The library's own `_predict`, `_update` and joins are never called.

Each step evaluates first and changes things afterwards, so that one that fails has changed nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

from engine.spiff import opening, repeating
from engine.spiff.errors import RunRefused
from engine.spiff.expressions import Formula, Formulas
from engine.spiff.memory import remember
from engine.spiff.model import Element
from engine.spiff.scopes import Scope, kept
from engine.spiff.stepping import Stepper
from engine.spiff.tokens import Token


@dataclass(eq=False, slots=True)
class SequenceFlow:
    """A sequence flow; the library keeps only which node follows which."""

    id: str
    target: Any = field(repr=False)
    condition: Formula | None = None
    is_default: bool = False


class Steps(BpmnTaskSpec):  # type: ignore[misc]
    """The stepping that all elements share. The parser fills in the element, its formulas and its flows."""

    is_race = False
    is_inclusive = False
    is_event_sub_process = False
    is_catching = False

    element: Element
    formulas: Formulas
    outgoing: list[SequenceFlow]
    incoming: list[SequenceFlow]
    boundaries: list[Steps]

    def describe(self, element: Element, formulas: Formulas) -> None:
        """Tell the specification what the diagram says of it."""
        self.element, self.formulas = element, formulas
        self.outgoing, self.incoming, self.boundaries = [], [], []

    @property
    def handler(self) -> str | None:
        """The element that compensates this one, if one is drawn."""
        return next((it.element.handler for it in self.boundaries if it.element.event == "compensate"), None)

    def link_target(self) -> Steps | None:
        """The element at which a token goes on that leaves by a link."""
        return None

    def arrive(self, stepper: Stepper, scope: Scope, flow: SequenceFlow) -> Token | None:
        """A token comes in over a flow."""
        return stepper.start(scope, self)

    def open(self, stepper: Stepper, token: Token) -> bool | None:
        """Do what the element is for; True when that is done, None when the token waits."""
        return self.enter(stepper, token)

    def enter(self, stepper: Stepper, token: Token) -> bool | None:
        """Do what is particular to this kind of element; answers as `open`."""
        return True

    def finish(self, stepper: Stepper, token: Token, results: Mapping[str, Any]) -> None:
        """Write what the element has brought about."""

    def choose(self, stepper: Stepper, token: Token) -> list[SequenceFlow]:
        """Return the flows that the token leaves by. Raises RunRefused where a condition is at fault."""
        return self.outgoing

    def after(self, stepper: Stepper, token: Token) -> None:
        """Do what the element does when the token has left it."""

    def test(self) -> None:
        """Nothing to test: what the library would find missing here is refused when a diagram is deployed."""

    def _run_hook(self, token: Token) -> bool | None:
        stepper: Stepper = token.scope.top.stepper
        if not token.is_child:
            stepper.tell("entered", self.element.id, token.scope)
            if self.element.state is not None:
                stepper.tell("state_set", self.element.id, token.scope, {"state": self.element.state})
        return self.open(stepper, token)

    def _on_complete_hook(self, token: Token) -> None:
        stepper: Stepper = token.scope.top.stepper
        if token.is_child:
            repeating.collect(stepper, token)
        inner = token.scope.inner(token)
        # What is entered again only to be compensated, or is one of many, leaves by no flow.
        again = inner is not None and inner.todo is not None and token.scope.todo is not None
        goes_on = not again and not token.is_child
        flows = self.choose(stepper, token) if goes_on else []
        stepper.end_waits(token)
        remember(token, inner)
        stepper.root.close(token)
        if goes_on:
            stepper.tell("left", self.element.id, token.scope)
        for flow in flows:
            stepper.take(token.scope, flow)
        self.after(stepper, token)

    def _on_cancel(self, token: Token) -> None:
        if not token.is_child:  # what interrupts itself by what it throws has done what it does
            kind = "left" if token.is_throwing else "cancelled"
            token.scope.top.stepper.tell(kind, self.element.id, token.scope)


class Activity(Steps):
    """A task, sub-process or event: has input and output mappings, and boundary events while it waits."""

    def open(self, stepper: Stepper, token: Token) -> bool | None:
        done = self._begin(stepper, token)
        if done is None and not token.is_done and not token.is_child:
            for boundary in self.boundaries:
                opening.await_event(stepper, token, boundary)
        return done

    def _begin(self, stepper: Stepper, token: Token) -> bool | None:
        if self.element.loop is not None and not token.is_child:
            return repeating.begin(stepper, token)
        opening.fill_inputs(stepper, token)
        return self.enter(stepper, token)

    def gathered(self, token: Token) -> Mapping[str, Any]:
        """Return what the inside of a sub-process or called process hands out."""
        return {}

    def finish(self, stepper: Stepper, token: Token, results: Mapping[str, Any]) -> None:
        """Write an activity's results: by its output mappings where it has any, else each as it is.

        A result with the name of an input belongs to the activity's own scope, which ends here; only an output
        mapping takes it out. What a child of a repeated activity has as its own stays with it.
        """
        inner = token.scope.inner(token)
        if inner is not None and inner.todo is not None:
            return None  # what was opened again to be compensated is dropped with what it wrote
        if inner is not None and inner.rounds is not None:
            return stepper.write(token.scope, self.element.id, repeating.results(self.element, inner.rounds))
        results = {**self.gathered(token), **results}
        written = self._mapped(stepper, token, results)
        own = kept(self.element.id, {name: value for name, value in written.items() if name in token.own})
        inside = (
            {} if self.formulas.outputs else {name: it for name, it in results.items() if name in token.data}
        )
        inside = kept(self.element.id, inside)
        others = {name: value for name, value in written.items() if name not in own}
        stepper.write(token.scope, self.element.id, others)
        token.own.update(own)
        token.data.update(inside)

    def choose(self, stepper: Stepper, token: Token) -> list[SequenceFlow]:
        """Take what has no condition, and each flow whose condition is true; else the default flow."""
        if all(flow.condition is None for flow in self.outgoing):
            return self.outgoing
        return true_flows(stepper, token, self)

    def _mapped(self, stepper: Stepper, token: Token, results: dict[str, Any]) -> dict[str, Any]:
        if not self.formulas.outputs:
            return {name: value for name, value in results.items() if name not in token.data}
        written: dict[str, Any] = {}
        for name, formula in self.formulas.outputs:  # each sees those before it, as in a FEEL context
            seen = token.scope.visible(written, results, token.data, token.own)
            written[name] = formula.value(seen, stepper.surroundings(token.scope))
        return written


def true_flows(stepper: Stepper, token: Token, spec: Steps) -> list[SequenceFlow]:
    """Return the flows without or with a true condition, in document order; the default flow if no condition is true.

    Raises RunRefused for a condition that is neither true nor false, and where no flow is left to take.
    """
    variables = token.scope.visible()
    asked = [flow for flow in spec.outgoing if flow.condition is not None and not flow.is_default]
    true = {flow.id for flow in asked if is_true(stepper, flow, token.scope, variables)}
    taken = [
        flow
        for flow in spec.outgoing
        if flow.id in true or (flow.is_default and not true) or not (flow.is_default or flow.condition)
    ]
    if not taken:
        message = "Expected a condition to be true, but none is and there is no default flow."
        raise RunRefused(spec.element.id, message)
    return taken


def is_true(stepper: Stepper, flow: SequenceFlow, scope: Scope, variables: Mapping[str, Any]) -> bool:
    """Ask a flow's condition. Raises RunRefused where it is neither true nor false."""
    assert flow.condition is not None
    value, warnings = flow.condition.checked(variables, stepper.surroundings(scope))
    if not isinstance(value, bool):
        raise flow.condition.unexpected("true or false", value, warnings)
    return value
