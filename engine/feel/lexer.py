"""From text to tokens.

A name in FEEL may hold spaces and even operators (`date of birth`, `Date-Time`), so the lexer only yields its
words; joining them is the parser's matter, which knows the names in scope.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from engine.feel.errors import FeelLimitError, FeelSyntaxError

MAX_SOURCE = 50_000

KEYWORDS = frozenset(
    "for return if then else some every satisfies in between instance and or null true false function".split()  # noqa: SIM905
)
_START = (
    r"A-Z_a-z?\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_PART = _START + r"0-9\u00B7\u0300-\u036F\u203F-\u2040"
_SPACE = r"\t-\r \u0085\u00A0\u1680\u180E\u2000-\u200B\u2028\u2029\u202F\u205F\u3000\uFEFF"
_TOKEN = re.compile(
    rf"""(?P<space>[{_SPACE}]+|//[^\n]*|/\*[^*]*(?:\*(?!/)[^*]*)*\*/)
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<name>[{_START}][{_PART}]*)
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<op>\.\.|\*\*|<=|>=|!=|->|[=<>+\-*/()\[\]{{}},:.@’'])""",
    re.VERBOSE | re.DOTALL,
)
_NAME = re.compile(f"[{_START}][{_PART}]*")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_PLAIN_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
NAME_SYMBOLS = frozenset("./-’'+*") | {"**"}


@dataclass(frozen=True, slots=True)
class Token:
    """One token: `kind` is number, name, string, op or end; `start` and `end` are offsets into the source."""

    kind: str
    text: str
    start: int
    end: int


class Source:
    """A text and where its lines begin, to turn offsets into positions."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from 1, of an offset."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def error(self, message: str, offset: int) -> FeelSyntaxError:
        """Return the syntax error of a sentence at an offset."""
        return FeelSyntaxError(message, *self.position(offset))


def is_name(text: str) -> bool:
    """Say whether a text is one name of FEEL's own letters, which are not quite those of Python."""
    return _NAME.fullmatch(text) is not None


def tokenise(source: Source, begin: int = 0) -> list[Token]:
    """Return the tokens from an offset on, the last of kind `end`; raises FeelSyntaxError, FeelLimitError."""
    if len(source.text) > MAX_SOURCE:
        raise FeelLimitError(
            f"Expected an expression of at most {MAX_SOURCE:,} characters but it has {len(source.text):,}."
        )
    tokens, offset = [], begin
    while offset < len(source.text):
        match = _TOKEN.match(source.text, offset)
        if match is None or (match.group() == "/" and source.text.startswith("/*", offset)):
            raise source.error(_unreadable(source.text, offset), offset)
        if match.lastgroup != "space":
            tokens.append(_token(source, match))
        offset = match.end()
    return [*tokens, Token("end", "", offset, offset)]


def _token(source: Source, match: re.Match[str]) -> Token:
    kind, text = str(match.lastgroup), match.group()
    if kind == "string":
        text = _unescape(source, match)
    return Token(kind, text, match.start(), match.end())


def _unreadable(text: str, offset: int) -> str:
    if text[offset] == '"':
        return 'Expected a closing " but the text ends'
    if text.startswith("/*", offset):
        return "Expected the comment to end with */ but the text ends"
    return f"Expected an expression but found the character {text[offset]!r}"


def _unescape(source: Source, match: re.Match[str]) -> str:
    raw = match.group()[1:-1]
    if "\\" not in raw:
        return raw

    def replace(escape: re.Match[str]) -> str:
        code = escape[1] or escape[2]
        if code and int(code, 16) <= 0x10FFFF:
            return chr(int(code, 16))
        if code:
            offset = match.start() + 1 + escape.start()
            raise source.error(f"Expected a character up to \\U10FFFF but found {escape.group()}", offset)
        # Any other escape stays as it is, so that a pattern can be written "\\d+".
        return _PLAIN_ESCAPES.get(escape[3], escape.group())

    text = _ESCAPE.sub(replace, raw)
    # Two \u escapes may spell one character as a surrogate pair; half a pair is no character.
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise source.error(
            "Expected a whole character but found half a surrogate pair", match.start()
        ) from None
