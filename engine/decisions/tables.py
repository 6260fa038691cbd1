"""Decision tables: which rules match, and what comes out of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.decisions.boxed import READERS, BoxedReader, conformed, located
from engine.decisions.hits import HIT_POLICIES, Hit, Outputs
from engine.decisions.run import DecisionRun
from engine.decisions.xml import Element, child, children, label, text_of
from engine.feel.evaluation import Compiled, Run, Scope
from engine.feel.types import FeelType


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions: its expression, the type and the values it allows."""

    where: str
    expression: Compiled
    type: FeelType
    allowed: Compiled | None


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results: its name, type, allowed values in order of priority, and default."""

    name: str
    type: FeelType
    default: Compiled | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: a test for each input (None lets everything pass), an expression for each output."""

    number: int
    name: str
    tests: tuple[Compiled | None, ...]
    results: tuple[Compiled, ...]


def decision_table(reader: BoxedReader, element: Element) -> Compiled:
    """Compile a decision table."""
    inputs = [_input(reader, column) for column in children(element, "input")]
    columns = list(children(element, "output"))
    outputs = [_output(reader, column) for column in columns]
    rules = [_rule(reader, row, number) for number, row in enumerate(children(element, "rule"), 1)]
    _check_shape(reader, element, inputs, outputs, rules)
    policy = _policy(reader, element, len(outputs))
    values = Outputs(tuple(output.name for output in outputs), tuple(_priorities(reader, c) for c in columns))
    return Table(label(element), inputs, outputs, rules, policy, values).evaluate


def _check_shape(
    reader: BoxedReader, element: Element, inputs: list[Input], outputs: list[Output], rules: list[Rule]
) -> None:
    if not outputs:
        reader.find(element, "Expected a decision table to have an output but it has none.")
    for rule in rules:
        if (len(rule.tests), len(rule.results)) != (len(inputs), len(outputs)):
            shape = f"{len(inputs)} inputs and {len(outputs)} outputs"
            reader.find(element, f"Expected {shape} in rule {rule.number} but it has others.")


def _input(reader: BoxedReader, element: Element) -> Input:
    expression = child(element, "inputExpression")
    if expression is None or not text_of(expression):
        reader.find(element, "Expected an input to have an expression but it has none.")
        return Input(label(element), lambda scope: None, reader.type(None), None)
    allowed = child(element, "inputValues")
    tests = _tests(reader, allowed) if allowed is not None else None
    compiled = reader.expression(text_of(expression), expression)
    return Input(label(element), compiled, reader.type(expression), tests)


def _tests(reader: BoxedReader, element: Element) -> Compiled | None:
    text = text_of(element)
    tests = reader.tests(text, element) if text and text != "-" else None
    return located(tests.in_scope, label(element)) if tests is not None else None


def _output(reader: BoxedReader, element: Element) -> Output:
    default = child(element, "defaultOutputEntry")
    text = text_of(default)
    compiled = reader.expression(text, default) if default is not None and text else None
    return Output(element.get("name") or "", reader.type(element), compiled)


def _priorities(reader: BoxedReader, element: Element) -> Compiled | None:
    """The order of the allowed values is their priority, so they are read as a list."""
    allowed = child(element, "outputValues")
    text = text_of(allowed)
    return reader.expression(f"[{text}]", allowed) if allowed is not None and text else None


def _rule(reader: BoxedReader, element: Element, number: int) -> Rule:
    tests = tuple(_tests(reader, entry) for entry in children(element, "inputEntry"))
    results = tuple(_result(reader, entry) for entry in children(element, "outputEntry"))
    return Rule(number, element.get("id") or f"rule {number}", tests, results)


def _result(reader: BoxedReader, element: Element) -> Compiled:
    text = text_of(element)
    return reader.expression(text, element) if text else (lambda scope: None)


def _policy(reader: BoxedReader, element: Element, outputs: int) -> Callable[..., Any]:
    policy, aggregation = element.get("hitPolicy", "UNIQUE"), element.get("aggregation", "")
    name = f"{policy} {aggregation}".strip() if policy == "COLLECT" else policy
    if name not in HIT_POLICIES:
        reader.find(element, f"Expected a hit policy of DMN but found {name}.")
        return HIT_POLICIES["UNIQUE"]
    if aggregation and policy == "COLLECT" and outputs > 1:
        reader.find(
            element, f"Expected a table that aggregates by {aggregation} to have one output but it has more."
        )
    return HIT_POLICIES[name]


class Table:
    """A compiled decision table."""

    def __init__(
        self,
        name: str,
        inputs: list[Input],
        outputs: list[Output],
        rules: list[Rule],
        policy: Callable[..., Any],
        values: Outputs,
    ) -> None:
        self.name = name
        self.inputs = inputs
        self.outputs = outputs
        self.rules = rules
        self.policy = policy
        self.values = values

    def evaluate(self, scope: Scope) -> Any:
        """Return what the rules that match yield, joined by the hit policy."""
        cells = self._input_scopes(scope)
        if cells is None:
            return None
        matching = [rule for rule in self.rules if _matches(rule, cells, scope.run)]
        hits = [Hit(rule.number, rule.name, self._results(rule, scope)) for rule in matching]
        run = scope.run
        before = len(run.warnings)
        value = self.policy(hits, self.values, run) if hits else self._default(scope)
        for index in range(before, len(run.warnings)):
            if not run.warnings[index].startswith("In "):
                run.warnings[index] = f"In {self.name}: {run.warnings[index]}"
        if isinstance(run, DecisionRun):
            run.matched.setdefault(self.name, []).extend(hit.name for hit in hits)
        return value

    def _input_scopes(self, scope: Scope) -> list[Scope] | None:
        """Return a scope per input in which `?` is its value; None where a value is not allowed."""
        scopes = []
        for column in self.inputs:
            value = conformed(column.expression(scope), column.type, column.where, scope.run)
            inner = scope.inner({"?": value})
            if column.allowed is not None and value is not None and column.allowed(inner) is not True:
                scope.run.warn(f"In {column.where}: Expected one of the values allowed but found another.")
                return None
            scopes.append(inner)
        return scopes

    def _results(self, rule: Rule, scope: Scope) -> tuple[Any, ...]:
        pairs = zip(self.outputs, rule.results, strict=False)
        return tuple(conformed(result(scope), output.type, rule.name, scope.run) for output, result in pairs)

    def _default(self, scope: Scope) -> Any:
        if all(output.default is None for output in self.outputs):
            return self.policy([], self.values, scope.run)
        given = [None if output.default is None else output.default(scope) for output in self.outputs]
        return self.values.joined(tuple(given))


def _matches(rule: Rule, cells: list[Scope], run: Run) -> bool:
    run.spend()
    return all(test is None or test(cell) is True for test, cell in zip(rule.tests, cells, strict=False))


READERS["decisionTable"] = decision_table
