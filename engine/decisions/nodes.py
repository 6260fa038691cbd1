"""The elements of a DMN model that depend on each other: decisions, inputs, knowledge and services."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.feel.evaluation import Compiled
from engine.feel.types import FeelType


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something an element needs: where it stands, and the import under whose name it is seen."""

    namespace: str
    id: str
    alias: str


@dataclass(frozen=True, slots=True)
class Naming:
    """What a text names by a literal: `calendar` or `setting`, the name, the element with the text, and its line."""

    what: str
    name: str
    element: str
    line: int


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: what it requires and how it is made."""

    id: str
    name: str
    type: FeelType
    requires: tuple[Requirement, ...]
    logic: Compiled = field(repr=False)


@dataclass(frozen=True, slots=True)
class InputData:
    """A value that the asker hands in."""

    id: str
    name: str
    type: FeelType
    type_name: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: a function that decisions share."""

    id: str
    name: str
    requires: tuple[Requirement, ...]
    define: Compiled = field(repr=False)


@dataclass(frozen=True, slots=True)
class DecisionService:
    """Some decisions behind one function: its parameters are the inputs, then the decisions handed in."""

    id: str
    name: str
    type: FeelType
    outputs: tuple[Requirement, ...]
    input_decisions: tuple[Requirement, ...]
    input_data: tuple[Requirement, ...]


Node = Decision | InputData | Knowledge | DecisionService
