"""A DMN model that was read: its decisions, inputs, knowledge and services, and the question what one yields.

Each decision sees only what it requires (its information and knowledge requirements); imported models appear as
contexts under the import's name. A decision is evaluated at most once per question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.decisions.errors import Finding, NoSuchDecision
from engine.decisions.graph import answer
from engine.decisions.nodes import Decision, DecisionService, InputData, Naming, Node
from engine.decisions.run import DecisionRun
from engine.feel.evaluation import NO_SURROUNDINGS, Given, Surroundings
from engine.feel.expression import check_size
from engine.feel.types import FeelType


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """What a question yields: the value, the rules that matched in each table by id, and warnings."""

    value: Any
    matched: Mapping[str, tuple[str, ...]]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside a rule. `first` is its table where only the first rule that matches counts, else empty."""

    text: str
    first: str = ""


@dataclass(frozen=True)
class Model:
    """A model; `nodes` holds its own elements by id, `world` all models that it sees, by namespace, `named` what
    its texts name by literals, `notes` the annotations of its tables' rules by the rule's id.
    """

    name: str
    namespace: str
    nodes: Mapping[str, Node]
    world: Mapping[str, Model] = field(repr=False)
    types: Mapping[str, FeelType] = field(default_factory=dict, repr=False)
    findings: tuple[Finding, ...] = ()
    named: tuple[Naming, ...] = ()
    notes: Mapping[str, Note] = field(default_factory=dict, repr=False)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions, in the order of the file."""
        return tuple(node for node in self.nodes.values() if isinstance(node, Decision))

    @property
    def inputs(self) -> tuple[InputData, ...]:
        """The input data, in the order of the file."""
        return tuple(node for node in self.nodes.values() if isinstance(node, InputData))

    @property
    def decision_services(self) -> tuple[DecisionService, ...]:
        """The decision services, in the order of the file."""
        return tuple(node for node in self.nodes.values() if isinstance(node, DecisionService))

    def said(self, rules: Iterable[str]) -> str:
        """Return what the annotations of matching rules say, in order; of a FIRST table only the winner's."""
        told, over = [], set()
        for note in (self.notes[it] for it in rules if it in self.notes):
            if note.first not in over:
                told.append(note.text)
            over.update({note.first} - {""})
        return "; ".join(it for it in told if it)

    def find(self, decision: str) -> Decision | DecisionService:
        """Return the decision or service of an id or name; raises NoSuchDecision."""
        candidates = [node for node in self.nodes.values() if isinstance(node, Decision | DecisionService)]
        for key in ("id", "name"):
            for node in candidates:
                if getattr(node, key) == decision:
                    return node
        raise NoSuchDecision(
            f"Expected {self.name} to have the decision {decision} but it has none of that name."
        )

    def evaluate(
        self, decision: str, inputs: Mapping[str, Any], surroundings: Surroundings = NO_SURROUNDINGS
    ) -> DecisionResult:
        """Answer a decision or decision service for inputs by name.

        `surroundings` answer `now()` and the functions of working calendars. An input of an imported model goes by
        its name, or inside a context under the import's name. Raises NoSuchDecision, FeelLimitError for a model that
        asks too much, and UnkeepableValue for inputs that are no FEEL values.
        """
        run = DecisionRun(surroundings)
        value = answer(self, self.find(decision), Given(inputs), run)
        check_size(value)
        matched = {table: tuple(rules) for table, rules in run.matched.items()}
        return DecisionResult(value, matched, tuple(run.warnings))
