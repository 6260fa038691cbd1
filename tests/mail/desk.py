"""A desk that takes mail: its process acknowledges, and then waits for words of the customer."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from typing import Any
from uuid import uuid4

import pytest

from engine.bootstrap import open_casepath
from engine.mailroom import Incoming, Receipt
from engine.runtime.commands import SYSTEM, CancelTicket
from engine.settings import Settings
from engine.workers.queues import connect
from tests.office import Office
from tests.parts.spiff.drawing import draw, message, node

HELP = "help@desk.example"
ACK = b"Subject: Ticket {{ ticket.number }}: we have it\n\nDear {{ ticket.requester.name }}, we have it.\n"
LEADS = b"Subject: Ticket {{ ticket.number }}: look\nTo: leads@desk.example\n\nPlease look.\n"
ACKNOWLEDGE = node("send", "ack", casepath_template="t_ack")
TELL = node("send", "tell", casepath_template="t_leads")
LISTENING = draw(
    f"start s; {ACKNOWLEDGE}; {TELL}; {node('receive', 'hear', messageRef='m')}; user work; end e",
    "s>ack>tell>hear>work>e",
    message("m", "customer_reply"),
)


class Post(Office):
    """An installation that takes mail for one desk."""

    def take(self, raw: bytes, sender: str | None = None) -> Receipt:
        """Hand a mail over, as `casepath ticket mail` does."""
        desk = self.casepath.mailroom.addresses.desk(HELP)
        return self.casepath.mailroom.receive(desk, Incoming(raw, HELP, sender))

    def renewed(self, **changes: Any) -> Post:
        """The same installation, opened with other settings."""
        settings = replace(self.casepath.settings, **changes)
        self.casepath.close()
        self.casepath = open_casepath(settings)
        return self

    def cancel(self, number: int) -> None:
        """End a ticket where it stands."""
        command = CancelTicket(id=uuid4(), desk_id=self.desk_id, actor=SYSTEM, ticket=number, reason="over")
        self.casepath.engine.handle(command)

    def sent(self) -> list[Message]:
        """The mails that left, in the order in which they did."""
        self.settle()
        box = mailbox.Maildir(self.casepath.settings.data_dir / "mail")
        return sorted(box, key=lambda it: str(it["Message-ID"]))

    def kinds(self, number: int) -> list[str]:
        """What happened to a ticket."""
        return [it.kind for it in self.casepath.reads.trace(self.desk_id, number)]

    def mails(self) -> list[tuple[Any, ...]]:
        """What became of each mail that came in: state, nature, reason, ticket."""
        return self.rows(
            "SELECT state, nature, reason, ticket_number FROM received_mail ORDER BY received_at, id"
        )


@pytest.fixture
def post(settings: Settings) -> Iterator[Post]:
    """An opened installation that takes mail."""
    casepath = open_casepath(replace(settings, mail_from=f"The desk <{HELP}>"))
    found = Post(casepath, connect(settings.redis_url))
    found.deploy(LISTENING, templates__t_ack_md=ACK, templates__t_leads_md=LEADS)
    yield found
    found.casepath.close()


def write(
    text: str = "It is broken.",
    *,
    sender: str = "Cara Client <cara@example.com>",
    subject: str = "It is broken",
    id: str | None = "first@example.com",
    **headers: str,
) -> bytes:
    """Return a mail of a customer; further headers by name, with `_` for `-`."""
    lines = [f"From: {sender}", f"To: {HELP}", f"Subject: {subject}"]
    lines += [f"Message-ID: <{id}>"] if id else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Content-Type: text/plain; charset=utf-8", "", text, ""]).encode()
