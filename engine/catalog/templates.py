"""Message templates: what a send task says, in Markdown, with FEEL between double braces.

    Subject: Ticket {{ ticket.number }}: {{ ticket.subject }}

    Dear {{ ticket.requester.name }}, …

The first line is the subject. A second line `To: …` names another receiver than the customer. Rendering is pure:
the same variables at the same moment give the same mail, so that a stored step can be run again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.errors import CasepathError
from engine.feel import NO_SURROUNDINGS, Expression, Surroundings, compile_expression
from engine.feel.errors import FeelError
from engine.feel.numbers import number_text

REPLY = "t_reply"
"""The template by which replies of the desk leave by mail; it sees `reply.body` and `reply.by`."""

_PLACEHOLDER = re.compile(r"\{\{((?:(?!\{\{|\}\}).)*)\}\}", re.DOTALL)
_BRACES = re.compile(r"\{\{|\}\}")
_SUBJECT, _TO = "Subject:", "To:"
_CUSTOMER = "{{ ticket.requester.email }}"


@dataclass(frozen=True)
class Mail:
    """A rendered message: `to` is a mail address or empty, `body` is Markdown."""

    to: str
    subject: str
    body: str


@dataclass(frozen=True)
class TemplateProblem:
    """Something wrong with a template, its line in the file and its remedy."""

    line: int
    message: str
    remedy: str


class TemplateRefused(CasepathError):
    """A template that can't be used; `problems` holds every reason."""

    def __init__(self, name: str, problems: tuple[TemplateProblem, ...]) -> None:
        self.problems = problems
        super().__init__(f"Template {name}: " + " ".join(f"{it.message} (line {it.line})" for it in problems))


@dataclass(frozen=True)
class Placeholder:
    """One `{{ … }}`: its text, its line and the compiled expression."""

    text: str
    line: int
    expression: Expression


_Part = str | Placeholder


@dataclass(frozen=True)
class Template:
    """A template that was read; `placeholders` are all its expressions in order."""

    name: str
    to: tuple[_Part, ...]
    subject: tuple[_Part, ...]
    body: tuple[_Part, ...]

    @classmethod
    def read(cls, source: bytes, name: str) -> Template:
        """Read a template. Raises TemplateRefused with every reason why it can't be used."""
        problems: list[TemplateProblem] = []
        head, to, body, body_line = _split(source.decode("utf-8", "replace").replace("\r\n", "\n"), problems)
        template = cls(
            name, _parts(to, 2, problems), _parts(head, 1, problems), _parts(body, body_line, problems)
        )
        if problems:
            raise TemplateRefused(name, tuple(problems))
        return template

    @property
    def placeholders(self) -> tuple[Placeholder, ...]:
        """Every expression of the template."""
        return tuple(it for it in (*self.to, *self.subject, *self.body) if isinstance(it, Placeholder))

    @property
    def title(self) -> str:
        """What people call the template, to stand in quotes: its subject, with “…” for what is filled in."""
        title = "".join(it if isinstance(it, str) else "…" for it in self.subject)
        return title.replace("“", "‘").replace("”", "’")

    def render(self, variables: Mapping[str, Any], surroundings: Surroundings = NO_SURROUNDINGS) -> Mail:
        """Return the mail for these variables; a null shows as nothing, as FEEL strings have it.

        Subject and receiver stay on one line whatever a variable holds, so that nobody can smuggle in a header.
        """
        to, subject = (
            _one_line(_fill(self.to, variables, surroundings)),
            _one_line(_fill(self.subject, variables, surroundings)),
        )
        return Mail(to, subject, _fill(self.body, variables, surroundings).strip() + "\n")


def _split(text: str, problems: list[TemplateProblem]) -> tuple[str, str, str, int]:
    """Return subject, receiver, body, and the line on which the body begins."""
    first, _, rest = text.partition("\n")
    if not first.startswith(_SUBJECT) or not first.removeprefix(_SUBJECT).strip():
        message = f"Expected the first line to be “Subject: …”, but it is “{first[:60]}”."
        problems.append(TemplateProblem(1, message, "Begin the template with its subject."))
    subject, to, line = first.removeprefix(_SUBJECT).strip(), _CUSTOMER, 2
    if rest.startswith(_TO):
        second, _, rest = rest.partition("\n")
        to, line = second.removeprefix(_TO).strip(), 3
    return subject, to, rest, line


def _parts(text: str, line: int, problems: list[TemplateProblem]) -> tuple[_Part, ...]:
    parts: list[_Part] = []
    end = 0
    for match in _PLACEHOLDER.finditer(text):
        parts.append(text[end : match.start()])
        here = line + text.count("\n", 0, match.start())
        parts.extend(_placeholder(match[1].strip(), here, problems))
        end = match.end()
    parts.append(text[end:])
    _refuse_open_braces(parts, line, problems)
    return tuple(part for part in parts if part)


def _placeholder(text: str, line: int, problems: list[TemplateProblem]) -> list[_Part]:
    try:
        return [Placeholder(text, line, compile_expression(text))]
    except FeelError as error:
        message = f"Expected FEEL between the braces, but “{text}” is not: {error}"
        problems.append(
            TemplateProblem(line, message, "Write the name of a variable, such as {{ ticket.number }}.")
        )
        return []


def _refuse_open_braces(parts: list[_Part], line: int, problems: list[TemplateProblem]) -> None:
    for part in parts:
        text = part if isinstance(part, str) else part.text
        found = _BRACES.search(text) if isinstance(part, str) else None
        if found:
            message = "Expected each “{{” to be closed by “}}”, but one stands alone."
            here = line + text.count("\n", 0, found.start())
            problems.append(TemplateProblem(here, message, "Close the placeholder, or remove the braces."))
        line += text.count("\n")


def _fill(parts: tuple[_Part, ...], variables: Mapping[str, Any], surroundings: Surroundings) -> str:
    return "".join(
        part if isinstance(part, str) else _shown(part.expression.evaluate(variables, surroundings))
        for part in parts
    )


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} {value.tzname() or ''}".strip()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return str(value)


def _one_line(text: str) -> str:
    return " ".join(text.split())
