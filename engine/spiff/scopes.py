"""Scopes: where variables and tokens live; one per running process, called process and sub-process.

A scope is the library's workflow object, which already is one per process and sub-process. Its `data` holds the
variables that it declares; nothing is copied into tokens. A name means the nearest scope that declares it, up to
the process's own scope, where what nobody declares is written. A called process sees nothing of its caller.

Two kinds of scopes stand over the nodes of the level around them: that of the children of a repeated activity
(`rounds`), and that in which a level is compensated (`todo`).
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

from engine.feel.values import UnkeepableValue, normalise
from engine.spiff.errors import RunRefused
from engine.spiff.tokens import Token
from engine.spiff.waits import Wait

if TYPE_CHECKING:
    from engine.spiff.memory import Done
    from engine.spiff.repeating import Rounds


class NoScripts:
    """Stands where the library would put its Python script engine, so that there is none to reach."""


class Scope:
    """What all scopes share.

    `arrivals` counts the tokens that wait at joins, by sequence flow; `waits` is what its event sub-processes wait
    for, until one of them `interrupted` it; `done` is what may be compensated, in order of completion. In a scope
    of compensation `todo` is what is still to be compensated, the next one last, each with how many event
    sub-processes further out than the thrower it was done; `level` is the scope over which it stands (None: it is
    one that was opened again). `snapshot` are the variables of the time of what is being compensated: they are
    seen first, never written. `pack` says which pack its diagram is from (empty: the run's own).
    """

    spec: Any
    data: dict[str, Any]
    tasks: dict[int, Token]
    top_workflow: Any
    task_tree: Token | None = None
    rounds: Rounds | None = None
    todo: list[tuple[int, Done]] | None = None
    level: Scope | None = None
    interrupted = False
    pack = ""

    def plant(self, process: str, path: tuple[str, ...], outer: Scope | None) -> None:
        """Begin empty: only the root of the token tree. `outer` is the scope whose variables are seen too."""
        self.process = process
        self.path = path
        self.outer = outer
        self.arrivals: dict[str, int] = {}
        self.written: set[str] = set()
        self.waits: dict[UUID, Wait] = {}
        self.done: list[Done] = []
        self.snapshot: Mapping[str, Any] = {}
        self.task_tree = Token(self, self.spec.start)

    @property
    def top(self) -> RootScope:
        """The scope of the root process."""
        top: RootScope = self.top_workflow
        return top

    @property
    def scope(self) -> Scope:
        """Itself: what waits is a token in a scope, or a scope."""
        return self

    @property
    def is_plain(self) -> bool:
        """Whether it is the inside of a process or sub-process that goes its way."""
        return self.rounds is None and self.todo is None

    @property
    def is_made_again(self) -> bool:
        """Whether it is the inside of a finished activity, opened again to be compensated from within."""
        return self.todo is not None and self.level is None

    @property
    def tokens(self) -> list[Token]:
        """The tokens that are here now, in the order in which they came."""
        children: list[Token] = self.task_tree.children if self.task_tree is not None else []
        return children

    @property
    def is_empty(self) -> bool:
        """Whether no token is left, neither moving nor waiting at a join."""
        return not self.arrivals and self.task_tree is not None and not self.task_tree._children

    def inner(self, token: Token) -> InnerScope | None:
        """Return the scope that a token has opened, or None."""
        scope: InnerScope | None = self.top.get_subprocess(token)
        return scope

    def owners(self) -> Iterator[Scope | Token]:
        """Yield whatever may wait, here and further in: this scope (for its event sub-processes), then each token
        before what is inside it."""
        yield self
        for token in self.tokens:
            yield token
            inner = self.inner(token)
            if inner is not None:
                yield from inner.owners()

    def scopes(self) -> Iterator[Scope]:
        """Yield this scope and all that are open inside it."""
        return (owner for owner in self.owners() if isinstance(owner, Scope))

    def chain(self) -> Iterator[Scope]:
        """Yield the scopes whose variables are seen from here, nearest first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    def visible(self, *nearer: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what an expression sees here: the given mappings first, then scope by scope outwards."""
        layers = (layer for scope in self.chain() for layer in (scope.snapshot, scope.data) if layer)
        return ChainMap(*nearer, *layers)  # type: ignore[arg-type]  # nothing writes through it

    def write(self, values: Mapping[str, Any]) -> dict[Scope, dict[str, Any]]:
        """Assign each value in the nearest scope that declares its name, else in the process's own scope.

        The values must have been found `keepable`. Returns what was written where.
        """
        written: dict[Scope, dict[str, Any]] = {}
        for name, value in values.items():
            target = self._declaring(name)
            target.data[name] = value
            target.written.add(name)
            written.setdefault(target, {})[name] = value
        return written

    def forget(self, token: Token) -> None:
        """Take a token that is done out of the tree."""
        self._remove_task(token.id)  # type: ignore[attr-defined]

    def _declaring(self, name: str) -> Scope:
        scope = self
        for scope in self.chain():
            if name in scope.data:
                return scope
        return scope


class RootScope(Scope, BpmnWorkflow):  # type: ignore[misc]
    """The scope of the root process."""

    def __init__(self, spec: Any, process: str) -> None:
        self._tokens_made = 0
        self.completions = 0
        # `deserializing` keeps the library from predicting the whole tree of what may happen.
        super().__init__(spec, script_engine=NoScripts(), deserializing=True)
        self.stepper: Any = None
        self.plant(process, (), None)

    def next_token_number(self) -> int:
        """Return a number that no token of this run has; numbers are not kept, order is."""
        self._tokens_made += 1
        return self._tokens_made

    def next_completion(self) -> int:
        """Return the number of what was just completed and is to be remembered."""
        self.completions += 1
        return self.completions

    def open(self, token: Token, spec: Any, process: str, outer: Scope | None) -> InnerScope:
        """Open the scope of a sub-process (`outer` is the one it stands in) or of a called process."""
        name = token.task_spec.name
        part = f"{name}#{token.own['loopCounter']}" if token.is_child else name
        return self._open(token, spec, process, outer, (*token.scope.path, part))

    def open_over(self, token: Token) -> InnerScope:
        """Open a scope over the nodes of the level in which a token stands."""
        scope = token.scope
        return self._open(token, scope.spec, scope.process, scope, scope.path)

    def close(self, token: Token) -> None:
        """Drop the scope that a token has opened, with its variables."""
        self.subprocesses.pop(token.id, None)

    def _open(
        self, token: Token, spec: Any, process: str, outer: Scope | None, path: tuple[str, ...]
    ) -> InnerScope:
        inner = InnerScope(spec, token.id, self)
        inner.plant(process, path, outer)
        inner.parent_token = token
        inner.pack = token.scope.pack
        self.subprocesses[token.id] = inner
        return inner

    def _task_completed_notify(self, token: Token) -> None:
        self.stepper.completed(token)


class InnerScope(Scope, BpmnSubWorkflow):  # type: ignore[misc]
    """A scope that a token has opened: `parent_token`."""

    parent_token: Token

    def __init__(self, spec: Any, parent_token: int, top: RootScope) -> None:
        super().__init__(spec, parent_token, top, deserializing=True)

    def _task_completed_notify(self, token: Token) -> None:
        self.top.stepper.completed(token)


def keepable(element: str, name: str, value: Any) -> Any:
    """Return a value as it is kept. Raises RunRefused, naming the variable, where it can't be."""
    try:
        return normalise(value)
    except UnkeepableValue as error:
        raise RunRefused(element, f"Expected the variable {name!r} to be data, but {error}") from error


def kept(element: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as they are kept. Raises RunRefused, naming the first that can't be."""
    return {name: keepable(element, name, value) for name, value in values.items()}
