"""What a line of a conversation shows of the mail that it came by: remarks for us, the quoted history, files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import url_for

from webui import access, files, identity

if TYPE_CHECKING:
    from webui.conversation import Line

NATURES = {
    "out_of_office": "automatic reply (out of office)",
    "automatic": "sent by a program",
    "bounce": "returned mail",
    "list": "from a mailing list",
    "flood": "one of too many mails",
}
_FOUND = {
    "number": "It came by mail and was found by the number in its subject.",
    "person": "It came by mail, nothing had come of it, and {} took it up by hand.",
    "their_mail": "It came by mail and answers an earlier one of the customer.",
}


@dataclass(frozen=True)
class Came:
    """The mails and files of a ticket, by the entry that they belong to; None is the ticket's opening."""

    mails: dict[UUID | None, Any]
    files: dict[UUID | None, list[files.Shown]]
    public: bool
    number: int

    def laid(self, line: Line, entry_id: UUID | None) -> Line:
        """Return a line with what belongs to it."""
        attached, mail = tuple(self.files.get(entry_id, ())), self.mails.get(entry_id)
        if mail is None:
            return replace(line, files=attached)
        line = replace(line, files=attached, quoted=mail.quoted)
        if self.public:
            return line
        kind = NATURES.get(mail.nature)
        what = f"{line.what}, {kind}" if kind else line.what
        return replace(line, what=what, remarks=_remarks(mail), source=self._source(mail))

    def _source(self, mail: Any) -> str:
        if not access.may(identity.who().roles, access.AUDIT):
            return ""
        return url_for("files.mail", number=self.number, mail_id=mail.id)


def of_ticket(ticket: Any, *, public: bool = False) -> Came:
    """Return what came by mail for a ticket; with `public`, what its customer may see of it."""
    mails = identity.casepath().reads.received_mails(ticket.desk_id, ticket.number)
    return Came(
        {it.entry_id: it for it in mails}, files.of_ticket(ticket, public=public), public, ticket.number
    )


def _remarks(mail: Any) -> tuple[str, ...]:
    found = _FOUND.get(mail.found_by or "", "").format(mail.decided_by_name)
    said = (mail.reason, found, *mail.left_out)
    return tuple(it for it in said if it)
