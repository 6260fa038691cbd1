"""One field's value: from what a browser or a program sent to a FEEL value, or a sentence that says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import regex

from engine.errors import InvalidInput
from engine.feel import temporal
from engine.feel.errors import UnkeepableValue
from engine.feel.numbers import number_text
from engine.feel.values import FeelTime, normalise
from engine.forms.schema import Component, Option
from engine.money import amount_of

_EMAIL = regex.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PHONE = regex.compile(r"\+?[\d\s()./-]+")
_PATTERN_SECONDS = 0.5
_AMOUNT = regex.compile(
    r"[+-]?[0-9]+(\.[0-9]+)?"
)  # people write 1.234,56 and mean something else than Decimal
_MINUTES = regex.compile(r"(.*T)?(\d\d:\d\d)((?:Z|[+-]\d\d:\d\d)?)")


class FieldError(Exception):
    """A value that a field can't take; its text is the sentence for the person who typed it."""


def convert(component: Component, raw: Any, options: Sequence[Option]) -> Any:
    """Return what was sent as the field's FEEL value, None for a blank. Raises FieldError."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    try:
        return normalise(_CONVERSIONS[component.type](component, raw, options))
    except UnkeepableValue as error:
        raise FieldError(str(error)) from error


def check(component: Component, value: Any, currency: Any = None) -> None:
    """Judge a converted value by the field's rules, an amount in a currency. Raises FieldError with the first broken.

    A currency that is not known yet is None.
    """
    if value is None or value == [] or (value is False and component.type == "checkbox"):
        if component.rules.required:
            raise FieldError(_missing(component))
        return
    if isinstance(value, str):
        _check_text(component, value)
    elif isinstance(value, Decimal):
        if component.money is not None:
            _check_amount(component, value, currency)
        _check_number(component, value)


def _missing(component: Component) -> str:
    if component.type == "checkbox":
        return f"Expected “{component.name}” to be ticked, but it is not."
    return f"Expected “{component.name}” to be filled in, but it is empty."


def _text(component: Component, raw: Any, options: Sequence[Option]) -> str:
    if not isinstance(raw, str):
        raise FieldError(f"Expected a text, but got {_kind(raw)}.")
    return raw.replace("\r\n", "\n").strip()


def _number(component: Component, raw: Any, options: Sequence[Option]) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal | str):
        raise FieldError(f"Expected a number, but got {_kind(raw)}.")
    if component.money is not None and isinstance(raw, str) and not _AMOUNT.fullmatch(raw.strip()):
        raise FieldError(f"Expected an amount such as 1234.56, but got “{raw.strip()}”.")
    try:
        number = Decimal(str(raw).strip())
    except InvalidOperation:
        raise FieldError(f"Expected a number such as 12.5, but got “{raw}”.") from None
    if not number.is_finite():
        raise FieldError(f"Expected a number, but got “{raw}”.")
    places = component.decimal_digits
    if places is not None and _places(number) > places:
        raise FieldError(f"Expected at most {places} digits after the point, but got {number_text(number)}.")
    return number


def _places(number: Decimal) -> int:
    """Return how many digits after the point are not idle zeros."""
    _, digits, exponent = number.as_tuple()
    text = "".join(map(str, digits))
    return -int(exponent) - (len(text) - len(text.rstrip("0"))) if number else 0


def _checkbox(component: Component, raw: Any, options: Sequence[Option]) -> bool:
    answers = {True: True, False: False, "true": True, "on": True, "false": False}
    if not isinstance(raw, bool | str) or raw not in answers:
        raise FieldError(f"Expected yes or no, but got {_kind(raw)}.")
    return answers[raw]


def _choice(component: Component, raw: Any, options: Sequence[Option]) -> Any:
    for option in options:
        if _same(option.value, raw):
            return option.value
    offered = ", ".join(f"“{option.label}”" for option in options[:10]) or "nothing"
    raise FieldError(f"Expected one of {offered}, but got “{raw}”.")


def _choices(component: Component, raw: Any, options: Sequence[Option]) -> list[Any]:
    if not isinstance(raw, list | tuple):
        raise FieldError(f"Expected a list of choices, but got {_kind(raw)}.")
    chosen: list[Any] = []
    for it in raw:
        value = _choice(component, it, options)
        if value not in chosen:
            chosen.append(value)
    return chosen


def _same(offered: Any, raw: Any) -> bool:
    if isinstance(offered, bool) or isinstance(raw, bool):
        return offered is raw or str(offered).lower() == raw
    return bool(offered == raw) or (isinstance(raw, str) and _written(offered) == raw)


def _written(value: Any) -> str:
    return number_text(value) if isinstance(value, Decimal) else str(value)


def _datetime(component: Component, raw: Any, options: Sequence[Option]) -> Any:
    if not isinstance(raw, str):
        return _typed(component, raw)
    read, example = _TEMPORAL[component.subtype or "date"]
    value = read(_with_seconds(raw.strip()))
    if value is None:
        raise FieldError(f"Expected {example}, but got “{raw}”.")
    return value


def _typed(component: Component, raw: Any) -> Any:
    value = normalise(raw)
    kinds = {"date": "date", "datetime": "datetime", "time": FeelTime.__name__}
    if type(value).__name__ != kinds[component.subtype or "date"]:
        raise FieldError(f"Expected a {component.subtype or 'date'}, but got {_kind(raw)}.")
    return value


def _with_seconds(text: str) -> str:
    """Browsers and form-js leave out the seconds where they are zero; FEEL wants them."""
    match = _MINUTES.fullmatch(text)
    return f"{match[1] or ''}{match[2]}:00{match[3]}" if match else text


def _date_time(text: str) -> Any:
    return temporal.parse_date_time(text) if "T" in text else None


_TEMPORAL: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "date": (temporal.parse_date, "a date such as 2026-12-04"),
    "time": (temporal.parse_time, "a time such as 09:30"),
    "datetime": (_date_time, "a date and time such as 2026-12-04T09:30"),
}

_CONVERSIONS: Mapping[str, Callable[[Component, Any, Sequence[Option]], Any]] = {
    "textfield": _text,
    "textarea": _text,
    "number": _number,
    "checkbox": _checkbox,
    "radio": _choice,
    "select": _choice,
    "checklist": _choices,
    "taglist": _choices,
    "datetime": _datetime,
}


def _check_text(component: Component, value: str) -> None:
    rules, length = component.rules, len(value)
    if component.type not in ("textfield", "textarea"):
        return
    if rules.min_length is not None and length < rules.min_length:
        raise FieldError(f"Expected at least {rules.min_length} characters, but got {length}.")
    if rules.max_length is not None and length > rules.max_length:
        raise FieldError(f"Expected at most {rules.max_length} characters, but got {length}.")
    if rules.kind == "email" and not _EMAIL.fullmatch(value):
        raise FieldError(f"Expected a mail address such as ann@example.com, but got “{value}”.")
    if rules.kind == "phone" and not _is_phone(value):
        raise FieldError(f"Expected a telephone number such as +49 30 123456, but got “{value}”.")
    if rules.pattern is not None:
        _check_pattern(rules.pattern, value)


def _is_phone(value: str) -> bool:
    digits = sum(character.isdigit() for character in value)
    return 5 <= digits <= 15 and _PHONE.fullmatch(value) is not None


def _check_pattern(pattern: regex.Pattern[str], value: str) -> None:
    try:
        found = pattern.search(value, timeout=_PATTERN_SECONDS)
    except TimeoutError:
        raise FieldError(
            "Expected a text that can be checked in time, but the pattern takes too long."
        ) from None
    if found is None:
        raise FieldError(f"Expected the form “{pattern.pattern}”, but got “{value}”.")


def _check_amount(component: Component, value: Decimal, currency: Any) -> None:
    try:
        amount_of(
            value, currency.upper() if isinstance(currency, str) else currency, least=component.rules.minimum
        )
    except InvalidInput as error:
        raise FieldError(str(error)) from error


def _check_number(component: Component, value: Decimal) -> None:
    low, high = component.rules.minimum, component.rules.maximum
    if component.type != "number":
        return
    if low is not None and value < low:
        raise FieldError(f"Expected at least {number_text(low)}, but got {number_text(value)}.")
    if high is not None and value > high:
        raise FieldError(f"Expected at most {number_text(high)}, but got {number_text(value)}.")


def _kind(raw: Any) -> str:
    kinds = {bool: "yes or no", str: f"“{raw}”", list: "a list", dict: "a group of values", int: "a number"}
    return kinds.get(type(raw), f"a {type(raw).__name__}")
