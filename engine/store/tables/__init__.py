"""Every table of Casepath, in one collection; `migrations/` builds the same, and a test compares the two."""

from engine.store.tables import catalogue, goals, links, mails, messages, people, records, running, trail
from engine.store.tables.columns import metadata

__all__ = [
    "catalogue",
    "goals",
    "links",
    "mails",
    "messages",
    "metadata",
    "people",
    "records",
    "running",
    "trail",
]
