"""What a file is, by its first bytes. What its sender says of it counts where the bytes don't speak against it."""

from __future__ import annotations

BYTES = "application/octet-stream"
LOOKED_AT = 4_096
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
_KNOWN = frozenset({*(kind for _, kind in _BEGINNINGS), "image/webp"})
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def honest_type(declared: str, content: bytes) -> str:
    """Return the media type of a file: what its bytes say, else what was declared if they could be that."""
    found = next((kind for beginning, kind in _BEGINNINGS if content.startswith(beginning)), None)
    if found is None and content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        found = "image/webp"
    if found:
        return found
    if declared in _KNOWN or (declared.startswith("text/") and not _is_text(content[:LOOKED_AT])):
        return BYTES
    return declared


def _is_text(beginning: bytes) -> bool:
    """Text of any charset has no NUL, but for those that say by a mark that they are made of pairs."""
    return b"\0" not in beginning or beginning.startswith(_MARKS)
