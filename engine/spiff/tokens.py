"""A token: the library's task without its clock, its random ids, and its predictions.

The library grows a tree of everything that may happen (`Task` with predicted children, copied data, a wall-clock
stamp and a random id). A token is only a place where the instance now is: it has no children, its `data` holds
nothing but the results of its input mappings, and it leaves the tree the moment that it is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.waits import Wait

if TYPE_CHECKING:
    from engine.spiff.scopes import Scope


class Token(Task):  # type: ignore[misc]
    """A place in the diagram where an instance now is; `waits` is what it waits for, boundaries included.

    `own` are the variables of one child of a multi-instance activity, `brought` is what the event brought that a
    token begins with (None where it comes over a flow). It `is_throwing` while others take what it throws, and
    `has_entered` before where an element that it could not enter is tried again.
    """

    def __init__(self, scope: Scope, spec: Any, state: int = TaskState.FUTURE) -> None:
        # Task's own constructor is not called: it reads the wall clock and draws a random id.
        self.id = scope.top.next_token_number()
        self.workflow = scope
        self.task_spec = spec
        self.triggered = False
        self.thread_id = 0
        self.last_state_change = 0.0
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}
        self.own: dict[str, Any] = {}
        self.brought: Mapping[str, Any] | None = None
        self.is_throwing = False
        self.has_entered = False
        self.waits: dict[UUID, Wait] = {}
        self._state = state
        self._children: list[int] = []
        self._parent = None if scope.task_tree is None else scope.task_tree.id
        scope.tasks[self.id] = self
        if scope.task_tree is not None:
            scope.task_tree._child_added_notify(self)

    def _set_state(self, value: int) -> None:
        """Set the state; the library's method stamps it with the wall clock and writes a log line each time."""
        self._state = value

    @property
    def scope(self) -> Scope:
        """The scope it stands in."""
        return self.workflow

    @property
    def is_child(self) -> bool:
        """Whether it is one child of an activity that is done several times."""
        return self.scope.rounds is not None

    @property
    def is_done(self) -> bool:
        """Whether it is completed or cancelled."""
        return bool(self.has_state(TaskState.FINISHED_MASK))

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of its own: its inputs, and what it is the child for."""
        return {**self.own, **self.data} if self.own else self.data

    def visible(self) -> Mapping[str, Any]:
        """Return what an expression sees at the element."""
        return self.scope.visible(self.data, self.own) if self.own else self.scope.visible(self.data)
