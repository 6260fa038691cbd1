"""Walking the requirements of a decision: first what it needs, then itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.decisions.boxed import conformed
from engine.decisions.nodes import Decision, DecisionService, InputData, Knowledge, Node, Requirement
from engine.feel.compiler.calls import bind
from engine.feel.errors import FeelLimitError
from engine.feel.evaluation import Run, Scope
from engine.feel.kinds import Function, Parameter

if TYPE_CHECKING:
    from engine.decisions.model import Model

Key = tuple[str, str]


def answer(model: Model, node: Decision | DecisionService, inputs: Mapping[str, Any], run: Run) -> Any:
    """Return the value of a decision or service for inputs by name."""
    walk = _Walk(model, run, _ByName(model, inputs), {})
    try:
        if isinstance(node, Decision):
            return walk.value(model, node)
        return _ask_service(walk, model, node, inputs)
    except RecursionError:
        raise FeelLimitError("Expected decisions to need each other less deep but they go on.") from None


class _ByName:
    """Finds the value of an input: by its name, or in the context under the import's name."""

    def __init__(self, model: Model, inputs: Mapping[str, Any]) -> None:
        self.model = model
        self.inputs = inputs

    def find(self, node: InputData, alias: str) -> tuple[bool, Any]:
        """Return whether the input was handed in, and its value."""
        inside = self.inputs[alias] if alias and alias in self.inputs else None
        if isinstance(inside, dict) and node.name in inside:
            return True, inside[node.name]
        if node.name in self.inputs:
            return True, self.inputs[node.name]
        return False, None


class _Walk:
    """One question: remembers what was already answered, and what was handed in instead of being asked."""

    def __init__(self, root: Model, run: Run, inputs: _ByName, known: dict[Key, Any]) -> None:
        self.root = root
        self.run = run
        self.inputs = inputs
        self.known = known
        self.open: set[Key] = set()

    def value(self, model: Model, node: Node, alias: str = "") -> Any:
        """Return the value of a node, made at most once."""
        key = (model.namespace, node.id)
        if key not in self.known:
            if key in self.open:
                raise FeelLimitError(f"Expected {node.name} not to need itself but it does.")
            self.open.add(key)
            self.known[key] = self._make(model, node, alias)
            self.open.discard(key)
        return self.known[key]

    def _make(self, model: Model, node: Node, alias: str) -> Any:
        if isinstance(node, InputData):
            return self._input(node, alias)
        if isinstance(node, DecisionService):
            return _service_function(self, model, node)
        scope = Scope(self._seen(model, node.requires), None, self.run)
        if isinstance(node, Knowledge):
            return node.define(scope)
        return conformed(node.logic(scope), node.type, node.name, self.run)

    def _input(self, node: InputData, alias: str) -> Any:
        given, value = self.inputs.find(node, alias)
        if not given:
            return self.run.warn(f"Expected the input {node.name} but it was not handed in.")
        return conformed(value, node.type, f"input {node.name}", self.run)

    def _seen(self, model: Model, requirements: Sequence[Requirement]) -> dict[str, Any]:
        """Return what an element sees: what it requires, by name, imported things inside a context."""
        seen: dict[str, Any] = {}
        for requirement in requirements:
            owner = model.world[requirement.namespace]
            node = owner.nodes[requirement.id]
            if isinstance(node, Knowledge) and (owner.namespace, node.id) in self.open:
                seen[node.name] = self._late(owner, node)
                continue
            value = self.value(owner, node, requirement.alias)
            (seen.setdefault(requirement.alias, {}) if requirement.alias else seen)[node.name] = value
        return seen

    def _late(self, owner: Model, node: Knowledge) -> Function:
        """Return a function for knowledge that requires itself: looked up when it is called."""
        return Function(node.name, (), lambda run, arguments: self.value(owner, node).call(run, arguments))


def _members(model: Model, requirements: Sequence[Requirement]) -> list[tuple[Model, Any]]:
    owners = [(model.world[requirement.namespace], requirement.id) for requirement in requirements]
    return [(owner, owner.nodes[element]) for owner, element in owners]


def _service_function(walk: _Walk, model: Model, service: DecisionService) -> Function:
    takes = _members(model, service.input_data) + _members(model, service.input_decisions)
    parameters = tuple(Parameter(node.name, node.type) for _, node in takes)

    def call(run: Run, arguments: Sequence[Any] | dict[str, Any]) -> Any:
        bound = bind(service.name, parameters, arguments, run)
        if bound is None:
            return None
        run.enter()
        known = {(owner.namespace, node.id): bound[node.name] for owner, node in takes}
        value = _outputs(_Walk(walk.root, run, _ByName(model, {}), known), model, service)
        run.calls -= 1
        return value

    return Function(service.name, parameters, call, service.type)


def _ask_service(walk: _Walk, model: Model, service: DecisionService, inputs: Mapping[str, Any]) -> Any:
    """Asked from outside, a service takes its parameters by name; one that is missing is null."""
    takes = _members(model, service.input_data) + _members(model, service.input_decisions)
    arguments = {
        node.name: conformed(inputs.get(node.name), node.type, node.name, walk.run) for _, node in takes
    }
    return _service_function(walk, model, service).call(walk.run, arguments)


def _outputs(walk: _Walk, model: Model, service: DecisionService) -> Any:
    values = {node.name: walk.value(owner, node) for owner, node in _members(model, service.outputs)}
    value = next(iter(values.values())) if len(values) == 1 else values
    return conformed(value, service.type, service.name, walk.run)
