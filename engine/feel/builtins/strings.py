"""Functions of strings. Positions count characters from 1, or from the end with a minus sign."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel import patterns
from engine.feel.builtins.registry import builtin
from engine.feel.evaluation import Run
from engine.feel.numbers import short_text


@builtin("substring(string: string, start position: number, length?: number)")
def substring(run: Run, text: str, start: Decimal, length: Decimal | None = None) -> Any:
    """The part of a text from a position on, of a length or to the end."""
    if not 1 <= abs(start) <= len(text) or (length is not None and length < 1):
        return run.warn(
            f"Expected a position in the text and a length of 1 or more but found {short_text(start)}"
        )
    begin = int(start) - 1 if start > 0 else len(text) + int(start)
    return text[begin:] if length is None else text[begin : begin + int(min(length, Decimal(len(text))))]


@builtin("string length(string: string)")
def string_length(run: Run, text: str) -> Decimal:
    """The number of characters."""
    return Decimal(len(text))


@builtin("upper case(string: string)")
def upper_case(run: Run, text: str) -> str:
    """The text in capitals."""
    return run.text(text.upper())


@builtin("lower case(string: string)")
def lower_case(run: Run, text: str) -> str:
    """The text in small letters."""
    return run.text(text.lower())


@builtin("trim(string: string)")
def trim(run: Run, text: str) -> str:
    """The text without space at its ends (as in Camunda's FEEL)."""
    return text.strip()


@builtin("substring before(string: string, match: string)")
def substring_before(run: Run, text: str, match: str) -> str:
    """What stands before the first match, or nothing."""
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after(string: string, match: string)")
def substring_after(run: Run, text: str, match: str) -> str:
    """What stands behind the first match, or nothing."""
    return text.partition(match)[2] if match else text


@builtin("contains(string: string, match: string)")
def contains(run: Run, text: str, match: str) -> bool:
    """Whether the text holds the match."""
    return match in text


@builtin("starts with(string: string, match: string)")
def starts_with(run: Run, text: str, match: str) -> bool:
    """Whether the text begins with the match."""
    return text.startswith(match)


@builtin("ends with(string: string, match: string)")
def ends_with(run: Run, text: str, match: str) -> bool:
    """Whether the text ends with the match."""
    return text.endswith(match)


@builtin("matches(input: string, pattern: string, flags?: string or null)")
def matches(run: Run, text: str, pattern: str, flags: str | None = None) -> Any:
    """Whether a part of the text matches a regular expression (XPath's, flags s m i x)."""
    compiled = patterns.compile_pattern(pattern, flags or "", run)
    return None if compiled is None else compiled.found_in(text)


@builtin("replace(input: string, pattern: string, replacement: string, flags?: string or null)")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> Any:
    """The text with every match of a regular expression replaced; $1 stands for a group."""
    compiled = patterns.compile_pattern(pattern, flags or "", run)
    return None if compiled is None else compiled.replaced(text, replacement, run)


@builtin("split(string: string, delimiter: string)")
def split(run: Run, text: str, delimiter: str) -> Any:
    """The parts of the text between matches of a regular expression."""
    compiled = patterns.compile_pattern(delimiter, "", run)
    return None if compiled is None else compiled.split(text, run)


@builtin("string join(list: list, delimiter?: string or null)")
def string_join(run: Run, items: list[Any], delimiter: str | None = None) -> Any:
    """The strings of a list in one, with the delimiter between; nulls are left out."""
    if not all(item is None or isinstance(item, str) for item in items):
        return run.warn("Expected string join(list) to get strings but an item is none")
    texts = [item for item in items if item is not None]
    run.spend(sum(map(len, texts)) // 100 + len(texts) * (1 + len(delimiter or "") // 100))
    return run.text((delimiter or "").join(texts))
