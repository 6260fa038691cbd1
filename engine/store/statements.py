"""A statement that waits to be sent with others: SQL text and its values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.types.json import Jsonb

from engine.feel.codec import to_json

Statement = tuple[str, tuple[Any, ...] | Mapping[str, Any]]


def feel_json(value: Any) -> Jsonb:
    """Return a FEEL value for a JSON column."""
    return Jsonb(to_json(value))
