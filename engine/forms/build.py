"""One component from its JSON: every property that matters is read, judged and typed here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import regex

from engine.currencies import known_currency
from engine.errors import InvalidInput
from engine.feel import Expression
from engine.feel.errors import UnkeepableValue
from engine.feel.values import normalise
from engine.forms.schema import CHOICE_TYPES, LINK_KINDS, Component, Option, Rules

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UNJUDGED = {
    "disallowPassedDates": "Compare the date in a gateway or a decision instead.",
    "valuesUrl": "Give static values, a valuesKey or a valuesExpression.",
}
_MOST_DIGITS = 34
_SUBTYPES = ("date", "time", "datetime")


@dataclass(frozen=True)
class Problem:
    """Something wrong with one component: a sentence and its remedy."""

    message: str
    remedy: str


class Builder:
    """Builds one component and collects its problems."""

    def __init__(self, raw: Mapping[str, Any], compile_feel: Callable[[str], Expression | Problem]) -> None:
        self.raw = raw
        self.problems: list[Problem] = []
        self._compile = compile_feel

    def build(self, inner: tuple[Component, ...]) -> Component:
        """Return the component; `problems` says whether it may be used."""
        raw, kind = self.raw, str(self.raw["type"])
        self._refuse_unjudged()
        component = Component(
            type=kind,
            id=str(raw.get("id") or raw.get("key") or kind),
            label=self._text("label") or self._text("dateLabel") or self._text("timeLabel"),
            description=self._text("description"),
            text=self._text("text"),
            readonly=bool(raw.get("readonly") or raw.get("disabled")),
            hide=self._hide(),
            components=inner,
            height=self._whole("height"),
        )
        return self._input(component) if component.is_input else component

    def _input(self, shell: Component) -> Component:
        return Component(
            **{
                **{name: getattr(shell, name) for name in _SHELL},
                "key": self._key(),
                "default": self._default(),
                "options": self._options() if shell.type in CHOICE_TYPES else (),
                "values_key": self._text("valuesKey") or None,
                "values_expression": self._expression("valuesExpression"),
                "subtype": self._subtype() if shell.type == "datetime" else None,
                "decimal_digits": self._whole("decimalDigits"),
                "link": self._link(),
                "money": self._money(),
                "rules": self._rules(),
            }
        )

    def _key(self) -> str:
        key = self._text("key")
        if not _KEY.fullmatch(key):
            message = f"Expected a key of letters, digits and underscores, but it is {key!r}."
            self._wrong(message, "Give the field the name of the variable that it writes.")
        return key

    def _default(self) -> Any:
        value = self._kept(self.raw.get("defaultValue"))
        if isinstance(value, str) and self.raw["type"] == "number":
            return self._number(value, "defaultValue")
        return value

    def _options(self) -> tuple[Option, ...]:
        found = self.raw.get("values")
        if isinstance(found, list) and found:
            return tuple(Option(self._kept(value), label) for value, label in map(_value_and_label, found))
        if not self._text("valuesKey") and not self._text("valuesExpression"):
            self._wrong("Expected options to choose from, but there are none.", "Add values or a valuesKey.")
        return ()

    def _subtype(self) -> str:
        subtype = self._text("subtype") or "date"
        if subtype not in _SUBTYPES:
            self._wrong(
                f"Expected a date, time or datetime, but it is {subtype!r}.", "Choose one of the three."
            )
        return subtype

    def _link(self) -> str | None:
        """Custom properties of other names are somebody else's."""
        kind = self._mapping("properties").get("link")
        if kind is None:
            return None
        if kind not in LINK_KINDS or self.raw["type"] != "number":
            message = f"Expected a number field with a link of {', '.join(LINK_KINDS)}, but it is {kind!r}"
            self._wrong(f"{message} on a {self.raw['type']}.", "Correct the custom property “link”.")
        return str(kind)

    def _money(self) -> Expression | None:
        """The currency of an amount, as FEEL or as its code; it says how many decimals there are."""
        said = self._mapping("properties").get("money")
        if said is None:
            return None
        remedy = "Write the custom property “money” as a code such as EUR, or as FEEL such as =currency."
        if not isinstance(said, str) or self.raw["type"] != "number":
            message = f"Expected a number field with a currency, but it is {said!r} on a {self.raw['type']}."
            self._wrong(message, remedy)
            return None
        if self._whole("decimalDigits") is not None:
            message = "Expected the currency to say how many decimals there are, but decimalDigits does, too."
            self._wrong(message, "Remove decimalDigits.")
        if said.startswith("="):
            return self._compiled(said)
        try:
            return self._compiled(f'"{known_currency(said)}"')
        except InvalidInput as error:
            self._wrong(str(error), remedy)
            return None

    def _rules(self) -> Rules:
        rules = self._mapping("validate")
        kind = rules.get("validationType")
        return Rules(
            required=rules.get("required") is True,
            min_length=self._whole("minLength", rules),
            max_length=self._whole("maxLength", rules),
            minimum=self._number(rules.get("min"), "min"),
            maximum=self._number(rules.get("max"), "max"),
            pattern=self._pattern(rules.get("pattern")),
            kind=kind if kind in ("email", "phone") else None,
        )

    def _pattern(self, text: Any) -> regex.Pattern[str] | None:
        if not text:
            return None
        try:
            return regex.compile(str(text))
        except regex.error as error:
            self._wrong(
                f"Expected a pattern, but {text!r} is none: {error}.", "Correct the regular expression."
            )
            return None

    def _hide(self) -> Expression | None:
        text = self._mapping("conditional").get("hide")
        return self._compiled(str(text)) if text else None

    def _expression(self, name: str) -> Expression | None:
        return self._compiled(self._text(name)) if self._text(name) else None

    def _compiled(self, text: str) -> Expression | None:
        compiled = self._compile(text)
        if isinstance(compiled, Problem):
            self.problems.append(compiled)
            return None
        return compiled

    def _text(self, name: str) -> str:
        value = self.raw.get(name)
        return value if isinstance(value, str) else ""

    def _whole(self, name: str, source: Mapping[str, Any] | None = None) -> int | None:
        number = self._number((self.raw if source is None else source).get(name), name)
        return None if number is None else int(number)

    def _number(self, value: Any, name: str) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite() and number.adjusted() < _MOST_DIGITS:
            return number
        self._wrong(f"Expected {name} to be a number, but it is {value!r}.", "Write the number itself.")
        return None

    def _mapping(self, name: str) -> Mapping[str, Any]:
        found = self.raw.get(name)
        if isinstance(found, Mapping):
            return found
        if found is not None:
            self._wrong(f"Expected {name} to hold settings, but it is {found!r}.", "Save the form again.")
        return {}

    def _kept(self, value: Any) -> Any:
        """Return a value of the file as FEEL has it."""
        try:
            return normalise(value)
        except UnkeepableValue as error:
            self._wrong(str(error), "Write another value.")
            return None

    def _refuse_unjudged(self) -> None:
        for name, remedy in _UNJUDGED.items():
            if self.raw.get(name):
                self._wrong(f"Expected no {name}, but it is set, and Casepath can't judge it.", remedy)

    def _wrong(self, message: str, remedy: str) -> None:
        self.problems.append(Problem(message, remedy))


_SHELL = ("type", "id", "label", "description", "readonly", "hide", "height")


def option_of(found: Any) -> Option:
    """Return a choice from `{value, label}` or from a bare value, which is then its own label; both FEEL values."""
    value, label = _value_and_label(found)
    return Option(normalise(value), label)


def _value_and_label(found: Any) -> tuple[Any, str]:
    if isinstance(found, Mapping) and "value" in found:
        return found["value"], str(found.get("label") or found["value"])
    return found, str(found)
