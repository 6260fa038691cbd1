"""A small expression language: the oracle evaluates it itself and prints it as FEEL for the engine.

So two evaluators check each other. `None` is FEEL's null; numbers are ints, and no name ever holds two kinds of
value. `ODD` stands for a value that a process can't keep and that is neither true nor false.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Fixed:
    """Never changes, so a copy of an instance that points at it goes on pointing at the same one."""

    def __deepcopy__(self, memo: dict[int, object]) -> Fixed:
        return self


@dataclass(frozen=True)
class Odd(Fixed):
    """What FEEL makes of `function(a) a`."""


ODD = Odd()
Value = bool | int | str | list | None | Odd


@dataclass(frozen=True)
class Const(Fixed):
    value: bool | int | str | tuple | None

    def feel(self) -> str:
        return json.dumps(self.value)

    def evaluate(self, names: Mapping[str, Value]) -> Value:
        return list(self.value) if isinstance(self.value, tuple) else self.value


@dataclass(frozen=True)
class Name(Fixed):
    name: str

    def feel(self) -> str:
        return self.name

    def evaluate(self, names: Mapping[str, Value]) -> Value:
        return names.get(self.name)


@dataclass(frozen=True)
class Plus(Fixed):
    name: str
    amount: int

    def feel(self) -> str:
        return f"{self.name} + {self.amount}"

    def evaluate(self, names: Mapping[str, Value]) -> Value:
        value = names.get(self.name)
        return None if value in (None, ODD) else value + self.amount


@dataclass(frozen=True)
class Equals(Fixed):
    name: str
    value: bool | int | str | None

    def feel(self) -> str:
        return f"{self.name} = {Const(self.value).feel()}"

    def evaluate(self, names: Mapping[str, Value]) -> Value:
        value = names.get(self.name)
        if value is ODD:
            return False if self.value is None else None
        return value == self.value


@dataclass(frozen=True)
class Below(Fixed):
    name: str
    bound: int

    def feel(self) -> str:
        return f"{self.name} < {self.bound}"

    def evaluate(self, names: Mapping[str, Value]) -> Value:
        value = names.get(self.name)
        return None if value in (None, ODD) else value < self.bound


@dataclass(frozen=True)
class OddAt(Fixed):
    """The value of a name, but for one value something that can't be kept."""

    name: str
    value: int

    def feel(self) -> str:
        return f"if {self.name} = {self.value} then (function(a) a) else {self.name}"

    def evaluate(self, names: Mapping[str, Value]) -> Value:
        value = names.get(self.name)
        return ODD if value == self.value else value


Expression = Const | Name | Plus | Equals | Below | OddAt
Assignments = tuple[tuple[str, Expression], ...]
