"""Mail leaves here: over SMTP, or into a maildir of the data folder where no mail server is configured.

A mail's Message-ID is made from its outbox id (`answerable.py`) and so stays the same at each try: a server or reader
that sees it twice can tell.
"""

from __future__ import annotations

import mailbox
import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from markdown_it import MarkdownIt

from engine.catalog.templates import REPLY
from engine.errors import InvalidInput, Unsupported
from engine.links import question_path, with_links

_SECONDS_TO_ANSWER = 20
_markdown = MarkdownIt("commonmark", {"html": False})


def compose(job: UUID, payload: Mapping[str, Any], sender: str, at: datetime, link: str) -> EmailMessage:
    """Return the mail of an outbox row: Markdown as plain text, with an HTML alternative.

    `link` is where the receiver finds the ticket; `<follow:name>` in the text becomes that of a question there.
    Raises InvalidInput for an address that no mail can reach.
    """
    body = with_links(str(payload["body"]), lambda name: f"<{link}{question_path(name)}>")
    recipient = parseaddr(str(payload["to"] or ""))[1]
    if "@" not in recipient:
        raise InvalidInput(f"Expected a mail address, but got {payload['to']!r}.", {"to": "no mail address"})
    mail = EmailMessage()
    mail["Date"] = format_datetime(at)
    mail["From"] = sender
    mail["To"] = recipient
    mail["Subject"] = " ".join(str(payload["subject"]).split())
    if payload.get("template") != REPLY:  # a person wrote that one
        mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{body}\n\n{link}\n")
    mail.add_alternative(_markdown.render(f"{body}\n\n<{link}>\n"), subtype="html")
    return mail


def send(mail: EmailMessage, smtp_url: str, data_dir: Path) -> None:
    """Hand a mail over; returns when it was accepted. Raises OSError or SMTPException to try again later."""
    if not smtp_url:
        mailbox.Maildir(data_dir / "mail").add(mail)
        return
    with _connection(smtp_url) as server:
        server.send_message(mail)


def _connection(smtp_url: str) -> smtplib.SMTP:
    """Connect to `smtp://`, `smtp+starttls://` or `smtps://[user:password@]host[:port]`."""
    url = urlsplit(smtp_url)
    host = url.hostname or "localhost"
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, url.port or 465, timeout=_SECONDS_TO_ANSWER, context=ssl.create_default_context()
        )
    elif url.scheme in ("smtp", "smtp+starttls"):
        server = smtplib.SMTP(host, url.port or 25, timeout=_SECONDS_TO_ANSWER)
    else:
        raise Unsupported(f"Expected a mail server as smtp:// or smtps://, but got {url.scheme}://.")
    if url.scheme == "smtp+starttls":
        server.starttls(context=ssl.create_default_context())
    if url.username:
        server.login(unquote(url.username), unquote(url.password or ""))
    return server
