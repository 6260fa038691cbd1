"""Questions answered in SQL. Nothing here changes anything; every answer is a frozen dataclass.

`Reads` is all of them in one object, each group in a file of its own.
"""

from engine.reads.clusters import Cluster, Clusters
from engine.reads.customers import Customer, Customers
from engine.reads.goals import Goals
from engine.reads.house import Counts, House, Incident, ProcessSummary
from engine.reads.inbox import Inbox, InboxItem
from engine.reads.links import Links, TicketLink
from engine.reads.log import Logs
from engine.reads.messages import Messages, SentMessage
from engine.reads.outlines import Outline, Outlines
from engine.reads.page import Page
from engine.reads.post import AttachedFile, Post, ReceivedMail
from engine.reads.proof import Proofs, Verdict
from engine.reads.records import Account, DoneOnAccount, FoundAccount, Records
from engine.reads.similar import Similar, Similars
from engine.reads.tasks import Task, Tasks
from engine.reads.tickets import Deadline, Entry, Mail, Subscription, Ticket, Tickets
from engine.reads.trace import ActorSeen, TraceEvent, Traces
from engine.store import Store
from engine.store.desks import Desk
from engine.store.people import Person

__all__ = [
    "Account",
    "ActorSeen",
    "AttachedFile",
    "Cluster",
    "Counts",
    "Customer",
    "Deadline",
    "Desk",
    "DoneOnAccount",
    "Entry",
    "FoundAccount",
    "InboxItem",
    "Incident",
    "Mail",
    "Outline",
    "Page",
    "Person",
    "Post",
    "ProcessSummary",
    "Reads",
    "ReceivedMail",
    "SentMessage",
    "Similar",
    "Subscription",
    "Task",
    "Ticket",
    "TicketLink",
    "TraceEvent",
    "Verdict",
]


class Reads(
    Inbox, Tasks, Tickets, Goals, Customers, Traces, Outlines, Proofs, Logs, House, Messages, Similars, Links, Post,
    Records, Clusters,
):  # fmt: skip
    """Every question of the pages, the API and the command line, with the store bound."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.database.borrowed)
