"""Joining words into names.

FEEL lets a name hold spaces, operators and keywords, and says which reading holds by what is in scope: with
`Date-Time` in scope, `Date-Time` is that name and no subtraction. Known names win, the longest first; where none
fits, words that stand side by side are one name, because no expression has two names without an operator.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from engine.feel.errors import FeelError
from engine.feel.lexer import KEYWORDS, NAME_SYMBOLS, Source, Token, tokenise


class KnownNames:
    """The names that need to be known to be read: those that are more than words with spaces between."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Add a name; one that joins by itself needs no entry."""
        words = name_words(name)
        if words is None or (len(words) == 1 and words[0] not in KEYWORDS):
            return
        entries = self._by_first.setdefault(words[0], [])
        if (words, name) not in entries:
            entries.append((words, name))
            entries.sort(key=lambda entry: -len(entry[0]))

    def longest(self, tokens: list[Token], index: int) -> tuple[str, int]:
        """Return the longest known name at a token and the index behind it, or `("", index)`."""
        for words, name in self._by_first.get(tokens[index].text, ()):
            end = index + len(words)
            if (
                end < len(tokens)
                and all(
                    token.text == word and token.kind in ("name", "op", "number")
                    for token, word in zip(tokens[index:end], words, strict=True)
                )
                and (name != OURS or tokens[end].text == "(")
            ):
                return name, end
        return "", index


def needs_knowing(name: str) -> bool:
    """Tell whether a name is read rightly only by a parser that knows it."""
    if name.isidentifier():
        return name in KEYWORDS
    words = name_words(name)
    return words is not None and any(word in KEYWORDS or not _joins(word) for word in words)


@lru_cache(maxsize=4096)
def name_words(name: str) -> tuple[str, ...] | None:
    """Return the tokens a name consists of, or None for a text that is no FEEL name."""
    if name.isidentifier():
        return (name,)
    try:
        tokens = tokenise(Source(name))[:-1]
    except FeelError:
        return None
    fits = all(t.kind in ("name", "number") or t.text in NAME_SYMBOLS for t in tokens)
    return tuple(token.text for token in tokens) if tokens and fits and tokens[0].kind == "name" else None


def _joins(word: str) -> bool:
    return word[0] not in "./-’'+*" and not word[0].isdigit()


def join(tokens: list[Token], index: int) -> tuple[str, int]:
    """Return the name that the words from a token on make, and the index behind it."""
    words = [tokens[index].text]
    index += 1
    while tokens[index].kind == "name" and tokens[index].text not in KEYWORDS - SOFT:
        if tokens[index].text == "instance" and tokens[index + 1].text == "of":
            break
        words.append(tokens[index].text)
        index += 1
    return " ".join(words), index


# A function of our own that holds a keyword is a name only where it is called: with a variable `working time`, what
# the standard reads as a comparison stays one.
OURS: Final = "working time between"

# Words that mean something only in one place, and are parts of names elsewhere.
SOFT: Final = frozenset({"instance", "function"})
