"""From the bytes of a `.form` file to its components; whatever can't be judged later is a finding now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import CasepathError
from engine.feel import Expression, compile_expression
from engine.feel.errors import FeelError
from engine.forms.build import Builder, Problem
from engine.forms.schema import INPUT_TYPES, PRESENTATION_TYPES, Component

MOST_BYTES = 1_000_000
MOST_DEPTH = 10


@dataclass(frozen=True)
class FormFinding:
    """One reason why a form can't be used, with its place and its remedy; `component` is a key or an id."""

    component: str | None
    line: int | None
    message: str
    remedy: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.component, f"line {self.line}" if self.line else "") if part)
        return f"{self.message} ({place})" if place else self.message


class FormRefused(CasepathError):
    """A form that can't be used; `findings` holds every reason."""

    def __init__(self, name: str, findings: tuple[FormFinding, ...]) -> None:
        self.findings = findings
        super().__init__(f"Form {name}: " + " ".join(map(str, findings)))


def check_form(
    source: bytes, name: str
) -> tuple[tuple[str, tuple[Component, ...]] | None, tuple[FormFinding, ...]]:
    """Return a form's id and components, or None, with everything that is wrong. Never raises on bad input."""
    reader = _Reader(source)
    schema = reader.schema()
    if schema is None:
        return None, tuple(reader.findings)
    components = reader.components(schema.get("components"), depth=1)
    reader.refuse_twins(components)
    if reader.findings:
        return None, tuple(reader.findings)
    return (str(schema.get("id") or name), components), ()


class _Reader:
    """Walks one form; collects findings instead of stopping at the first."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.text = source.decode("utf-8", "replace")
        self.findings: list[FormFinding] = []

    def schema(self) -> Mapping[str, Any] | None:
        if len(self.source) > MOST_BYTES:
            self._refuse(None, "Expected a form of at most 1 MB, but it is larger.", "Split the form.")
            return None
        try:
            schema = json.loads(self.source)
        except (UnicodeDecodeError, RecursionError) as error:
            self._refuse(None, f"Expected JSON, but: {error}.", "Save the form again with a form editor.")
            return None
        except json.JSONDecodeError as error:
            self._refuse(
                None, f"Expected JSON, but: {error.msg}.", "Correct the JSON here.", line=error.lineno
            )
            return None
        if not isinstance(schema, dict) or not isinstance(schema.get("components"), list):
            message = "Expected a form-js schema with a list of components, but it has none."
            self._refuse(None, message, "Save the form with Camunda Modeler or the form editor of bpmn.io.")
            return None
        return schema

    def components(self, found: Any, depth: int) -> tuple[Component, ...]:
        if depth > MOST_DEPTH:
            self._refuse(
                None, f"Expected at most {MOST_DEPTH} nested groups, but there are more.", "Flatten the form."
            )
            return ()
        if not isinstance(found, list):
            self._refuse(None, f"Expected a list of components, but found {found!r}.", "Save the form again.")
            return ()
        parts = (self._component(raw, depth) for raw in found)
        return tuple(part for part in parts if part is not None)

    def refuse_twins(self, components: tuple[Component, ...]) -> None:
        seen: set[str] = set()
        for component in _inputs(components):
            key = component.key or ""
            if key in seen:
                message = f"Expected each key once, but {key!r} stands twice."
                self._refuse(key, message, "Give one of the two components another key.")
            seen.add(key)

    def _component(self, raw: Any, depth: int) -> Component | None:
        if not isinstance(raw, dict):
            self._refuse(None, f"Expected a component, but found {raw!r}.", "Remove it.")
            return None
        kind, place = raw.get("type"), str(raw.get("key") or raw.get("id") or raw.get("type"))
        if not isinstance(kind, str) or kind not in INPUT_TYPES | PRESENTATION_TYPES:
            known = ", ".join(sorted(INPUT_TYPES | PRESENTATION_TYPES))
            message = f"Expected a component that Casepath can judge, but {kind!r} is none."
            self._refuse(place, message, f"Use one of: {known}. The page brings its own buttons.")
            return None
        inner = self.components(raw.get("components", []), depth + 1) if kind == "group" else ()
        builder = Builder(raw, self._compile)
        component = builder.build(inner)
        for problem in builder.problems:
            self._refuse(place, problem.message, problem.remedy)
        return component

    def _compile(self, text: str) -> Expression | Problem:
        try:
            return compile_expression(text)
        except FeelError as error:
            return Problem(f"Expected FEEL, but {text!r} is not: {error}", "Correct the expression.")

    def _refuse(self, place: str | None, message: str, remedy: str, *, line: int | None = None) -> None:
        self.findings.append(FormFinding(place, line or line_of(self.text, place), message, remedy))


def line_of(text: str, place: str | None) -> int | None:
    """Return the line of a component. JSON keeps none; the first that quotes its name is where a person looks."""
    position = text.find(f'"{place}"') if place else -1
    return text.count("\n", 0, position) + 1 if position >= 0 else None


def _inputs(components: tuple[Component, ...]) -> Iterator[Component]:
    return (part for component in components for part in component.walk() if part.is_input)
