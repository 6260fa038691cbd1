"""Tasks: work of people, services and Casepath itself."""

from __future__ import annotations

from SpiffWorkflow.bpmn.specs import defaults as library

from engine.spiff import opening
from engine.spiff.specs.events import Catching
from engine.spiff.stepping import Stepper
from engine.spiff.steps import Activity
from engine.spiff.tokens import Token


class UserTask(Activity, library.UserTask):  # type: ignore[misc]
    """Waits for a person."""

    def enter(self, stepper: Stepper, token: Token) -> None:
        opening.open_task(stepper, token)


class ServiceTask(Activity, library.ServiceTask):  # type: ignore[misc]
    """Asks a handler and waits for its answer."""

    def enter(self, stepper: Stepper, token: Token) -> None:
        opening.request_service(stepper, token)


class ReceiveTask(Catching, library.ReceiveTask):  # type: ignore[misc]
    """Waits for a message."""

    def enter(self, stepper: Stepper, token: Token) -> None:
        opening.await_event(stepper, token, self)


class SendTask(Activity, library.SendTask):  # type: ignore[misc]
    """Asks for something to be sent, and goes on at once."""

    def enter(self, stepper: Stepper, token: Token) -> bool:
        template = {"template": self.element.template}
        related = opening.related_ticket(stepper, token)
        if related is not None:
            link = {"kind": self.element.relation, "other": related}
            stepper.tell("ticket_related", self.element.id, token.scope, link)
        stepper.tell("send_requested", self.element.id, token.scope, template, dict(token.visible()))
        self.finish(stepper, token, {})
        return True


class ScriptTask(Activity, library.ScriptTask):  # type: ignore[misc]
    """Evaluates FEEL into one variable; without a result variable, each entry of the context becomes one."""

    def enter(self, stepper: Stepper, token: Token) -> bool:
        formula = self.formulas.texts["script"]
        value, warnings = formula.checked(token.visible(), stepper.surroundings(token.scope))
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
