"""Judges a value by a JSON Schema: the subset that `schemas.py` is written in.

It knows few keywords, and refuses a schema that has any other, so a rule can't be written down and then be ignored.
Every wrong field is named with its own sentence, all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from webui.api.schemas import COMPONENTS, Schema


def wrongs(value: Any, schema: Schema, at: str = "") -> dict[str, str]:
    """Return what is wrong with a value, by the path of each field; empty where it fits."""
    if "$ref" in schema:
        schema = COMPONENTS[schema["$ref"].rsplit("/", 1)[1]]
    kinds = schema.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_TYPES[kind](value) for kind in kinds):
        return {at: f"Expected {' or '.join(kinds)}, but got {_kind(value)}."}
    if isinstance(value, str) and not _keepable(value):
        return {at: "Expected text that can be kept, but it has a NUL or half a surrogate pair."}
    found: dict[str, str] = {}
    for keyword, judge in _JUDGES.items():
        if keyword in schema and value is not None:
            found |= judge(value, schema[keyword], schema, at)
    return found


def _keepable(text: str) -> bool:
    """Neither PostgreSQL nor UTF-8 has a place for these; JSON can spell both."""
    return "\0" not in text and not any("\ud800" <= it <= "\udfff" for it in text if it > "\ud7ff")


def _kind(value: Any) -> str:
    return next(name for name, fits in _TYPES.items() if fits(value))


def _properties(value: Any, properties: Schema, schema: Schema, at: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, inner in properties.items():
        if name in value:
            found |= wrongs(value[name], inner, _join(at, name))
    return found


def _required(value: Any, names: list[str], schema: Schema, at: str) -> dict[str, str]:
    return {_join(at, name): "Expected a value, but it is missing." for name in names if name not in value}


def _no_others(value: Any, allowed: bool, schema: Schema, at: str) -> dict[str, str]:
    extra = [] if allowed else [name for name in value if name not in schema["properties"]]
    return {_join(at, name): "Expected no such field, but it was sent." for name in extra}


def _items(value: Any, inner: Schema, schema: Schema, at: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for index, item in enumerate(value):
        found |= wrongs(item, inner, _join(at, str(index)))
    return found


def _at_least(value: Any, limit: int, schema: Schema, at: str) -> dict[str, str]:
    return {} if value >= limit else {at: f"Expected {limit} or more, but got {value}."}


def _at_most(value: Any, limit: int, schema: Schema, at: str) -> dict[str, str]:
    return {} if value <= limit else {at: f"Expected {limit} or less, but got {value}."}


def _not_shorter(value: Any, limit: int, schema: Schema, at: str) -> dict[str, str]:
    return {} if len(value.strip()) >= limit else {at: "Expected some text, but it is empty."}


def _not_longer(value: Any, limit: int, schema: Schema, at: str) -> dict[str, str]:
    return {} if len(value) <= limit else {at: f"Expected {limit} characters at most, but got {len(value)}."}


def _one_of(value: Any, words: list[str], schema: Schema, at: str) -> dict[str, str]:
    return {} if value in words else {at: f"Expected one of {', '.join(words)}, but got {value!r}."}


def _formatted(value: Any, name: str, schema: Schema, at: str) -> dict[str, str]:
    try:
        _FORMATS[name](value)
    except ValueError:
        return {at: f"Expected a {name}, but got {value!r}."}
    return {}


def _join(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _moment(text: str) -> None:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError(text)


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "null": lambda it: it is None,
    "boolean": lambda it: isinstance(it, bool),
    "integer": lambda it: isinstance(it, int) and not isinstance(it, bool),
    "number": lambda it: isinstance(it, int | float) and not isinstance(it, bool),
    "string": lambda it: isinstance(it, str),
    "array": lambda it: isinstance(it, list),
    "object": lambda it: isinstance(it, dict),
}
_FORMATS: Mapping[str, Callable[[str], Any]] = {"uuid": UUID, "date-time": _moment}
_JUDGES: Mapping[str, Callable[[Any, Any, Schema, str], dict[str, str]]] = {
    "properties": _properties,
    "required": _required,
    "additionalProperties": _no_others,
    "items": _items,
    "minimum": _at_least,
    "maximum": _at_most,
    "minLength": _not_shorter,
    "maxLength": _not_longer,
    "enum": _one_of,
    "format": _formatted,
}
_SILENT = {"type", "description", "$ref"}


def unknown_keywords(schema: Any) -> set[str]:
    """Return the keywords of a schema that the judge would not look at."""
    found = set(schema) - set(_JUDGES) - _SILENT
    for inner in schema.get("properties", {}).values():
        found |= unknown_keywords(inner)
    return found | (unknown_keywords(schema["items"]) if "items" in schema else set())


if unknown := {word for schema in COMPONENTS.values() for word in unknown_keywords(schema)}:
    raise ValueError(f"Expected only keywords that are judged, but these are not: {sorted(unknown)}.")
