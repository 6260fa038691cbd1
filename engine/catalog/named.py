"""Calendars, settings and vocabularies that a pack's expressions name by literals: each must be there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from engine.catalog.calendars import CALENDARS
from engine.catalog.findings import PackFinding
from engine.catalog.pack import PackSource
from engine.catalog.paths import home_of
from engine.catalog.templates import Template
from engine.decisions import Model
from engine.feel import Expression
from engine.forms import Form
from engine.forms.reading import line_of
from engine.spiff import Diagram, formulas_of


@dataclass(frozen=True)
class Asking:
    """The files of a pack that hold expressions, by their paths."""

    diagrams: Mapping[str, Diagram]
    decisions: Mapping[str, Model]
    forms: Mapping[str, Form]
    templates: Mapping[str, Template]


@dataclass(frozen=True)
class Naming:
    """What a file names: a calendar, a setting or a vocabulary, where, and how a person calls that place."""

    what: str
    name: str
    file: str
    place: str
    line: int | None
    element: str | None = None


def unknown_names(pack: PackSource, asking: Asking) -> Iterator[PackFinding]:
    """Yield what is named and isn't there; no calendars while `calendars.toml` itself is to be mended."""
    known: dict[str, tuple[Collection[str], str]] = {
        "calendar": (pack.calendars, CALENDARS),
        "setting": (pack.settings, "[settings] of pack.toml"),
        "vocabulary": (pack.labels, "pack.toml"),
    }
    if any(home_of(it.file)[1] == CALENDARS for it in pack.problems):
        del known["calendar"]
    for it in named_literals(asking):
        there, home = known.get(it.what, ([it.name], ""))
        if it.name not in there:
            message = f"Expected a {it.what} named “{it.name}” for “{it.place}”, but there is none."
            remedy = f"Add it to {home}, or name one of: {', '.join(sorted(there)) or 'none yet'}."
            yield PackFinding(it.file, f"unknown-{it.what}", message, remedy, it.line, it.element)


def named_literals(asking: Asking) -> Iterator[Naming]:
    """Yield every calendar, setting and vocabulary that an expression names by a literal."""
    for path, diagram in asking.diagrams.items():
        yield from _by_diagram(path, diagram)
    for path, model in asking.decisions.items():
        yield from (Naming(it.what, it.name, path, it.element, it.line) for it in model.named)
    for path, form in asking.forms.items():
        yield from _by_form(path, form)
    for path, template in asking.templates.items():
        for it in template.placeholders:
            yield from (Naming(*named, path, it.text, it.line) for named in it.expression.literals)


def _by_diagram(path: str, diagram: Diagram) -> Iterator[Naming]:
    for element in diagram.elements.values():
        found = {named for formula in formulas_of(element) for named in formula.expression.literals}
        yield from (Naming(*named, path, element.title, element.line, element.id) for named in sorted(found))


def _by_form(path: str, form: Form) -> Iterator[Naming]:
    text = form.source.decode("utf-8", "replace")
    for component in (part for top in form.components for part in top.walk()):
        asked: tuple[Expression | None, ...] = (component.hide, component.values_expression, component.money)
        found = {named for expression in asked if expression for named in expression.literals}
        place = component.key or component.id
        line = line_of(text, place)
        yield from (Naming(*named, path, component.name, line, place) for named in sorted(found))
