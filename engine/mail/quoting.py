"""What is new in a mail, and the history that a mail program quoted below it.

Only what stands at the end is folded away: answers between the lines of a question belong to the lines they answer.
Signatures stay, as part of what was said.
"""

from __future__ import annotations

import re

# "On Monday Ann wrote:", in whatever language: a short line that ends with a colon and has a date, hour or address.
_INTRODUCES = re.compile(r"(?=.{4,300}$)(?=.*(\d|@)).*[::]\s*$", re.DOTALL)
_SEPARATOR = re.compile(r"\s*(-{2,}\s*[^-\n]{3,60}\s*-{2,}|_{20,})\s*")
# "From: …" with "Sent: …" and "Subject: …" below it is how Outlook begins what it quotes, in its user's language.
_HEADER_LINE = re.compile(r"\s*[*_]*[^\W\d_][\w \-]{1,24}[*_]*\s?:[*_]*\s+\S.*")
_HEADER_BLOCK = 3
_LONGEST_HEADER_LINE = 1_000
_INTRODUCTION_LINES = 3


def split_quoted(text: str) -> tuple[str, str]:
    """Return what is new, and the quoted history after it (either may be empty; never both where there is text)."""
    lines = text.strip("\n").split("\n")
    cut = min(_quoted_tail(lines), _forwarded(lines))
    new, quoted = "\n".join(lines[:cut]).strip(), "\n".join(lines[cut:]).strip("\n")
    return (new, quoted) if new else (quoted.strip(), "")


def _quoted_tail(lines: list[str]) -> int:
    """Return where the lines begin that are all quoted, with the words that introduce them."""
    start = len(lines)
    while start and (not lines[start - 1].strip() or lines[start - 1].lstrip().startswith(">")):
        start -= 1
    if not any(line.strip() for line in lines[start:]):
        return len(lines)
    first = start
    while first and start - first < _INTRODUCTION_LINES and lines[first - 1].strip():
        first -= 1
    for begin in range(first, start):  # it may be broken over lines, or follow on what is new
        if _INTRODUCES.match(" ".join(lines[begin:start])):
            return begin
    return start


def _forwarded(lines: list[str]) -> int:
    """Return where a mail begins that was put below without marks: after a rule, or with its own header."""
    for number, line in enumerate(lines):
        if len(line) > _LONGEST_HEADER_LINE:
            continue
        below = [
            it for it in lines[number + 1 : number + 9] if it.strip() and len(it) <= _LONGEST_HEADER_LINE
        ]
        headed = sum(bool(_HEADER_LINE.fullmatch(it)) for it in below[:4])
        if _SEPARATOR.fullmatch(line) and headed >= _HEADER_BLOCK - 1:
            return number
        if _HEADER_LINE.fullmatch(line) and "@" in line and headed >= _HEADER_BLOCK - 1:
            return number
    return len(lines)
