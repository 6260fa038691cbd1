"""The types of FEEL values and their JSON form: what everyone outside this folder imports."""

from __future__ import annotations

from engine.feel.codec import BadStoredValue, from_json, normalise, to_json
from engine.feel.errors import UnkeepableValue
from engine.feel.kinds import (
    DaysTimeDuration,
    FeelTime,
    Function,
    Range,
    YearsMonthsDuration,
    date_time_text,
    type_of,
)

__all__ = [
    "BadStoredValue",
    "DaysTimeDuration",
    "FeelTime",
    "Function",
    "Range",
    "UnkeepableValue",
    "YearsMonthsDuration",
    "date_time_text",
    "from_json",
    "normalise",
    "to_json",
    "type_of",
]
