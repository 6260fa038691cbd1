"""A path as people read it."""

from __future__ import annotations

from collections.abc import Sequence

_MOST_SHOWN = 24
_SHOWN_OF_LONG = 8


def arrows(path: Sequence[str]) -> str:
    """Return the ids of a path with arrows between them; of a long one its beginning and its end."""
    if len(path) <= _MOST_SHOWN:
        return " → ".join(path)
    left_out = len(path) - 2 * _SHOWN_OF_LONG
    shown = [*path[:_SHOWN_OF_LONG], f"… {left_out:,} more …", *path[-_SHOWN_OF_LONG:]]
    return " → ".join(shown)
