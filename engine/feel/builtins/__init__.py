"""The built-in functions of FEEL (DMN 1.5, 10.3.4) and our own; importing this package registers all of them."""

from __future__ import annotations

from engine.feel.builtins import (
    booleans,
    contexts,
    conversion,
    intervals,
    labels,
    lists,
    numbers,
    ranges,
    settings,
    sorting,
    statistics,
    strings,
    temporal,
    working,
)
from engine.feel.builtins.registry import BUILTINS, SIGNATURES

__all__ = [
    "BUILTINS",
    "SIGNATURES",
    "booleans",
    "contexts",
    "conversion",
    "intervals",
    "labels",
    "lists",
    "numbers",
    "ranges",
    "settings",
    "sorting",
    "statistics",
    "strings",
    "temporal",
    "working",
]
