"""HTML cut into tags and texts in one pass, whatever stands in it.

The standard library's parser looks for the end of an open comment or tag again and again, and takes hours for half a
megabyte of `<!--`. Here each character is looked at a few times at most; what is no tag is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

_PIECE = re.compile(r"<!--|<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>|<[!?][^<>]*>|[^<]+|<")
_TARGET = re.compile(r"""(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""", re.IGNORECASE)
_TARGET_LONGEST = 2_000
# What stands between these is no text of a mail.
_UNREAD = frozenset({"script", "style", "title", "noscript", "template", "svg", "math", "object", "iframe"})


@dataclass(frozen=True)
class Token:
    """A piece of HTML: `start` and `end` of a tag in small letters (with the target of a link), or `text`."""

    kind: str
    said: str
    target: str = ""


def tokens(html: str) -> Iterator[Token]:
    """Yield the tags and texts of HTML in order; comments, and what is for the browser alone, are left out."""
    lower, at = html.lower(), 0
    while found := _PIECE.match(html, at):
        at, tag = found.end(), (found[2] or "").lower()
        if found[0] == "<!--":
            at = _behind(lower, "-->", at)
        elif tag in _UNREAD and not found[1]:
            at = _behind(lower, ">", _behind(lower, f"</{tag}", at))
        elif tag:
            yield Token("end" if found[1] else "start", tag, _target(found[3]) if tag == "a" else "")
        elif not found[0].startswith(("<!", "<?")):
            yield Token("text", unescape(found[0]))


def _behind(text: str, end: str, start: int) -> int:
    """Return the place behind the next `end`; what has none goes on to the end of all, as in browsers."""
    found = text.find(end, start)
    return len(text) if found < 0 else found + len(end)


def _target(attributes: str) -> str:
    found = _TARGET.search(attributes[:_TARGET_LONGEST])
    return unescape(found[1] or found[2] or found[3] or "") if found else ""
