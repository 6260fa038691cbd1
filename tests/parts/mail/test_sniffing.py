"""What a file is, by its bytes and not by what is said of it."""

from __future__ import annotations

import pytest

from engine.mail.sniffing import honest_type

PNG, WEBP = b"\x89PNG\r\n\x1a\n..", b"RIFF\0\0\0\0WEBPVP8 "


@pytest.mark.parametrize(
    ("declared", "content", "kind"),
    [
        ("application/octet-stream", PNG, "image/png"),
        ("text/html", PNG, "image/png"),
        ("image/jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("text/plain", b"GIF89a", "image/gif"),
        ("x/y", b"%PDF-1.7", "application/pdf"),
        ("x/y", WEBP, "image/webp"),
        ("image/png", b"<svg onload=alert(1)>", "application/octet-stream"),
        ("application/pdf", b"", "application/octet-stream"),
        ("image/webp", b"RIFF\0\0\0\0WAVE", "application/octet-stream"),
        ("text/csv", b"1;2", "text/csv"),
        ("text/plain", "Grüße".encode("latin-1"), "text/plain"),
        ("text/plain", "hi".encode("utf-16"), "text/plain"),
        ("text/plain", b"MZ\0\0", "application/octet-stream"),
        ("application/zip", b"PK\3\4", "application/zip"),
    ],
)
def test_a_type_is_what_the_bytes_say_or_what_they_could_be(declared: str, content: bytes, kind: str) -> None:
    assert honest_type(declared, content) == kind
