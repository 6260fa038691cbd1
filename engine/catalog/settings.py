"""The numbers and words of a pack that an owner may change, and what was changed of them at a desk.

A pack gives each setting a value, its unit, and who says so. What people change on the settings page lies in
`settings.toml` beside the pack in its snapshots, one value for each key, so that a later deployment of the pack's own
files takes nothing back that somebody decided.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from engine.calendars import Duration, InvalidDuration
from engine.catalog.findings import PackFinding
from engine.catalog.places import Places

CHANGES = "settings.toml"
DURATION, PERCENT = "ISO 8601", "%"


@dataclass(frozen=True)
class Setting:
    """A number or word that an owner may change; `source` says who gave it: `text …` or `default …`.

    `choices` are the only values that it may have, if any are named. `given` is the pack's own value where the desk
    has changed it, None otherwise.
    """

    key: str
    value: Any
    unit: str
    source: str
    title: str = ""
    choices: tuple[Any, ...] = ()
    given: Any = None

    @property
    def is_changed(self) -> bool:
        """Whether the desk has another value than the pack."""
        return self.given is not None


def as_value(raw: Any) -> Any:
    """Return a TOML or JSON value as a setting's value: numbers are decimals. None for what no setting can be."""
    if not isinstance(raw, str | int | float | Decimal) or raw != raw:  # a NaN is no value
        return None
    return Decimal(str(raw)) if isinstance(raw, int | float) and not isinstance(raw, bool) else raw


def objection(setting: Setting, value: Any) -> str | None:
    """Return the sentence that says why a setting can't have a value, or None where it can."""
    name = setting.title or setting.key
    if _kind(value) != _kind(setting.value):
        return f"Expected {_kind(setting.value)} for “{name}”, but found {_shown(value)}."
    if setting.choices and value not in setting.choices:
        listed = ", ".join(_shown(it) for it in setting.choices)
        return f"Expected one of {listed} for “{name}”, but found {_shown(value)}."
    if setting.unit == DURATION and not _is_duration(value):
        return f"Expected a duration such as PT48H or P14D for “{name}”, but found {_shown(value)}."
    if setting.unit == PERCENT and not 0 <= value <= 100:
        return f"Expected 0 to 100 % for “{name}”, but found {_shown(value)}."
    if isinstance(value, Decimal) and value < 0:
        return f"Expected no number below zero for “{name}”, but found {_shown(value)}."
    return None


def with_changes(
    settings: Mapping[str, Setting], files: Mapping[str, bytes]
) -> tuple[dict[str, Setting], list[PackFinding]]:
    """Return a pack's settings with the values that its desk has changed, and what is wrong with these."""
    source = files.get(CHANGES)
    if source is None:
        return dict(settings), []
    try:
        text = source.decode()
        changes = read_changes(source)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"Expected TOML in UTF-8, but: {error}."
        return dict(settings), [PackFinding(CHANGES, "toml", message, "Correct the file there.")]
    places, findings, result = Places(text, CHANGES), [], dict(settings)
    for key, raw in changes.items():
        sentence = _wrong(settings, key, raw)
        if sentence is None:
            result[key] = replace(settings[key], value=as_value(raw), given=settings[key].value)
        else:
            remedy = "Correct it on the settings page, or remove the line."
            findings.append(PackFinding(CHANGES, "setting", sentence, remedy, places.line(key)))
    return result, findings


def read_changes(source: bytes) -> dict[str, Any]:
    """Return the values of a deployed `settings.toml`."""
    return tomllib.loads(source.decode(), parse_float=Decimal)


def carried(
    settings: Mapping[str, Setting], changes: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Part what a desk has changed into what a newer pack can still have, and what it can't, each with why."""
    lost = {key: sentence for key, raw in changes.items() if (sentence := _wrong(settings, key, raw))}
    return {key: raw for key, raw in changes.items() if key not in lost}, lost


def changes_of(settings: Mapping[str, Setting]) -> dict[str, Any]:
    """Return the values that a desk has changed, by key."""
    return {key: it.value for key, it in settings.items() if it.is_changed}


def changes_file(changes: Mapping[str, Any]) -> bytes:
    """Return `settings.toml` for changed values."""
    lines = [f"{_quoted(key)} = {_toml(value)}" for key, value in sorted(changes.items())]
    return "\n".join(["# What was changed on the settings page.", *lines, ""]).encode()


def unknown(settings: Iterable[str], key: str) -> str:
    """Return the sentence about a setting that there is none of, with those that are alike, else with all."""
    alike = get_close_matches(key, settings := sorted(settings))
    others = f"Alike: {', '.join(alike)}." if alike else f"It has: {', '.join(settings) or 'none'}."
    return f"Expected a setting of the pack, but it has no “{key}”. {others}"


def _wrong(settings: Mapping[str, Setting], key: str, raw: Any) -> str | None:
    if key not in settings:
        return unknown(settings, key)
    value = as_value(raw)
    if value is None:
        found = str(raw).lower() if isinstance(raw, Decimal) else repr(raw)
        return f"Expected a value for “{key}”, but found {found}."
    return objection(settings[key], value)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "yes or no"
    return "a number" if isinstance(value, Decimal) else "a text"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"“{value}”" if isinstance(value, str) else format(value, "f")


def _is_duration(value: Any) -> bool:
    try:
        return not Duration.parse(str(value)).is_negative
    except InvalidDuration:
        return False


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return _quoted(value) if isinstance(value, str) else format(value, "f")


def _quoted(text: str) -> str:
    """Return a basic string of TOML 1.0: quotes, backslashes and control characters are escaped."""
    escaped = "".join(_escape(character) for character in text)
    return f'"{escaped}"'


def _escape(character: str) -> str:
    if character in ('"', "\\"):
        return f"\\{character}"
    return f"\\u{ord(character):04x}" if ord(character) < 0x20 or ord(character) == 0x7F else character
