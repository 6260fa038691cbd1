"""The header of a mail: unfolded and decoded lines, addresses and message ids.

The parser keeps headers as they came (policy `compat32`) and they are decoded here. The modern policy would build a
syntax tree of a header as soon as it is looked at, which raises on some broken ones and takes minutes for ten
thousand receivers.
"""

from __future__ import annotations

import binascii
import quopri
import re
from base64 import b64decode
from dataclasses import dataclass
from email.message import Message
from email.utils import getaddresses

from engine.mail.charsets import clean, decode, one_line

LONGEST_HEADER = 20_000
LONGEST_ID = 500
MOST_COMMENTS = 50
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(?==\?)")
_ID = re.compile(r"<([^<>\s]{1,500})>")
_ADDRESS = re.compile(r"[^@\s<>,;:\"]{1,250}@[^@\s<>,;:\"]{1,250}")


@dataclass(frozen=True)
class Mailbox:
    """Who wrote: the name as it is shown, and the address in small letters or empty."""

    name: str
    address: str


class Headers:
    """The headers of a mail, decoded when they are asked for. Names are the same in any letters."""

    def __init__(self, message: Message) -> None:
        self._lines: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            self._lines.setdefault(str(name).lower(), []).append(str(value)[:LONGEST_HEADER])

    def all(self, name: str) -> list[str]:
        """Return every header of a name, unfolded, the topmost first."""
        return [_unfold(it) for it in self._lines.get(name.lower(), [])]

    def first(self, name: str) -> str:
        """Return the first header of a name, unfolded, or nothing."""
        return next(iter(self.all(name)), "")

    def text(self, name: str, longest: int = 300) -> str:
        """Return a header as people read it, in one line."""
        return one_line(decode_words(self.first(name)), longest)

    def ids(self, name: str) -> list[str]:
        """Return the message ids of a header, without their brackets."""
        return _ID.findall(clean(self.first(name)))

    def mailboxes(self, name: str) -> list[Mailbox]:
        """Return whom a header names; one without an address is left out."""
        boxes = []
        # The library follows comments as deep as they are nested, and gives up with an exception.
        lines = [it if it.count("(") <= MOST_COMMENTS else it.replace("(", " ") for it in self.all(name)[:1]]
        # Split before decoding: a decoded name may hold a comma, or another address.
        for shown, address in getaddresses(lines):
            if _ADDRESS.fullmatch(address):
                name_ = one_line(decode_words(shown), 200)
                boxes.append(Mailbox(name_, one_line(address, LONGEST_ID).lower()))
        return boxes


def decode_words(value: str) -> str:
    """Return a header's text with its encoded words (RFC 2047) decoded; one that is broken stays as it stands."""
    joined = _BETWEEN.sub(r"\1", value)
    pieces: list[str] = []
    pending, pending_charset, end = b"", "", 0
    for found in _WORD.finditer(joined):
        content = _word(found[2], found[3])
        charset = found[1].split("*")[0].lower()
        apart = found.start() != end or charset != pending_charset
        if apart:  # words of one charset may share a character, so their bytes are joined first
            pieces += [decode(pending, pending_charset)[0], joined[end : found.start()]]
            pending, pending_charset = b"", charset
        end = found.end()
        pending += found[0].encode("ascii", "replace") if content is None else content
    return "".join([*pieces, decode(pending, pending_charset)[0], joined[end:]])


def _word(encoding: str, text: str) -> bytes | None:
    plain = text.encode("ascii", "replace")
    try:
        if encoding in "qQ":
            return quopri.decodestring(plain, header=True)
        return b64decode(plain + b"=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _unfold(value: str) -> str:
    text = decode(value.encode("utf-8", "surrogateescape"), "utf-8")[0]
    return " ".join(text.split())
