"""HTML of a mail as text: what a person would read of it, and nothing that a browser would run.

It is tidied first (`tidying.py`), then `nh3` throws away whatever is not on its list, and what is left is written
down with the few marks of Markdown that also read well as plain text.
"""

from __future__ import annotations

import re

import nh3

from engine.mail.tidying import TAGS, tidied
from engine.mail.tokens import Token, tokens

_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "tr", "ul", "ol", "hr"}
_APART = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "ul", "ol"}
_LINKS = ("http://", "https://", "mailto:")
DEEPEST_QUOTE = 20


def text_of_html(html: str) -> str:
    """Return what HTML says, as lines of plain text; quoted blocks begin with `> `."""
    cleaned = nh3.clean(tidied(html), tags=set(TAGS), attributes={"a": {"href"}}, link_rel=None)
    writer = _Writer()
    for token in tokens(cleaned):
        writer.take(token)
    return writer.text()


class _Writer:
    """Writes cleaned HTML down, line by line."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._depth = 0
        self._links: list[tuple[str, int]] = []

    def text(self) -> str:
        self._end_line()
        joined = "\n".join(self._lines)
        return re.sub(r"\n((> )*\n){2,}", "\n\n", joined).strip("\n")

    def take(self, token: Token) -> None:
        if token.kind == "text":
            words = re.sub(r"\s+", " ", token.said)
            self._line.append(words if self._line else words.lstrip())
        elif token.kind == "start":
            self._begin(token.said, token.target)
        else:
            self._end(token.said)

    def _begin(self, tag: str, target: str) -> None:
        if tag == "blockquote":
            self._end_line()
            self._depth = min(self._depth + 1, DEEPEST_QUOTE)
        elif tag == "br":
            self._end_line(even_empty=True)
        elif tag == "li":
            self._end_line()
            self._line = ["- "]
        elif tag in ("td", "th") and any(it.strip() for it in self._line):
            self._line.append(" | ")
        elif tag == "a":
            self._links.append((target, len(self._line)))
        if tag in _BLOCKS:
            self._end_line()
        if tag == "hr":
            self._lines.append(self._quote() + "---")

    def _end(self, tag: str) -> None:
        if tag == "blockquote":
            self._end_line()
            self._depth = max(self._depth - 1, 0)
        elif tag == "a" and self._links:
            self._end_link(*self._links.pop())
        if tag in _BLOCKS:
            self._end_line()
        if tag in _APART:
            self._lines.append(self._quote())

    def _end_link(self, target: str, begun: int) -> None:
        said = "".join(self._line[begun:]).strip()
        if target.startswith(_LINKS) and target.removeprefix("mailto:") != said:
            self._line.append(f" ({target})")

    def _end_line(self, even_empty: bool = False) -> None:
        line = "".join(self._line).strip()
        if line not in ("", "-") or even_empty:
            self._lines.append(self._quote() + line)
        self._line = []
        self._links = [(target, 0) for target, _ in self._links]

    def _quote(self) -> str:
        return "> " * self._depth
