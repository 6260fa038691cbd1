"""The stepping that elements share: what happens when a token enters, is done, or is interrupted.

`Steps` overrides the four hooks that the library offers: `_run_hook` (a token enters; True means done at once,
None that it waits), `_on_complete_hook` (it leaves by the outgoing flows), `_on_cancel`, and `test` (the diagram
was checked when it was deployed). The library's own `_predict`, `_update` and joins are never called.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

from engine.spiff import opening
from engine.spiff.expressions import Formula, Formulas
from engine.spiff.model import Element
from engine.spiff.scopes import Scope
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

    element: Element
    formulas: Formulas
    outgoing: list[SequenceFlow]
    incoming: list[SequenceFlow]
    boundaries: list[Steps]

    def describe(self, element: Element, formulas: Formulas) -> None:
        """Tell the specification what the diagram says of it."""
        self.element, self.formulas = element, formulas
        self.outgoing, self.incoming, self.boundaries = [], [], []

    def arrive(self, stepper: Stepper, scope: Scope, flow: SequenceFlow) -> None:
        """A token comes in over a flow."""
        stepper.start(scope, self)

    def open(self, stepper: Stepper, token: Token) -> bool | None:
        """Do what the element is for; True when that is done, None when the token waits."""
        return self.enter(stepper, token)

    def enter(self, stepper: Stepper, token: Token) -> bool | None:
        """Do what is particular to this kind of element; answers as `open`."""
        return True

    def close(self, stepper: Stepper, token: Token) -> None:
        """Do what is left to do once it is done."""

    def leave(self, stepper: Stepper, token: Token) -> None:
        """Let the token go on."""
        for flow in self.outgoing:
            stepper.take(token.scope, flow)

    def test(self) -> None:
        """Nothing to test: what the library would find missing here is refused when a diagram is deployed."""

    def _run_hook(self, token: Token) -> bool | None:
        stepper: Stepper = token.scope.top.stepper
        stepper.tell("entered", self.element.id, token.scope)
        if self.element.state is not None:
            stepper.tell("state_set", self.element.id, token.scope, {"state": self.element.state})
        return self.open(stepper, token)

    def _on_complete_hook(self, token: Token) -> None:
        stepper: Stepper = token.scope.top.stepper
        stepper.end_waits(token)
        self.close(stepper, token)
        stepper.tell("left", self.element.id, token.scope)
        self.leave(stepper, token)

    def _on_cancel(self, token: Token) -> None:
        token.scope.top.stepper.tell("cancelled", self.element.id, token.scope)


class Activity(Steps):
    """A task or sub-process: has input and output mappings, and boundary events while it waits."""

    def open(self, stepper: Stepper, token: Token) -> bool | None:
        opening.fill_inputs(stepper, token)
        done = self.enter(stepper, token)
        if done is None:
            for boundary in self.boundaries:
                opening.await_event(stepper, token, boundary)
        return done

    def finish(self, stepper: Stepper, token: Token, results: dict[str, Any]) -> None:
        """Write an activity's results: by its output mappings where it has any, else each as it is.

        A result with the name of an input belongs to the activity's own scope, which ends here; only an output
        mapping takes it out.
        """
        written: dict[str, Any] = {}
        if self.formulas.outputs:
            for name, formula in self.formulas.outputs:  # each sees those before it, as in a FEEL context
                written[name] = formula.value(
                    token.scope.visible(written, results, token.data), stepper.env.now
                )
        else:
            written = {name: value for name, value in results.items() if name not in token.data}
        stepper.write(token.scope, self.element.id, written)
