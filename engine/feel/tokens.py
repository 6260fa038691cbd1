"""Going through the tokens of a text, one after the other: what every rule of the grammar stands on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from engine.feel.errors import FeelSyntaxError
from engine.feel.lexer import NAME_SYMBOLS, Source, Token, tokenise

T = TypeVar("T")


class TokenReader:
    """The tokens of one text and where the reading stands."""

    def __init__(self, text: str, begin: int) -> None:
        self.source = Source(text)
        self.tokens: list[Token] = tokenise(self.source, begin)
        self.index = 0

    @property
    def token(self) -> Token:
        """The token to be read next."""
        return self.tokens[self.index]

    def next(self) -> Token:
        """Take the token."""
        token = self.tokens[self.index]
        if token.kind != "end":
            self.index += 1
        return token

    def is_sign(self, text: str) -> bool:
        """Tell whether the next token is this operator or keyword, and not a string that spells it."""
        return self.token.text == text and self.token.kind in ("op", "name")

    def accept(self, text: str) -> bool:
        """Take the token if it is this operator or keyword."""
        if self.is_sign(text):
            self.index += 1
            return True
        return False

    def expect(self, text: str) -> Token:
        """Take this operator or keyword, or raise."""
        if not self.is_sign(text):
            raise self.unexpected(text)
        return self.next()

    def expect_end(self) -> None:
        """Raise unless the text ends here."""
        if self.token.kind != "end":
            raise self.unexpected("an operator or the end")

    def unexpected(self, wanted: str) -> FeelSyntaxError:
        """Return the error that something else was expected at the token."""
        found = self.source.text[self.token.start : self.token.end]
        seen = f"found {found}" if self.token.kind != "end" else "the text ends"
        return self.source.error(f"Expected {wanted} but {seen}", self.token.start)

    def comma_list(self, read: Callable[[], T]) -> list[T]:
        """Read one or more of something with commas between."""
        items = [read()]
        while self.accept(","):
            items.append(read())
        return items

    def label(self) -> tuple[str, int] | None:
        """Return the name that ends in a colon here and the index behind the colon, or None."""
        index = self.index
        while _may_be_in_name(self.tokens[index]):
            index += 1
        if index == self.index or self.tokens[index].text != ":" or self.tokens[self.index].kind != "name":
            return None
        return self.slice(self.index, index), index + 1

    def slice(self, first: int, behind: int) -> str:
        """Return the source of some tokens with single spaces."""
        text = self.source.text[self.tokens[first].start : self.tokens[behind - 1].end]
        return " ".join(text.split())

    def is_part_of_name(self) -> bool:
        """Tell whether a name that is only now being made known may hold the token."""
        return _may_be_in_name(self.token)


def _may_be_in_name(token: Token) -> bool:
    return token.kind in ("name", "number") or (token.kind == "op" and token.text in NAME_SYMBOLS)
