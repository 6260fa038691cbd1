"""What the pages need of an installation: the shape behind `create_app`, which `engine.bootstrap` fits.

The pages never see the database. They hand commands to `engine`, ask questions of `reads`, and change people and
deployments through their own small units.
"""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

from engine.bookkeeping import Bookkeeping
from engine.clock import Clock
from engine.deployments import Deployments
from engine.engine import Engine
from engine.looking import Looks
from engine.mailroom import ByHand, Mailroom
from engine.people import People
from engine.reads import Desk, Reads
from engine.replying import Replies
from engine.settings import Settings
from engine.tuning import Tuning
from engine.uploads import Uploads
from engine.worlds import Worlds


class Drafts(Protocol):
    """What people typed into forms and have not sent yet."""

    def keep(self, desk_id: int, task_id: UUID, person_id: UUID, fields: dict[str, Any]) -> None:
        """Keep what was typed, over what was kept before."""
        ...

    def of(self, desk_id: int, task_id: UUID, person_id: UUID) -> dict[str, Any] | None:
        """Return what was typed, or None."""
        ...

    def drop(self, desk_id: int, task_id: UUID, person_id: UUID) -> None:
        """Forget a draft."""
        ...


class Casepath(Protocol):
    """One installation, put together by `engine.bootstrap`."""

    @property
    def engine(self) -> Engine: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def reads(self) -> Reads: ...
    @property
    def looks(self) -> Looks: ...
    @property
    def replies(self) -> Replies: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def people(self) -> People: ...
    @property
    def records(self) -> Bookkeeping: ...
    @property
    def deployments(self) -> Deployments: ...
    @property
    def tuning(self) -> Tuning: ...
    @property
    def worlds(self) -> Worlds: ...
    @property
    def mailroom(self) -> Mailroom: ...
    @property
    def mail_by_hand(self) -> ByHand: ...
    @property
    def uploads(self) -> Uploads: ...

    def desk(self, key: str | None = None) -> Desk:
        """Return a desk by its key, or the only one there is. Raises NotFound."""
        ...
