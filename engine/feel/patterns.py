"""Regular expressions as XPath writes them, run by the `regex` package under a time limit.

A pattern comes from whoever wrote the expression and may take for ever on a chosen text, so each use is stopped
after a fifth of a second; that is the one place in FEEL where time and not counting sets the limit.
"""

from __future__ import annotations

import functools
import re
from typing import Any

import regex

from engine.feel.errors import FeelLimitError
from engine.feel.evaluation import MAX_TEXT, Run

TIMEOUT = 0.2
MAX_PATTERN = 1_000
_FLAGS = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE, "x": regex.VERBOSE}
_GROUP = re.compile(r"\\([\\$])|\$(\d+)|([\\$])")
_COUNT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_MAX_COUNT = 1_000


class Pattern:
    """A compiled pattern; every use may raise FeelLimitError."""

    def __init__(self, compiled: regex.Pattern[str]) -> None:
        self._compiled = compiled

    def found_in(self, text: str) -> bool:
        """Tell whether a part of the text matches."""
        try:
            return self._compiled.search(text, timeout=TIMEOUT) is not None
        except TimeoutError:
            raise _too_slow() from None

    def replaced(self, text: str, replacement: str, run: Run) -> Any:
        """Return the text with every match replaced; null where the replacement is no XPath replacement."""
        if self._compiled.search("", timeout=TIMEOUT) is not None:
            return run.warn("Expected a pattern that matches some characters but it matches none as well")
        if any(match[3] for match in _GROUP.finditer(replacement)):
            return run.warn("Expected $1, \\$ or \\\\ in the replacement but found a lone $ or \\")
        return self._substitute(text, replacement, run)

    def _substitute(self, text: str, replacement: str, run: Run) -> str:
        made = 0

        def put(match: regex.Match[str]) -> str:
            nonlocal made
            piece = _GROUP.sub(lambda group: self._group(match, group), replacement)
            made += len(piece)
            if made > MAX_TEXT:
                raise FeelLimitError(f"Expected texts of at most {MAX_TEXT:,} characters but one is longer.")
            return piece

        try:
            return run.text(self._compiled.sub(put, text, timeout=TIMEOUT))
        except TimeoutError:
            raise _too_slow() from None

    def _group(self, match: regex.Match[str], group: re.Match[str]) -> str:
        if group[1]:
            return group[1]
        # $12 is group 12 if there is one, else group 1 and a 2.
        digits, rest = group[2], ""
        while len(digits) > 1 and int(digits) > self._compiled.groups:
            digits, rest = digits[:-1], digits[-1] + rest
        found = match[int(digits)] if int(digits) <= self._compiled.groups else ""
        return (found or "") + rest

    def split(self, text: str, run: Run) -> list[str]:
        """Return the parts of the text between the matches."""
        parts, begin = [], 0
        try:
            for match in self._compiled.finditer(text, timeout=TIMEOUT):
                if match.end() > match.start():
                    run.spend()
                    parts.append(text[begin : match.start()])
                    begin = match.end()
        except TimeoutError:
            raise _too_slow() from None
        return [*parts, text[begin:]]


def _too_slow() -> FeelLimitError:
    return FeelLimitError(f"Expected the pattern to answer within {TIMEOUT} s but it takes longer.")


def compile_pattern(pattern: str, flags: str, run: Run) -> Pattern | None:
    """Return the compiled pattern, or None with a warning where it is none."""
    if len(pattern) > MAX_PATTERN:
        raise FeelLimitError(
            f"Expected a pattern of at most {MAX_PATTERN:,} characters but it has {len(pattern):,}."
        )
    if any(flag not in "smixq" for flag in flags):
        run.warn(f"Expected only the flags s, m, i, x and q but found {flags!r}")
        return None
    compiled = _compiled(pattern, flags)
    if compiled is None:
        run.warn(f"Expected a regular expression but found {pattern!r}")
        return None
    return Pattern(compiled)


@functools.lru_cache(maxsize=256)
def _compiled(pattern: str, flags: str) -> regex.Pattern[str] | None:
    bits = regex.VERSION1
    for flag in flags.replace("q", ""):
        bits |= _FLAGS[flag]
    if "q" in flags:
        return regex.compile(regex.escape(pattern), bits & ~regex.VERBOSE)
    counts = [int(n) for match in _COUNT.finditer(pattern) for n in match.groups() if n]
    if any(count > _MAX_COUNT for count in counts):
        raise FeelLimitError(
            f"Expected a pattern to repeat at most {_MAX_COUNT:,} times but it asks for more."
        )
    try:
        return regex.compile(from_xpath(pattern, flags), bits & ~regex.VERBOSE)
    except (regex.error, OverflowError, RecursionError):
        return None


def from_xpath(pattern: str, flags: str = "") -> str:
    """Return an XPath pattern as `regex` writes it; raises `regex.error` for what XPath does not know."""
    out, index, depth = [], 0, 0
    if "x" in flags:
        pattern = _without_space(pattern)
    while index < len(pattern):
        piece = pattern[index : index + 2] if pattern[index] == "\\" else pattern[index]
        index += len(piece)
        depth += (piece == "[") - (piece == "]" and depth > 0)
        dot = piece == "." and not depth and "s" not in flags
        out.append(_ANY_BUT_NEWLINE if dot else _translated(piece, depth, pattern, index))
    return _BLOCK.sub(r"\\\1{In\2}", "".join(out))


def _without_space(pattern: str) -> str:
    """Flag x drops white space everywhere but inside a class."""
    kept, depth = [], 0
    for at, char in enumerate(pattern):
        if not (at and pattern[at - 1] == "\\"):
            depth += (char == "[") - (char == "]" and depth > 0)
        if depth or not char.isspace():
            kept.append(char)
    return "".join(kept)


_BLOCK = re.compile(r"\\([pP])\{Is([A-Za-z0-9-]+)\}")
# XPath's dot stops at both characters that end lines, that of `regex` at one.
_ANY_BUT_NEWLINE = r"[^\n\r]"
_ESCAPES = {
    "\\i": r"[\p{L}_:]",
    "\\c": r"[\p{L}\p{N}._:\-·]",
    "\\I": r"[^\p{L}_:]",
    "\\C": r"[^\p{L}\p{N}._:\-·]",
}
_KNOWN_ESCAPES = frozenset("nrtdDsSwWpPicIC\\|.?*+(){}-[]^$0123456789")


def _translated(piece: str, depth: int, pattern: str, behind: int) -> str:
    if piece[0] == "\\":
        if len(piece) < 2 or piece[1] not in _KNOWN_ESCAPES or (depth and piece[1] in "0123456789"):
            raise regex.error(f"no such escape: {piece}")
        return _ESCAPES.get(piece, piece)
    if piece == "-" and depth and pattern[behind : behind + 1] == "[":
        return "--"
    if (
        piece == "("
        and not depth
        and pattern[behind : behind + 1] == "?"
        and pattern[behind + 1 : behind + 2] != ":"
    ):
        raise regex.error("XPath has no groups of this kind")
    if piece in "&~|" and depth:
        return "\\" + piece
    return piece
