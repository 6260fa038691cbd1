"""A letter: one mail taken apart into who wrote, what is new in it, what it refers to and what was attached."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection
from dataclasses import dataclass
from email.parser import BytesHeaderParser, BytesParser

from engine.cards import masked_bytes
from engine.mail.charsets import clean, decode
from engine.mail.headers import LONGEST_ID, Headers, Mailbox
from engine.mail.nature import Nature, nature_of
from engine.mail.parts import Attachment, Body, Limits, take_apart
from engine.mail.quoting import split_quoted

__all__ = ["Attachment", "Letter", "Limits", "Mailbox", "read_letter", "telling_headers"]

LONGEST_TEXT = 50_000
LONGEST_QUOTED = 100_000
LONGEST_FOLDED = 500_000
# Each may begin a part, and each part costs a thousand times its bytes.
MOST_BOUNDARIES = 20_000
LARGEST_HEADER = 1 << 20
MOST_REFERENCES = 50
TELLING = (
    *("From", "Reply-To", "To", "Cc", "Date", "Subject", "Message-ID", "In-Reply-To", "References"),
    *("Return-Path", "Authentication-Results", "Auto-Submitted", "Precedence", "List-Id", "X-Casepath-Loop"),
)
_NOBODY = Mailbox("", "")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """A mail as we read it.

    `message_id` and `references` (the nearest first) stand without brackets; a mail without an id has one made of
    its content. `fingerprint` is a SHA-256 of what its sender wrote, without what servers on the way added.
    `left_out` says in sentences what is not kept apart from the whole; `senders` counts who claims to have written.
    """

    message_id: str
    fingerprint: str
    references: tuple[str, ...]
    sender: Mailbox
    senders: int
    subject: str
    text: str
    quoted: str
    nature: Nature
    authentication: tuple[str, ...] = ()
    returned: str = ""
    attachments: tuple[Attachment, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether somebody sent nothing at all."""
        return not (self.text or self.subject or self.attachments)


def read_letter(
    raw: bytes,
    *,
    envelope_sender: str | None = None,
    own: Collection[str] = (),
    loop_mark: str = "",
    limits: Limits | None = None,
) -> Letter:
    """Take a mail apart; see `nature_of` for what the arguments judge. Never raises for what stands in it."""
    limits = limits or Limits()
    try:
        if raw.count(b"\n--") > MOST_BOUNDARIES:
            raise ValueError(f"Expected at most {MOST_BOUNDARIES} boundaries, but there are more.")
        if _header_size(raw) > LARGEST_HEADER:
            raise ValueError(f"Expected a header of at most {LARGEST_HEADER} bytes, but it is larger.")
        message = BytesParser().parsebytes(raw)
        body = take_apart(message, limits)
    except (
        Exception
    ) as error:  # thousands of nested parts, or a fault of the parser: nothing may be lost for it
        log.warning("A mail of %d bytes could not be taken apart: %r", len(raw), error)
        message = BytesHeaderParser().parsebytes(raw[:LARGEST_HEADER])
        body = _untouched(raw)
    return _letter(raw, Headers(message), body, envelope_sender, own, loop_mark)


def telling_headers(raw: bytes) -> list[tuple[str, str]]:
    """Return those headers of a mail that say where it came from and what it claims, as people read them."""
    headers = Headers(BytesHeaderParser().parsebytes(raw[:LARGEST_HEADER]))
    return [(name, text) for name in TELLING for text in [headers.text(name, 500)] if text]


def _letter(
    raw: bytes, headers: Headers, body: Body, envelope_sender: str | None, own: Collection[str], mark: str
) -> Letter:
    written = headers.mailboxes("From")
    sender = next(iter(written), None) or _from_envelope(envelope_sender)
    text = clean(body.text)
    new, quoted = split_quoted(text) if len(text) <= LONGEST_FOLDED else (text.strip(), "")
    attachments, left_out = list(body.attachments), list(body.left_out)
    if len(new) > LONGEST_TEXT:
        attachments.append(Attachment("text.txt", "text/plain", new.encode()))
        left_out.append(f"The text has {len(new):,} characters; the whole of it is attached as text.txt.")
        new = new[:LONGEST_TEXT]
    fingerprint = _fingerprint(raw, headers)
    return Letter(
        message_id=_own_id(headers) or f"{fingerprint}@no-message-id",
        fingerprint=fingerprint,
        references=_references(headers),
        sender=sender,
        senders=len(written),
        subject=headers.text("Subject"),
        text=new,
        quoted=quoted[:LONGEST_QUOTED],
        nature=nature_of(headers, envelope_sender, own, mark, sender.address),
        authentication=tuple(headers.all("Authentication-Results")),
        returned=body.returned,
        attachments=tuple(attachments),
        left_out=tuple(left_out),
    )


def _untouched(raw: bytes) -> Body:
    said = "The mail could not be taken apart; it is attached as it came."
    text = decode(raw.partition(b"\r\n\r\n")[2][:LONGEST_TEXT], None)[0]
    return Body(text, (Attachment("message.eml", "message/rfc822", raw),), (said,))


def _from_envelope(sender: str | None) -> Mailbox:
    address = (sender or "").strip().strip("<>").lower()
    return (
        Mailbox("", address) if address.count("@") == 1 and not set(address) & set(" \t\r\n,;<>") else _NOBODY
    )


def _own_id(headers: Headers) -> str:
    """Some programs forget the brackets; it is an id all the same."""
    bare = clean(headers.first("Message-ID")).strip()
    return next(iter(headers.ids("Message-ID")), "") or (
        bare[:LONGEST_ID] if bare and " " not in bare else ""
    )


def _references(headers: Headers) -> tuple[str, ...]:
    """Return what the mail answers: In-Reply-To, then References from the nearest back."""
    found = [*headers.ids("In-Reply-To"), *reversed(headers.ids("References"))]
    return tuple(dict.fromkeys(found))[:MOST_REFERENCES]


def _fingerprint(raw: bytes, headers: Headers) -> str:
    """Servers add lines at the top, so of a mail with an id only the sender's own header and the body count.

    Card numbers are masked first: the hash is kept, and all numbers that could have made it are soon tried.
    """
    if not _own_id(headers):
        return _digest(raw.replace(b"\r\n", b"\n").rstrip(b"\n"))
    names = ("From", "Date", "Subject", "Message-ID", "In-Reply-To")
    lines = (f"{name}:{headers.first(name)}\n".encode("utf-8", "surrogatepass") for name in names)
    return _digest(b"".join(lines), _body(raw))


def _digest(*written: bytes) -> str:
    digest = hashlib.sha256()
    for part in written:
        digest.update(masked_bytes(part))
    return digest.hexdigest()


def _body(raw: bytes) -> bytes:
    return raw[_header_size(raw) :].lstrip(b"\r\n").replace(b"\r\n", b"\n").rstrip(b"\n")


def _header_size(raw: bytes) -> int:
    return min([at for at in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if at >= 0], default=len(raw))
