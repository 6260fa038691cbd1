"""The parts of a form, as data: components, the options they offer and the rules they judge by.

Names follow bpmn.io's form JSON (form-js), written the Python way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import regex

from engine.feel import Expression

INPUT_TYPES = frozenset(
    {
        "textfield",
        "textarea",
        "number",
        "checkbox",
        "radio",
        "select",
        "checklist",
        "taglist",
        "datetime",
    }
)
PRESENTATION_TYPES = frozenset({"text", "group", "separator", "spacer"})
LINK_KINDS = ("follows", "duplicate_of", "caused_by")  # what one ticket can be to another
CHOICE_TYPES = frozenset({"radio", "select", "checklist", "taglist"})
MANY_TYPES = frozenset({"checklist", "taglist"})


@dataclass(frozen=True)
class Option:
    """One choice: the FEEL value that is kept and the words that a person reads."""

    value: Any
    label: str


@dataclass(frozen=True)
class Rules:
    """What a value must keep to; None stands for no such rule."""

    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    pattern: regex.Pattern[str] | None = None
    kind: str | None = None  # "email" or "phone"


@dataclass(frozen=True)
class Component:
    """One component of a form. A `group` holds others; only input components have a `key`.

    `hide` is the compiled condition under which it disappears; `default` is a FEEL value. For `datetime`,
    `subtype` is `date`, `time` or `datetime`. For `text`, `text` is Markdown. A `number` with a `link` holds the
    number of another ticket, to which the task's ticket is linked in this way; with `money`, which is FEEL for its
    currency, an amount.
    """

    type: str
    id: str
    key: str | None = None
    label: str = ""
    description: str = ""
    text: str = ""
    default: Any = None
    readonly: bool = False
    options: tuple[Option, ...] = ()
    values_key: str | None = None
    values_expression: Expression | None = None
    subtype: str | None = None
    decimal_digits: int | None = None
    link: str | None = None
    money: Expression | None = None
    height: int | None = None
    rules: Rules = field(default_factory=Rules)
    hide: Expression | None = None
    components: tuple[Component, ...] = ()

    @property
    def is_input(self) -> bool:
        """Whether a person enters something here."""
        return self.type in INPUT_TYPES

    @property
    def name(self) -> str:
        """What to call it in a sentence: its label, or its key."""
        return self.label or self.key or self.id

    def walk(self) -> Iterator[Component]:
        """Yield this component and everything inside it, in the order of the form."""
        yield self
        for component in self.components:
            yield from component.walk()
