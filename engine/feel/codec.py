"""Turning values into JSON and back, without loss, for ever.

Ints of at most 53 bits stay JSON ints; other numbers are `{"$n": "1.25"}`, dates `{"$d": …}`, dates and times
`{"$dt": …}` (with `"$fold": 1` in the second of two equal hours), times `{"$t": …}`, durations `{"$du": …}`.
A key of a context that begins with `$` gets a second one. Strings, booleans, null, lists and contexts stay
themselves. Trails and saved instances hold this format: it may grow new tags, never change an old one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import CasepathError
from engine.feel import temporal
from engine.feel.errors import UnkeepableValue
from engine.feel.fardates import FarDate
from engine.feel.kinds import (
    DaysTimeDuration,
    FeelTime,
    Function,
    Range,
    YearsMonthsDuration,
    date_time_text,
    type_of,
)
from engine.feel.numbers import DECIMAL128, DIGITS, canonical, is_whole, number_text

MAX_DEPTH = 32
MAX_NODES = 100_000
MAX_STRING = 1_000_000
_SAFE_INT = 2**53


class BadStoredValue(CasepathError):
    """Stored JSON that no version of the codec wrote."""


def normalise(value: Any) -> Any:
    """Return a plain Python or JSON value as FEEL data that can be kept in a variable.

    Ints, floats (by their shortest text), tuples, `timedelta` and `time` become FEEL's own types. Raises
    UnkeepableValue, naming the path, for what is no data: functions, ranges, NaN, sets, objects, keys that are
    no strings, numbers of more than 34 digits, nesting beyond 32 levels, more than 100,000 parts.
    """
    return _Normaliser(keepable=True).convert(value, "", 0)


def to_feel(value: Any) -> Any:
    """Return a value as expressions see it: as `normalise`, but functions and ranges may be in it."""
    return _Normaliser(keepable=False).convert(value, "", 0)


class _Normaliser:
    """Walks one value; counts its parts, so that a value that shares itself can't blow up."""

    def __init__(self, *, keepable: bool) -> None:
        self.keepable = keepable
        self.nodes = 0

    def convert(self, value: Any, path: str, depth: int) -> Any:
        self.nodes += 1
        if depth > MAX_DEPTH:
            raise UnkeepableValue(path, f"it is nested deeper than {MAX_DEPTH} levels")
        if self.nodes > MAX_NODES:
            raise UnkeepableValue(path, f"the whole has more than {MAX_NODES:,} parts")
        if isinstance(value, Mapping):
            return {self._key(key, path): self.convert(item, f"{path}.{key}" if path else str(key), depth + 1)
                    for key, item in value.items()}  # fmt: skip
        if isinstance(value, list | tuple):
            return [self.convert(item, f"{path}[{i}]", depth + 1) for i, item in enumerate(value, 1)]
        if isinstance(value, Function | Range | FarDate) and not self.keepable:
            return value
        return _scalar(value, path)

    def _key(self, key: Any, path: str) -> str:
        if not isinstance(key, str):
            raise UnkeepableValue(path, f"its key {key!r} is no string")
        return _string(key, path)


def _scalar(value: Any, path: str) -> Any:
    if value is None or isinstance(value, bool):
        return value
    for kind, convert in _SCALARS:
        if isinstance(value, kind):
            return convert(value, path)
    if isinstance(value, FarDate):
        raise UnkeepableValue(path, "it lies beyond the years 1 to 9999")
    name = type_of(value)
    name = type(value).__name__ if name == "unknown" else name
    raise UnkeepableValue(path, f"it is {'an' if name[0] in 'aeiou' else 'a'} {name}")


def _string(value: str, path: str) -> str:
    if len(value) > MAX_STRING:
        raise UnkeepableValue(path, f"its text has more than {MAX_STRING:,} characters")
    if "\0" in value or any("\ud800" <= c <= "\udfff" for c in value if c > "\ud7ff"):
        raise UnkeepableValue(
            path, "its text has a character that can't be stored (NUL or half a surrogate pair)"
        )
    return str.__str__(value)  # an enum member of strings would print its Python name


def _number(value: int | float | Decimal, path: str) -> Decimal:
    if isinstance(value, int) and value.bit_length() > 4 * DIGITS:
        raise UnkeepableValue(path, f"the number has more than {DIGITS} digits")
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise UnkeepableValue(path, f"it is {number}, not a number")
    number = canonical(number) if len(number.as_tuple().digits) <= 10_000 else number
    if len(number.as_tuple().digits) > DIGITS:
        raise UnkeepableValue(path, f"the number has more than {DIGITS} digits")
    if number and not -6143 <= number.adjusted() <= 6144:
        raise UnkeepableValue(path, "the number is beyond the range of decimal128")
    return number


def _moment(value: datetime, path: str) -> datetime:
    if value.tzinfo is None or (isinstance(value.tzinfo, ZoneInfo) and value.tzinfo.key):
        return value
    return value.replace(tzinfo=temporal.fixed_zone(value.utcoffset() or timedelta()))


def _clock_time(value: time, path: str) -> FeelTime:
    zone = value.tzinfo
    if zone is not None and not (isinstance(zone, ZoneInfo) and zone.key):
        zone = temporal.fixed_zone(value.utcoffset() or timedelta())
    return FeelTime(value.hour, value.minute, value.second, value.microsecond, zone)


def _itself(value: Any, path: str) -> Any:
    return value


_SCALARS: tuple[tuple[type | tuple[type, ...], Callable[[Any, str], Any]], ...] = (
    (str, _string),
    ((int, float, Decimal), _number),
    (datetime, _moment),
    (time, _clock_time),
    (timedelta, lambda value, path: DaysTimeDuration.of(value)),
    ((date, FeelTime, DaysTimeDuration, YearsMonthsDuration), _itself),
)


def to_json(value: Any) -> Any:
    """Return the JSON form of a value; raises UnkeepableValue for what `normalise` refuses."""
    return encode(normalise(value))


def encode(value: Any) -> Any:
    """Return the JSON form of a value that `normalise` has returned; it is not judged again."""
    if isinstance(value, dict):
        return {(f"${key}" if key.startswith("$") else key): encode(item) for key, item in value.items()}
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, Decimal):
        small = is_whole(value) and abs(value) < _SAFE_INT
        return int(value) if small else {"$n": _exact_text(value)}
    if isinstance(value, datetime):
        tags: dict[str, Any] = {"$dt": date_time_text(value)}
        return {**tags, "$fold": 1} if value.fold and isinstance(value.tzinfo, ZoneInfo) else tags
    if isinstance(value, date):
        return {"$d": value.isoformat()}
    if isinstance(value, FeelTime):
        return {"$t": str(value)}
    if isinstance(value, DaysTimeDuration | YearsMonthsDuration):
        return {"$du": str(value)}
    return value


def _exact_text(value: Decimal) -> str:
    """Plain digits for what people write; an exponent where plain digits would be a wall of zeros."""
    return number_text(value) if -40 < value.adjusted() < 40 else str(canonical(value))


def from_json(value: Any) -> Any:
    """Return the value whose JSON form this is; raises BadStoredValue for what `to_json` never writes."""
    if isinstance(value, dict):
        tag = next((key for key in value if key.startswith("$") and not key.startswith("$$")), None)
        if tag is not None:
            return _decode_tagged(value)
        return {key.removeprefix("$"): from_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if value is None or isinstance(value, str | bool):
        return value
    raise BadStoredValue(f"Expected a stored value but found a {type(value).__name__}.")


def _decode_tagged(value: dict[str, Any]) -> Any:
    tag, text = next((key, item) for key, item in value.items() if key != "$fold" or len(value) == 1)
    read = _READERS.get(tag)
    decoded = read(text) if read is not None and isinstance(text, str) else None
    if decoded is None or set(value) - {tag, "$fold"}:
        raise BadStoredValue(f"Expected a stored value but found the tags {sorted(value)} with {text!r}.")
    return decoded.replace(fold=1) if value.get("$fold") else decoded


def _read_number(text: str) -> Decimal:
    return DECIMAL128.create_decimal(text)


_READERS: dict[str, Callable[[str], Any]] = {
    "$n": _read_number,
    "$d": temporal.parse_date,
    "$dt": temporal.parse_date_time,
    "$t": temporal.parse_time,
    "$du": temporal.read_duration,
}
