"""The blueprints of the API; importing the modules of views declares their operations."""

from __future__ import annotations

from webui.api import (
    accounts,
    actions,
    health,
    incidents,
    mails,
    messages,
    people,
    post,
    processes,
    settings,
    tasks,
    tickets,
)
from webui.api.declare import api

__all__ = [
    "BLUEPRINTS",
    "accounts",
    "actions",
    "incidents",
    "mails",
    "messages",
    "people",
    "post",
    "processes",
    "settings",
    "tasks",
    "tickets",
]

BLUEPRINTS = (api, health.bp)
