"""What each command does to an instance: one function a command, by topic.

`apply` finds the function; a command that may not be done raises Refused (or a kind of it) and leaves nothing behind.
"""

from __future__ import annotations

from engine.runtime.handlers import actions, links, messages, repairs, services, tasks, terms
from engine.runtime.handlers.actions import ActionOver
from engine.runtime.handlers.applying import apply
from engine.runtime.handlers.tasks import TaskHeld, TaskNotOpen

__all__ = [
    "ActionOver",
    "TaskHeld",
    "TaskNotOpen",
    "actions",
    "apply",
    "links",
    "messages",
    "repairs",
    "services",
    "tasks",
    "terms",
]
