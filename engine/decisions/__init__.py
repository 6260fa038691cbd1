"""Decisions by DMN 1.5: tables with every hit policy, boxed expressions, knowledge models, requirement graphs.

`read_dmn` turns a file into a `Model` or refuses it with findings; `Model.evaluate` answers a decision, purely.
"""

from __future__ import annotations

from engine.decisions.errors import DmnRefused, Finding, NoSuchDecision
from engine.decisions.model import DecisionResult, Model
from engine.decisions.nodes import Decision, DecisionService, InputData
from engine.decisions.reading import read_dmn

__all__ = [
    "Decision",
    "DecisionResult",
    "DecisionService",
    "DmnRefused",
    "Finding",
    "InputData",
    "Model",
    "NoSuchDecision",
    "read_dmn",
]
