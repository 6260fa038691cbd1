"""Bytes of a mail as text: the declared charset where it is one, else the likeliest, and never a failure."""

from __future__ import annotations

import codecs
import re

# No charsets of texts: they run for minutes on a hostile megabyte, or read escapes that nobody wrote as such.
_NO_CHARSETS = frozenset(
    {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def decode(content: bytes, charset: str | None) -> tuple[str, bool]:
    """Return bytes as text, and whether every byte had a meaning in the declared charset (or in UTF-8)."""
    for name in (charset, "utf-8"):
        if name and _is_charset(name):
            try:
                return content.decode(name), True
            except (UnicodeError, ValueError):
                continue
    return content.decode("cp1252", "replace"), False


def clean(text: str) -> str:
    """Return a text without characters that can't be stored or seen; lines end with a line feed."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str, longest: int) -> str:
    """Return a text as one line without control characters, cut to `longest` characters."""
    line = " ".join(clean(text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _is_charset(name: str) -> bool:
    try:
        found = codecs.lookup(name)
    except (LookupError, UnicodeError, ValueError):
        return False
    plain = found.name.replace("-", "_")
    return bool(getattr(found, "_is_text_encoding", True)) and plain not in _NO_CHARSETS
