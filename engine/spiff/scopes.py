"""Scopes: where variables and tokens live; one per running process, called process and sub-process.

A scope is the library's workflow object, which already is one per process and sub-process. Its `data` holds the
variables that it declares; nothing is copied into tokens. A name means the nearest scope that declares it, up to
the process's own scope, where what nobody declares is written. A called process sees nothing of its caller.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

from engine.feel.values import UnkeepableValue, normalise
from engine.spiff.errors import RunRefused
from engine.spiff.tokens import Token


class NoScripts:
    """Stands where the library would put its Python script engine, so that there is none to reach."""


class Scope:
    """What all scopes share. `arrivals` counts the tokens that wait at parallel joins, by sequence flow."""

    spec: Any
    data: dict[str, Any]
    tasks: dict[int, Token]
    top_workflow: Any
    task_tree: Token | None = None

    def plant(self, process: str, path: tuple[str, ...], outer: Scope | None) -> None:
        """Begin empty: only the root of the token tree. `outer` is the scope whose variables are seen too."""
        self.process = process
        self.path = path
        self.outer = outer
        self.arrivals: dict[str, int] = {}
        self.written: set[str] = set()
        self.task_tree = Token(self, self.spec.start)

    @property
    def top(self) -> RootScope:
        """The scope of the root process."""
        top: RootScope = self.top_workflow
        return top

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
        """Return the scope that a sub-process or call activity has opened, or None."""
        scope: InnerScope | None = self.top.get_subprocess(token)
        return scope

    def walk(self) -> Iterator[Token]:
        """Yield all tokens here and further in, each before what is inside it."""
        for token in self.tokens:
            yield token
            inner = self.inner(token)
            if inner is not None:
                yield from inner.walk()

    def joins(self) -> Iterator[str]:
        """Yield the parallel joins at which tokens wait for others, here and further in."""
        for spec in self.spec.task_specs.values():
            if any(flow.id in self.arrivals for flow in getattr(spec, "incoming", ())):
                yield spec.name
        for inner in filter(None, map(self.inner, self.tokens)):
            yield from inner.joins()

    def chain(self) -> Iterator[Scope]:
        """Yield the scopes whose variables are seen from here, nearest first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    def visible(self, *nearer: dict[str, Any]) -> Mapping[str, Any]:
        """Return what an expression sees here: the given mappings first, then scope by scope outwards."""
        return ChainMap(*nearer, *(scope.data for scope in self.chain()))

    def write(self, element: str, values: Mapping[str, Any]) -> dict[Scope, dict[str, Any]]:
        """Assign each value in the nearest scope that declares its name, else in the process's own scope.

        Returns what was written where. Raises RunRefused for a value that can't be kept.
        """
        written: dict[Scope, dict[str, Any]] = {}
        for name, value in values.items():
            target = self._declaring(name)
            target.data[name] = keepable(element, name, value)
            target.written.add(name)
            written.setdefault(target, {})[name] = target.data[name]
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
        # `deserializing` keeps the library from predicting the whole tree of what may happen.
        super().__init__(spec, script_engine=NoScripts(), deserializing=True)
        self.stepper: Any = None
        self.plant(process, (), None)

    def next_token_number(self) -> int:
        """Return a number that no token of this run has; numbers are not kept, order is."""
        self._tokens_made += 1
        return self._tokens_made

    def open(self, token: Token, spec: Any, process: str, outer: Scope | None) -> InnerScope:
        """Open the scope of a sub-process (`outer` is the one it stands in) or of a called process."""
        inner = InnerScope(spec, token.id, self)
        inner.plant(process, (*token.scope.path, token.task_spec.name), outer)
        self.subprocesses[token.id] = inner
        return inner

    def close(self, token: Token) -> None:
        """Drop the scope that a token has opened, with its variables."""
        self.subprocesses.pop(token.id, None)

    def _task_completed_notify(self, token: Token) -> None:
        self.stepper.completed(token)


class InnerScope(Scope, BpmnSubWorkflow):  # type: ignore[misc]
    """The scope of a sub-process or of a called process."""

    def __init__(self, spec: Any, parent_token: int, top: RootScope) -> None:
        super().__init__(spec, parent_token, top, deserializing=True)

    @property
    def parent_token(self) -> Token:
        """The token of the sub-process or call activity."""
        token: Token = self.top_workflow.get_task_from_id(self.parent_task_id)
        return token

    def _task_completed_notify(self, token: Token) -> None:
        self.top.stepper.completed(token)


def keepable(element: str, name: str, value: Any) -> Any:
    """Return a value as it is kept. Raises RunRefused, naming the variable, where it can't be."""
    try:
        return normalise(value)
    except UnkeepableValue as error:
        raise RunRefused(element, f"Expected the variable {name!r} to be data, but {error}") from error
