"""What a mail asks of the door: the command that opens a ticket with it, or adds it to one as an entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.mail import Letter
from engine.mail.charsets import one_line
from engine.runtime.commands import Actor, AddEntry, OpenTicket, Requester
from engine.store.mails import KeptFile, KeptMail, Thread

CHANNEL = "email"
NO_TEXT = "(no text)"


@dataclass(frozen=True)
class Wishes:
    """The commands that a kept mail can become. `told` is what its event says of it that the mail doesn't."""

    desk_id: int
    mail: KeptMail
    letter: Letter
    files: Sequence[KeptFile]
    told: dict[str, Any]

    def entry(self, id: UUID, thread: Thread, *, public: bool) -> AddEntry:
        """Return the command that adds it to a ticket; a reply may move the process, a note doesn't."""
        return AddEntry(
            id=id,
            **self._common(self._writer(thread)),
            ticket=thread.number,
            kind="reply" if public else "note",
            public=public,
            body=self.letter.text or NO_TEXT,
        )

    def opening(self, id: UUID, process: str, follows: int | None) -> OpenTicket:
        """Return the command by which its sender opens a ticket."""
        name, subject = self._author(), self.letter.subject or "(no subject)"
        requester = Requester(name, self.letter.sender.address or None)
        writer = Actor("customer", self._known_as(), name)
        return self.opened_by(writer, id, process, subject, requester, follows)

    def opened_by(
        self,
        actor: Actor,
        id: UUID,
        process: str,
        subject: str,
        requester: Requester,
        follows: int | None = None,
    ) -> OpenTicket:
        """Return the command by which somebody opens a ticket with it."""
        return OpenTicket(
            id=id,
            **self._common(actor),
            process=process,
            channel=CHANNEL,
            subject=subject,
            description=self.letter.text,
            requester=requester,
            follows=follows,
        )

    def _common(self, actor: Actor) -> dict[str, Any]:
        files = {str(it.id): it.told for it in self.files}
        return {"desk_id": self.desk_id, "actor": actor, "mail": self._mail(), "attachments": files}

    def _writer(self, thread: Thread) -> Actor:
        """The customer where the ticket's address wrote, else whoever the mail says, known by the mail alone."""
        sender = self.letter.sender
        if thread.requester_id and sender.address == (thread.requester_email or "").lower():
            return Actor("customer", str(thread.requester_id), thread.requester_name or self._author())
        shown = f"{sender.name} <{sender.address}>" if sender.name else self._author()
        return Actor("customer", self._known_as(), one_line(shown, 300))

    def _known_as(self) -> str:
        return f"mail:{self.mail.id}"

    def _author(self) -> str:
        sender = self.letter.sender
        return sender.name or sender.address or "Unknown sender"

    def _mail(self) -> dict[str, Any]:
        kept = self.mail
        facts = {"mail": str(kept.id), "message_id": kept.message_id, "raw": kept.sha256.hex()}
        return {**facts, "brought_by": kept.brought_by, **self.told}
