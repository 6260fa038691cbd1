"""A transaction of a desk, apart from any instance: people, log-ins, deployments, exports, the register.

What it does it also says: `note` puts an event into the desk's own chain, in the same transaction. The chain's end
is one row, locked from the note to the commit, so note last.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from engine.audit.trail import genesis, link
from engine.ids import Ids, fresh_seed
from engine.runtime.commands import Actor
from engine.runtime.events import Event
from engine.store import trails
from engine.store.access import Invitations, Sessions, Tokens
from engine.store.catalogue import Catalogue
from engine.store.database import Connection
from engine.store.mails import Mails
from engine.store.people import People

# The update of nothing locks the row and returns it, also when it was there before.
_OPEN = """
INSERT INTO desk_chain (desk_id, chain, head, length) VALUES (%s, %s, %s, 0)
ON CONFLICT (desk_id) DO UPDATE SET length = desk_chain.length
RETURNING chain, head, length
"""
_SAVE = "UPDATE desk_chain SET head = %s, length = %s WHERE desk_id = %s"


class DeskUnit:
    """The repositories of one transaction, and the desk's chain. `Store.desk_unit` begins and commits it."""

    def __init__(self, connection: Connection, desk_id: int) -> None:
        self.desk_id = desk_id
        self.connection = connection
        self.people = People(lambda: nullcontext(connection))
        self.sessions = Sessions(lambda: nullcontext(connection))
        self.tokens = Tokens(lambda: nullcontext(connection))
        self.invitations = Invitations(lambda: nullcontext(connection))
        self.catalogue = Catalogue(lambda: nullcontext(connection))
        self.mails = Mails(lambda: nullcontext(connection))

    def note(
        self,
        what: str,
        actor: Actor,
        facts: Mapping[str, Any],
        *,
        at: datetime,
        recorded_at: datetime,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """Chain what happened at the desk. `facts` stand in the chain for ever, `values` can be erased."""
        ids = Ids(fresh_seed(), recorded_at)
        chain = ids.uuid()
        row = self.connection.execute(_OPEN, (self.desk_id, chain, genesis(chain))).fetchone()
        chain, head, length = row or (chain, genesis(chain), 0)
        event = Event("desk_event", actor, {"what": what, **facts}, values or {})
        links, head, length = link(
            head, length, [event], chain=chain, command=None, at=at, recorded_at=recorded_at, ids=ids
        )
        for statement in trails.append(self.desk_id, links):
            self.connection.execute(*statement)
        self.connection.execute(_SAVE, (head, length, self.desk_id))
