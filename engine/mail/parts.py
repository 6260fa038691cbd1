"""The body of a mail: its text, and everything else as attachments.

Plain text is preferred over HTML where both say the same. A mail inside a mail is kept as a file and not looked into,
and so is whatever only one program can read (`winmail.dat`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Any

from engine.mail.charsets import decode
from engine.mail.headers import Headers, decode_words
from engine.mail.markup import text_of_html
from engine.mail.naming import clean_name, clean_type, ending_of
from engine.mail.sniffing import honest_type

MEGABYTE = 1 << 20
MOST_PARTS = 1_000
LONGEST_HTML = MEGABYTE // 4
LONGEST_RETURNED = 100_000


@dataclass(frozen=True)
class Limits:
    """What is kept of one mail beside the whole: bytes of one attachment, and how many."""

    size: int = 20 * MEGABYTE
    count: int = 50


@dataclass(frozen=True)
class Attachment:
    """A file of a mail, under a name and a type that can do no harm."""

    name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash of its bytes, in hex."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Body:
    """What a mail says; `returned` is the header of a mail that came back."""

    text: str
    attachments: tuple[Attachment, ...] = ()
    left_out: tuple[str, ...] = ()
    returned: str = ""


def take_apart(message: Message, limits: Limits) -> Body:
    """Return text and attachments of a parsed mail."""
    gathering = _Gathering(limits)
    for part in _leaves(message):
        gathering.take(part)
    return gathering.body()


def _leaves(message: Message) -> Iterator[Message]:
    """Yield the parts that hold something, in order; where plain text and HTML say the same, only the plain one."""
    waiting, taken = [(message, False)], 0
    while waiting and taken < MOST_PARTS:
        part, said_plainly = waiting.pop()
        inner = part.get_payload() if part.is_multipart() else None
        if isinstance(inner, list) and part.get_content_maintype() != "message":
            plain = _plain_alternative(part, inner)
            quiet = [(it, said_plainly or plain not in (None, it)) for it in inner if isinstance(it, Message)]
            waiting += reversed(quiet)
        elif not (said_plainly and part.get_content_type() == "text/html" and _is_shown(part)):
            taken += 1
            yield part


def _plain_alternative(part: Message, inner: list[Any]) -> Message | None:
    """Return the plain text among alternatives. Pictures that belong to the HTML one are still taken."""
    if part.get_content_subtype() != "alternative":
        return None
    plain = (it for it in inner if it.get_content_type() == "text/plain" and _content(it).strip())
    return next(plain, None)


def _is_shown(part: Message) -> bool:
    attached = str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")
    no_parts = part.get_content_maintype() == "multipart" and not part.is_multipart()  # it names no boundary
    is_text = no_parts or part.get_content_type() in ("text/plain", "text/html")
    return is_text and not attached and not _file_name(part)


class _Gathering:
    """Gathers texts and attachments, and says what the limits leave out."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._texts: list[str] = []
        self._attachments: list[Attachment] = []
        self._left_out: list[str] = []
        self._returned = ""

    def body(self) -> Body:
        text = "\n\n".join(it for it in self._texts if it.strip())
        return Body(text, tuple(self._attachments), tuple(self._left_out), self._returned)

    def take(self, part: Message) -> None:
        content, media_type = _content(part), part.get_content_type()
        if media_type in ("message/rfc822", "text/rfc822-headers") and not self._returned:
            self._returned = content[:LONGEST_RETURNED].decode("ascii", "replace")
        if not _is_shown(part):
            return self._attach(part, content)
        text, whole = decode(content, part.get_content_charset())
        if not whole:
            self._attach(part, content)
        if media_type == "text/html":
            if len(text) > LONGEST_HTML:
                self._attach(part, content)
            text = text_of_html(text[:LONGEST_HTML])
        self._texts.append(text)

    def _attach(self, part: Message, content: bytes) -> None:
        if not content and not _file_name(part):
            return
        declared = clean_type(part.get_content_type())
        media_type = honest_type(declared, content)
        fallback = f"attachment-{len(self._attachments) + 1}{ending_of(declared)}"
        name = clean_name(_file_name(part), fallback)
        if len(self._attachments) >= self._limits.count:
            self._left_out.append(f"“{name}” was not kept apart: only {self._limits.count} attachments are.")
        elif len(content) > self._limits.size:
            most = self._limits.size / MEGABYTE
            self._left_out.append(f"“{name}” was not kept apart: it is larger than {most:g} MB.")
        else:
            self._attachments.append(Attachment(name, media_type, content))


def _content(part: Message) -> bytes:
    """Return the bytes of a part, decoded as far as its encoding holds; of a mail inside, the mail."""
    inner = part.get_payload()
    if isinstance(inner, list):
        return b"\n".join(it.as_bytes() for it in inner if isinstance(it, Message))
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else str(inner).encode("utf-8", "surrogateescape")


def _file_name(part: Message) -> str:
    """Return the name that a part declares, by RFC 2231, or by encoded words as most programs write it."""
    headers = Headers(part)
    for header, parameter in (("Content-Disposition", "filename"), ("Content-Type", "name")):
        decoded = (
            Message()
        )  # the part's own would read the bytes of a name that isn't ASCII as question marks
        decoded[header] = headers.first(header)
        found = decoded.get_param(parameter, header=header)
        if isinstance(found, tuple):
            charset, _, text = found  # the parser has read the percent signs as Latin 1
            return decode((text or "").encode("latin-1", "replace"), charset)[0]
        if found:
            return decode_words(str(found))
    return ""
