"""Findings about an element, and how several elements are named in one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from engine.spiff import Element, Finding

_MOST_NAMED = 4


def finding(
    rule: str,
    severity: Literal["error", "warning"],
    element: Element,
    message: str,
    remedy: str,
    path: tuple[str, ...] = (),
) -> Finding:
    """Return a finding at an element, with the way to it."""
    return Finding(rule, severity, element.id, element.line, message, remedy, path)


def named(elements: Iterable[Element]) -> str:
    """Return the titles of elements as part of a sentence."""
    titles = list(dict.fromkeys(f"{it.title!r}" for it in elements))
    if len(titles) > _MOST_NAMED:
        titles[_MOST_NAMED - 1 :] = [f"{len(titles) - _MOST_NAMED + 1} others"]
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"
