"""How much room a text needs as bpmn-js draws it: Arial, 12 px inside shapes, 11 px outside, lines of 1.2.

There is no browser to ask, so that widths come from a table of Arial's advances (thousandths of the font size) in
groups of letters that are about equally wide; what is not in it counts as wide. The sums are a few per cent too
generous, never too small, for Latin text.
"""

from __future__ import annotations

import math
from typing import NamedTuple

INSIDE = 12
OUTSIDE = 11
LINE = 1.2

_GROUPS = (
    (230, "ijl'|"),
    (290, "ft.,:;!/\\I[]() "),
    (340, 'r-`"*{}'),
    (500, "cksvxyzJ"),
    (560, "abdeghnopquL?_#$0123456789äöüàéè"),
    (610, "FTZ+<>=~^"),
    (670, "ABEKPSVXY&"),
    (730, "CDHNRUwÄÜ"),
    (780, "GOQÖ"),
    (840, "mM"),
    (950, "W%@—…"),
)
_ADVANCES = {letter: advance for advance, letters in _GROUPS for letter in letters}
_UNKNOWN = 780


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int


def width_of(text: str, font: int) -> float:
    """Return the width of one line in pixels."""
    return sum(_ADVANCES.get(letter, _UNKNOWN) for letter in text) * font / 1000


def wrapped(text: str, width: float, font: int) -> list[str]:
    """Return the lines of a text broken between words, as bpmn-js does; a longer word stands alone."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and width_of(longer, font) > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines


def box(text: str, width: int, font: int) -> Size:
    """Return the room that a text needs when its lines may be `width` wide; a longer word makes it wider."""
    lines = wrapped(text, width, font)
    widest = max((width_of(line, font) for line in lines), default=0)
    return Size(math.ceil(widest) + 4, math.ceil(len(lines) * font * LINE))
