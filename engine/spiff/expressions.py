"""FEEL in a diagram: every text is compiled when the diagram is checked, and evaluated with its warnings.

A condition, a mapping, a script or a message key is FEEL with or without a leading `=`. An assignee, groups, a
priority or retries are plain text unless they begin with `=`. A timer or a due date is ISO 8601 where it looks
like it, else FEEL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from engine.calendars import ALWAYS
from engine.feel import Expression, Surroundings, compile_expression, literal_text, python_hint
from engine.feel.errors import FeelError, FeelLimitError
from engine.spiff.errors import Finding, RunRefused
from engine.spiff.model import Element
from engine.spiff.reading import refusal
from engine.spiff.timers import is_literal

_FORMULAS = {"condition": "condition", "key": "message key", "script": "script", "related": "related ticket"}
_PYTHON_NAMES = frozenset(
    {"None", "True", "False", "len", "str", "int", "float"}
)  # FEEL would read them as names
# FEEL would read `not x` and `x is None` as names of several words, and a method as a function of a context.
_PYTHON_WORDS = re.compile(r"\bnot\s+\w|\w\s+is\s+\w|\w\.[a-z]+\(")
_MOMENTS = ("timer", "due date")
_SHOWN = 201  # characters of a wrong value: 200 and a text's opening quote
_ANY_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
_TEXTS = ("assignee", "candidate_groups", "skills", "priority", "retries")
_LOOPS = {  # of a loop's fields, the name in `Formulas.texts`, and what messages call it
    "collection": ("collection", "collection"),
    "cardinality": ("cardinality", "cardinality"),
    "completion": ("completion", "completion condition"),
    "result": ("result", "output element"),
    "condition": ("loop_condition", "loop condition"),
}


@dataclass(frozen=True, slots=True)
class Formula:
    """One compiled expression, and what to call it when it goes wrong."""

    element: str
    role: str
    text: str
    expression: Expression = field(repr=False, compare=False)

    def value(self, variables: Mapping[str, Any], surroundings: Surroundings) -> Any:
        """Evaluate; a wrong value is null, as FEEL has it. Raises RunRefused where a limit stopped it."""
        return self.checked(variables, surroundings)[0]

    def checked(
        self, variables: Mapping[str, Any], surroundings: Surroundings
    ) -> tuple[Any, tuple[str, ...]]:
        """Evaluate, and say why a value became null."""
        try:
            evaluation = self.expression.evaluate_checked(variables, surroundings)
        except FeelError as error:
            raise RunRefused(
                self.element, f"Expected {self.role} {self.text!r} to have a value, but {error}"
            ) from error
        return evaluation.value, evaluation.warnings

    def unexpected(self, expected: str, value: Any, warnings: tuple[str, ...]) -> RunRefused:
        """Return the refusal for a value that can't be used here."""
        reasons = f" ({'; '.join(warnings)})" if warnings else ""
        return RunRefused(
            self.element,
            f"Expected {self.role} {self.text!r} to give {expected}, but it gives {_shown(value)}{reasons}.",
        )


def _shown(value: Any) -> str:
    """Return how a sentence tells a value: as FEEL writes it, and only the beginning of a long one."""
    try:
        text = repr(value) if isinstance(value, str) else literal_text(value)
    except FeelLimitError:
        return "too much to be shown"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


@dataclass(frozen=True, slots=True)
class Formulas:
    """The compiled expressions of one element; `texts` by the name of the Element's field, of loops by `_LOOPS`."""

    inputs: tuple[tuple[str, Formula], ...] = ()
    outputs: tuple[tuple[str, Formula], ...] = ()
    texts: Mapping[str, Formula] = field(default_factory=dict)


def compile_element(element: Element) -> tuple[Formulas, list[Finding]]:
    """Compile every expression of an element; what does not compile comes back as findings."""
    findings: list[Finding] = []
    texts = {
        name: formula
        for name, role, text in _expressions(element)
        if (formula := _compiled(element, role, text, findings)) is not None
    }
    formulas = Formulas(
        _mapping(element, "input mapping", element.inputs, findings),
        _mapping(element, "output mapping", element.outputs, findings),
        texts,
    )
    return formulas, findings


def formulas_of(element: Element) -> Iterator[Formula]:
    """Yield every expression of an element that compiles."""
    formulas, _ = compile_element(element)
    yield from (formula for _, formula in (*formulas.inputs, *formulas.outputs))
    yield from formulas.texts.values()


def _expressions(element: Element) -> Iterator[tuple[str, str, str]]:
    for name, role in _FORMULAS.items():
        if text := getattr(element, name):
            yield name, role, text
    for name in _TEXTS:
        text = getattr(element, name)
        if text and text.startswith("="):
            yield name, name.replace("_", " "), text
    for name, (key, role) in _LOOPS.items():
        if text := getattr(element.loop, name, None):
            yield key, role, text
    if element.action and element.action.preview:
        yield "preview", "preview", element.action.preview
    if element.due and not is_literal(element.due):
        yield "due", "due date", element.due
    if element.timer and not is_literal(element.timer[1]) and element.timer[1]:
        yield "timer", "timer", element.timer[1]


def _mapping(
    element: Element, role: str, pairs: tuple[tuple[str, str], ...], findings: list[Finding]
) -> tuple[tuple[str, Formula], ...]:
    compiled = [
        (target, _compiled(element, f"{role} of {target!r}", text, findings)) for target, text in pairs
    ]
    return tuple((target, formula) for target, formula in compiled if formula is not None)


def _compiled(element: Element, role: str, text: str, findings: list[Finding]) -> Formula | None:
    try:
        expression = compile_expression(text)
    except FeelError as error:
        findings.append(_python(element, role, text) or _no_feel(element, role, text, error))
        return None
    formula = Formula(element.id, role, text, expression)
    looks_like_python = expression.names & _PYTHON_NAMES or _PYTHON_WORDS.search(text)
    finding = (_python(element, role, text) if looks_like_python else None) or _void(element, formula)
    if finding is not None:
        findings.append(finding)
    return formula


def _void(element: Element, formula: Formula) -> Finding | None:
    """A moment that asks for no variable is the same in every ticket: so if it is null, it is so for all of them."""
    if formula.role not in _MOMENTS or formula.expression.names or formula.expression.settings:
        return None
    reasons: tuple[str, ...]
    # Which calendars there are isn't known here, so those it names count as never closed.
    around = Surroundings(_ANY_MOMENT, dict.fromkeys(formula.expression.calendars, ALWAYS))
    try:
        found = formula.expression.evaluate_checked({}, around)
        value, reasons = found.value, found.warnings
    except FeelError as error:  # it takes too long
        value, reasons = None, (str(error),)
    if isinstance(value, datetime) and value.tzinfo is None:
        message = (
            f"Expected the {formula.role} {formula.text!r} to give a moment with its zone, but it has none."
        )
        remedy = "Add the zone, such as @Europe/Rome or +01:00."
        return refusal("timer", message, remedy, element=element.id, line=element.line)
    if value is not None or not reasons:
        return None
    message = f"Expected the {formula.role} {formula.text!r} to have a value, but it has none."
    remedy = " ".join((*reasons, "Correct the expression."))
    return refusal("timer", message, remedy, element=element.id, line=element.line)


def _python(element: Element, role: str, text: str) -> Finding | None:
    bare = text.strip().removeprefix("=")
    hint = python_hint(bare)
    if hint is None:
        return None
    message = f"Expected the {role} to be FEEL, but {text!r} is Python."
    sign = "" if bare == text.strip() else "="
    return refusal("feel", message, f"Write: {sign}{hint}", element=element.id, line=element.line)


def _no_feel(element: Element, role: str, text: str, error: FeelError) -> Finding:
    message = f"Expected the {role} to be FEEL, but {text!r} is not: {error}"
    remedy = "Correct the expression at the place named."
    return refusal("feel", message, remedy, element=element.id, line=element.line)
