"""What each element does when a token reaches it: the library's specifications, with our stepping."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults as library

from engine.spiff import opening
from engine.spiff.errors import RunRefused
from engine.spiff.scopes import Scope
from engine.spiff.stepping import Stepper
from engine.spiff.steps import Activity, SequenceFlow, Steps
from engine.spiff.tokens import Token


class StartEvent(Steps, library.StartEvent):  # type: ignore[misc]
    """Where a process begins."""


class EndEvent(Steps, library.EndEvent):  # type: ignore[misc]
    """Where a token ends; a terminate end takes all others of its scope with it."""

    def leave(self, stepper: Stepper, token: Token) -> None:
        if self.element.event != "terminate":
            return
        for other in token.scope.tokens:
            if other is not token:
                stepper.cancel(other)
        token.scope.arrivals.clear()
        stepper.terminated = stepper.terminated or token.scope is stepper.root


class ExclusiveGateway(Steps, library.ExclusiveGateway):  # type: ignore[misc]
    """Takes the first flow, in document order, whose condition is true; else the default flow."""

    def leave(self, stepper: Stepper, token: Token) -> None:
        stepper.take(token.scope, self._choose(stepper, token))

    def _choose(self, stepper: Stepper, token: Token) -> SequenceFlow:
        variables = token.scope.visible()
        for flow in self.outgoing:
            if flow.condition is not None:
                value, warnings = flow.condition.checked(variables, stepper.env.now)
                if not isinstance(value, bool):
                    raise flow.condition.unexpected("true or false", value, warnings)
                if value:
                    return flow
        for flow in self.outgoing:
            if flow.is_default or flow.condition is None:
                return flow
        raise RunRefused(
            self.element.id, "Expected a condition to be true, but none is and there is no default flow."
        )


class ParallelGateway(Steps, library.ParallelGateway):  # type: ignore[misc]
    """Waits for one token on each incoming flow, then sends one out on each outgoing flow.

    Arrivals are counted by flow and kept in the scope, so that a join needs no history: the library looks for
    the finished ancestors of the tokens, which are no longer there.
    """

    def arrive(self, stepper: Stepper, scope: Scope, flow: SequenceFlow) -> None:
        scope.arrivals[flow.id] = scope.arrivals.get(flow.id, 0) + 1
        if all(scope.arrivals.get(it.id) for it in self.incoming):
            for it in self.incoming:
                scope.arrivals[it.id] -= 1
                if not scope.arrivals[it.id]:
                    del scope.arrivals[it.id]
            stepper.start(scope, self)


class UserTask(Activity, library.UserTask):  # type: ignore[misc]
    """Waits for a person."""

    def enter(self, stepper: Stepper, token: Token) -> None:
        opening.open_task(stepper, token)


class ServiceTask(Activity, library.ServiceTask):  # type: ignore[misc]
    """Asks a handler and waits for its answer."""

    def enter(self, stepper: Stepper, token: Token) -> None:
        opening.request_service(stepper, token)


class ReceiveTask(Activity, library.ReceiveTask):  # type: ignore[misc]
    """Waits for a message."""

    def enter(self, stepper: Stepper, token: Token) -> None:
        opening.await_event(stepper, token, self)


class IntermediateCatchEvent(Activity, library.IntermediateCatchEvent):  # type: ignore[misc]
    """Waits for a moment or a message."""

    def enter(self, stepper: Stepper, token: Token) -> None:
        opening.await_event(stepper, token, self)


class BoundaryEvent(Activity, library.BoundaryEvent):  # type: ignore[misc]
    """Stands on an activity and waits with it; its token begins when the event comes, with what it brought."""

    def enter(self, stepper: Stepper, token: Token) -> bool:
        brought, token.internal_data = token.internal_data, {}
        self.finish(stepper, token, brought)
        return True


class SendTask(Activity, library.SendTask):  # type: ignore[misc]
    """Asks for something to be sent, and goes on at once."""

    def enter(self, stepper: Stepper, token: Token) -> bool:
        template = {"template": self.element.template}
        stepper.tell("send_requested", self.element.id, token.scope, template, dict(token.data))
        return True


class ScriptTask(Activity, library.ScriptTask):  # type: ignore[misc]
    """Evaluates FEEL into one variable; without a result variable, each entry of the context becomes one."""

    def enter(self, stepper: Stepper, token: Token) -> bool:
        formula = self.formulas.texts["script"]
        value, warnings = formula.checked(token.scope.visible(token.data), stepper.env.now)
        if self.element.result_variable is not None:
            self.finish(stepper, token, {self.element.result_variable: value})
        elif isinstance(value, dict):
            self.finish(stepper, token, value)
        else:
            raise formula.unexpected("a context", value, warnings)
        return True


class BusinessRuleTask(Activity, library.NoneTask):  # type: ignore[misc]
    """Asks a decision of the pack."""

    def enter(self, stepper: Stepper, token: Token) -> bool:
        name = self.element.result_variable
        assert name is not None  # the rule `required` asks for it
        self.finish(stepper, token, {name: opening.decide(stepper, token)})
        return True


class SubProcess(Activity, library.SubWorkflowTask):  # type: ignore[misc]
    """Opens a scope of its own and waits until nothing is left in it."""

    def enter(self, stepper: Stepper, token: Token) -> None:
        body = stepper.program.body(token.scope.process, self.element.id)
        inner = stepper.root.open(token, body.spec, token.scope.process, token.scope)
        inner.data.update(token.data)  # its inputs are its own variables
        token.data = {}
        if inner.data:
            stepper.tell("variables_written", self.element.id, inner, values=dict(inner.data))
        stepper.start(inner, body.start(None))

    def close(self, stepper: Stepper, token: Token) -> None:
        inner = token.scope.inner(token)
        results = dict(inner.data) if inner is not None and self.formulas.outputs else {}
        stepper.root.close(token)
        self.finish(stepper, token, results)


class CallActivity(Activity, library.CallActivity):  # type: ignore[misc]
    """Runs another process of the pack, which sees only what it is handed."""

    def enter(self, stepper: Stepper, token: Token) -> None:
        called = self.element.called or ""
        body = stepper.program.process(called)
        handed = dict(token.scope.visible(token.data)) if self.element.propagate_parent else dict(token.data)
        inner = stepper.root.open(token, body.spec, called, None)
        inner.data.update(handed)
        stepper.tell("variables_written", self.element.id, inner, values=handed)
        stepper.start(inner, body.start(None))

    def close(self, stepper: Stepper, token: Token) -> None:
        inner = token.scope.inner(token)
        stepper.root.close(token)
        if inner is not None:
            self.finish(stepper, token, self._results(inner))

    def _results(self, inner: Scope) -> dict[str, Any]:
        """What comes back: all for the output mappings to choose from, else only what the process wrote.

        Handing back what it was handed would undo what the caller's other branches wrote meanwhile.
        """
        if self.formulas.outputs:
            return dict(inner.data)
        if not self.element.propagate_child:
            return {}
        return {name: value for name, value in inner.data.items() if name in inner.written}
