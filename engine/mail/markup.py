"""HTML of a mail as text: what a person would read of it, and nothing that a browser would run.

`nh3` throws away scripts, styles and whatever is not on its list, and hands back well-formed HTML; that is then
written down with the few marks of Markdown that also read well as plain text.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

_TAGS = {
    "a", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol",
    "p", "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_UNREAD = {"script", "style", "title", "noscript", "template", "svg", "math", "object", "iframe"}
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "tr", "ul", "ol", "hr"}
_APART = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "ul", "ol"}
_MARKS = {"b": "**", "strong": "**", "em": "_", "i": "_"}
_LINKS = ("http://", "https://", "mailto:")
DEEPEST_QUOTE = 20


def text_of_html(html: str) -> str:
    """Return what HTML says, as lines of plain text; quoted blocks begin with `> `."""
    cleaned = nh3.clean(
        html, tags=_TAGS, clean_content_tags=_UNREAD, attributes={"a": {"href"}}, link_rel=None
    )
    writer = _Writer()
    writer.feed(cleaned)
    writer.close()
    return writer.text()


class _Writer(HTMLParser):
    """Writes cleaned HTML down, line by line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line = ""
        self._depth = 0
        self._links: list[tuple[str, int]] = []

    def text(self) -> str:
        self._end_line()
        joined = "\n".join(self._lines)
        return re.sub(r"\n((> )*\n){2,}", "\n\n", joined).strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "blockquote":
            self._end_line()
            self._depth = min(self._depth + 1, DEEPEST_QUOTE)
        elif tag == "br":
            self._end_line(even_empty=True)
        elif tag == "li":
            self._end_line()
            self._line = "- "
        elif tag in ("td", "th") and self._line.strip():
            self._line += " | "
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self._line)))
        elif tag in _MARKS:
            self._line += _MARKS[tag]
        if tag in _BLOCKS:
            self._end_line()
        if tag == "hr":
            self._lines.append(self._quote() + "---")

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self._end_line()
            self._depth = max(self._depth - 1, 0)
        elif tag == "a" and self._links:
            self._end_link(*self._links.pop())
        elif tag in _MARKS:
            self._line += _MARKS[tag]
        if tag in _BLOCKS:
            self._end_line()
        if tag in _APART:
            self._lines.append(self._quote())

    def handle_data(self, data: str) -> None:
        words = re.sub(r"\s+", " ", data)
        self._line += words.lstrip() if not self._line else words

    def _end_link(self, target: str, begun: int) -> None:
        said = self._line[begun:].strip()
        if target.startswith(_LINKS) and target.removeprefix("mailto:") != said:
            self._line += f" ({target})"

    def _end_line(self, even_empty: bool = False) -> None:
        line = self._line.strip()
        if line not in ("", "-", "**", "****", "_", "__") or even_empty:
            self._lines.append(self._quote() + line)
        self._line = ""
        self._links = [(target, 0) for target, _ in self._links]

    def _quote(self) -> str:
        return "> " * self._depth
