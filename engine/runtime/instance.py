"""An instance as it lies in its row: who it is, where its trail ends, and one compact blob of state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Timeline = Literal["live", "virtual"]
Status = Literal["running", "incident", "ended"]


@dataclass(frozen=True)
class Instance:
    """One running root process. `state` is written and read by `engine.runtime.state` only.

    `terms_id` is the deployment whose calendars and settings hold, where that isn't `snapshot_id` itself;
    `settings_id` that of the settings, where a later change of them was for new tickets only.
    `start_key` is that of the message that began it: until it has ended, its process begins for no other of this key.
    `head` and `length` are the hash and the number of the last link of its trail. All moments are UTC.
    """

    id: UUID
    desk_id: int
    ticket_number: int
    process: str
    version: int
    snapshot_id: UUID
    timeline: Timeline
    status: Status
    semantics: int
    revision: int
    state: bytes
    head: bytes
    length: int
    started_at: datetime
    last_event_at: datetime
    ended_at: datetime | None = None
    terms_id: UUID | None = None
    settings_id: UUID | None = None
    start_key: str | None = None
