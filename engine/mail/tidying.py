"""HTML of a stranger made flat and well-formed, in one pass and without a tree.

A browser's parser, and so that of `nh3`, builds the tree that HTML asks for: a hundred thousand nested elements take
it minutes, and unclosed ones multiply. So the tags that we read are written down anew here, closed and not nested
deeply, before `nh3` sees them.
"""

from __future__ import annotations

from html import escape

from engine.mail.tokens import Token, tokens

TAGS = frozenset(
    {
        *(
            "a",
            "b",
            "blockquote",
            "br",
            "code",
            "div",
            "em",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "i",
            "li",
        ),
        *("ol", "p", "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
    }
)
DEEPEST = 40
_EMPTY = frozenset({"br", "hr"})
# A new one of these ends the one before it, as browsers have it.
_ENDED_BY_NEXT = frozenset({"p", "li", "td", "th", "tr"})


def tidied(html: str) -> str:
    """Return HTML of the tags of `TAGS`, each closed, at most `DEEPEST` deep; of attributes only `href` is kept."""
    tidier = _Tidier()
    for token in tokens(html):
        tidier.take(token)
    return tidier.html()


class _Tidier:
    """Writes tags and text down as they come; what is too deep loses its tags and keeps its text."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._open: list[str] = []

    def html(self) -> str:
        return "".join([*self._pieces, *(f"</{tag}>" for tag in reversed(self._open))])

    def take(self, token: Token) -> None:
        if token.kind == "text":
            self._pieces.append(escape(token.said, quote=False))
        elif token.said in _EMPTY:
            self._pieces.append(f"<{token.said}>")
        elif token.kind == "start" and token.said in TAGS:
            self._begin(token.said, token.target)
        elif token.kind == "end" and token.said in self._open:
            while self._open[-1] != token.said:
                self._close()
            self._close()

    def _begin(self, tag: str, target: str) -> None:
        if tag in _ENDED_BY_NEXT and self._open and self._open[-1] == tag:
            self._close()
        if len(self._open) < DEEPEST:
            self._pieces.append(f'<a href="{escape(target)}">' if target else f"<{tag}>")
            self._open.append(tag)

    def _close(self) -> None:
        self._pieces.append(f"</{self._open.pop()}>")
