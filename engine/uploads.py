"""Files that people send with their words, by a page or by REST, under the same limits as files of a mail.

They are kept before the words are judged, so that a wrong field doesn't cost a file. The command that has the words
names them, and its step moves them to the ticket; what goes with no words is forgotten after a while.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from engine.errors import Conflict, InvalidInput
from engine.mail import Attachment
from engine.mail.naming import clean_name
from engine.mail.sniffing import BYTES, honest_type
from engine.mailroom.cards import masked_file
from engine.runtime.commands import derived_id
from engine.settings import Settings
from engine.store import Store
from engine.store.mails import KeptFile

KEPT = timedelta(days=1)
_GONE = "A file that you attached before is no longer kept; attach it again."
_OTHER = "Expected an id of its own for each file, but another one was sent under this one, or long ago."


@dataclass(frozen=True)
class Sent:
    """A file as it was sent, under a name that nobody has judged."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Laid:
    """What a form holds after its files came: those that wait to go with it, what a command says of all that do go,
    and in sentences what could not be kept.
    """

    files: tuple[KeptFile, ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True)
class Most:
    """The limits: bytes of one file, bytes of all that go together, and how many."""

    each: int
    together: int
    count: int


class Uploads:
    """Keeps files of senders until they go with words."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._store = store.uploads
        together = settings.mail_size << 20
        self.most = Most(min(settings.mail_file_size << 20, together), together, settings.mail_files)

    def lay(self, desk_id: int, form: UUID, sent: Sequence[Sent], before: Sequence[UUID]) -> Laid:
        """Keep what a form was sent with, beside what of it was kept `before`. Never raises for a file.

        The same file sent twice by one form is one.
        """
        files = {derived_id(form, f"file {it.sha256} {it.name}"): it for it in map(_cleaned, sent)}
        kept = {it.id: it for it in self._store.of(desk_id, form, before, KEPT)}
        gone_on = {it.id: it for it in self._store.gone_on(desk_id, [*before, *files])}
        wrong = [_GONE for id in before if id not in kept and id not in gone_on]
        for id, file in files.items():
            if id in kept or id in gone_on:
                continue
            if sentence := self._judge(file, list(kept.values())):
                wrong.append(sentence)
            else:
                self._store.keep(desk_id, form, id, file)
                kept[id] = _kept(id, file)
        going = {**kept, **gone_on}
        told = {str(id): going[id].told for id in sorted(going)}
        return Laid(tuple(kept.values()), told, tuple(dict.fromkeys(wrong)))

    def keep(self, desk_id: int, owner: UUID, id: UUID, sent: Sent) -> KeptFile:
        """Keep one file; the same id keeps it once, also after it went with words.

        Raises InvalidInput saying what is wrong with it, Conflict where its id is another file's.
        """
        file = _cleaned(sent)
        if sentence := self._judge(file, []):
            raise InvalidInput(sentence, {"file": sentence})
        found = self._store.gone_on(desk_id, [id])
        if not found:
            self._store.keep(desk_id, owner, id, file)
            found = self._store.of(desk_id, owner, [id], KEPT)
        if found != [_kept(id, file)]:
            raise Conflict(_OTHER)
        return found[0]

    def told(self, desk_id: int, owner: UUID, ids: Sequence[UUID]) -> dict[str, Any]:
        """Return what a command says of files that an owner has sent. Raises InvalidInput naming one that isn't kept.

        One that belongs to a ticket by now is told, too: it went with this very command, or its step refuses it.
        """
        kept = {it.id: it for it in self._store.of(desk_id, owner, ids, KEPT)}
        going = {**kept, **{it.id: it for it in self._store.gone_on(desk_id, ids)}}
        if missing := [it for it in ids if it not in going]:
            sentence = f"Expected files that were sent within a day, but {missing[0]} is none of them."
            raise InvalidInput(sentence, {"attachments": sentence})
        if sentence := self._too_many(list(kept.values())):
            raise InvalidInput(sentence, {"attachments": sentence})
        return {str(id): going[id].told for id in sorted(going)}

    def _judge(self, file: Attachment, beside: Sequence[KeptFile]) -> str:
        if len(file.content) > self.most.each:
            return f"“{file.name}” is larger than {self.most.each >> 20} MB, so it was not kept."
        return self._too_many([*beside, _kept(UUID(int=0), file)], f"“{file.name}” was not kept: ")

    def _too_many(self, files: Sequence[KeptFile], begin: str = "") -> str:
        if len(files) > self.most.count:
            return f"{begin}Expected at most {self.most.count} files, but there are more."
        if sum(it.size for it in files) > self.most.together:
            return f"{begin}Expected at most {self.most.together >> 20} MB in all, but it is more."
        return ""


def _cleaned(sent: Sent) -> Attachment:
    name = clean_name(sent.name, "file.bin")
    named = mimetypes.guess_type(name)[0] or BYTES
    kind = honest_type(named if named.startswith("text/") else BYTES, sent.content)
    return masked_file(Attachment(name, kind, sent.content))


def _kept(id: UUID, file: Attachment) -> KeptFile:
    return KeptFile(id, file.name, file.media_type, len(file.content), bytes.fromhex(file.sha256))
