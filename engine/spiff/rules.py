"""What must hold between the elements of a diagram, beyond each being allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.spiff.errors import Finding
from engine.spiff.model import Element
from engine.spiff.reading import Node


def broken(root: Node, elements: Mapping[str, Element]) -> Iterator[Finding]:
    """Yield what does not hold."""
    yield from ()
