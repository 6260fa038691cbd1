"""What the stories of compensation share: an activity with its handler, the throw, and doing what is open."""

from __future__ import annotations

from .drawing import compensated_by, node, on
from .playing import Play


def doing(task: str, *, kind: str = "user", inside: str = "") -> str:
    """An activity and its handler, `<task>_back`; put it into the nodes of a level."""
    back = node("user", f"{task}_back", isForCompensation="true")
    return f"{node(kind, task, inside)}; {compensated_by(task, f'{task}_back')}; {back}"


def undo(id: str = "undo", kind: str = "throw", what: str = "") -> str:
    return node(kind, id, on("compensate", what))


def done(play: Play, *tasks: str, **writes: object) -> None:
    for task in tasks:
        play.complete(task, **writes)
