"""Everything that is kept: the tables, the one transaction of a step, and one module of SQL for each thing."""

from engine.store.access import ApiToken, Invitation, Session
from engine.store.catalogue import ProcessVersion, Snapshot
from engine.store.desk_unit import DeskUnit
from engine.store.desks import Desk
from engine.store.outbox import OutboxRow
from engine.store.people import Person
from engine.store.store import Store
from engine.store.timers import DueTimer
from engine.store.unit_of_work import Opened, UnitOfWork
from engine.store.work import ClosedTask

__all__ = [
    "ApiToken",
    "ClosedTask",
    "Desk",
    "DeskUnit",
    "DueTimer",
    "Invitation",
    "Opened",
    "OutboxRow",
    "Person",
    "ProcessVersion",
    "Session",
    "Snapshot",
    "Store",
    "UnitOfWork",
]
