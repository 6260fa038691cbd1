"""What a ticket may be to another one, as far as a step can tell, which knows its own ticket alone."""

from __future__ import annotations

from typing import Any

_HIGHEST = 2**31 - 1


def judge(own: int, other: Any) -> str | None:
    """Return what is wrong with the number of a ticket that is to be linked to ticket `own`, or None."""
    if not 0 < other <= _HIGHEST or other != int(other):
        return f"Expected the number of a ticket, but got {other}."
    if other == own:
        return f"Expected the number of another ticket, but {own} is this one."
    return None
