"""Files that were sent and belong to no ticket yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from engine.mail import Attachment
from engine.store.mails import KeptFile
from engine.store.repository import Repository

_KEEP = """
INSERT INTO upload (desk_id, id, owner, name, media_type, size, sha256, content)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_OF_OWNER = """
SELECT id, name, media_type, size, sha256 FROM upload
WHERE desk_id = %s AND owner = %s AND id = ANY(%s) AND added_at > now() - %s
"""
_WENT_ON = "SELECT id, name, media_type, size, sha256 FROM attachment WHERE desk_id = %s AND id = ANY(%s)"
_TIDY = "DELETE FROM upload WHERE added_at < now() - %s"


class Uploads(Repository):
    """Files by desk and by owner: the form or the token that sent them."""

    def keep(self, desk_id: int, owner: UUID, id: UUID, file: Attachment) -> None:
        """Keep a file; one that is kept under this id stays as it is."""
        row = (desk_id, id, owner, file.name, file.media_type, len(file.content), bytes.fromhex(file.sha256))
        self._run(_KEEP, *row, file.content)

    def of(self, desk_id: int, owner: UUID, ids: Sequence[UUID], since: timedelta) -> list[KeptFile]:
        """Return those of some files that an owner has sent within a time and that belong to no ticket yet."""
        return self._all(KeptFile, _OF_OWNER, desk_id, owner, list(ids), since)

    def gone_on(self, desk_id: int, ids: Sequence[UUID]) -> list[KeptFile]:
        """Return those of some files that belong to a ticket by now."""
        return self._all(KeptFile, _WENT_ON, desk_id, list(ids))

    def tidy(self, kept: timedelta) -> None:
        """Forget files that were sent longer ago, and went with no words."""
        self._run(_TIDY, kept)
