"""The `[goals]` of a pack.toml: each a promise, judged for itself and against the rest of the pack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.catalog.findings import PackFinding
from engine.catalog.places import Whereabouts
from engine.goals import Goal, Occasion, read_occasion

_KEYS = ("title", "target", "met_by", "pauses_in", "runs_in", "restarts", "warn_at")
_OCCASIONS = "reply, mail TEMPLATE, state STATE or element ID, and “if SETTING” behind it where that decides"


@dataclass(frozen=True)
class Known:
    """What the goals of a pack may name; `reached` are the states that a diagram sets, `sent` its templates."""

    states: Iterable[str]
    templates: Iterable[str]
    decisions: Iterable[str]
    elements: Iterable[str]
    settings: Mapping[str, Any]
    reached: Iterable[str]
    sent: Iterable[str]


def read_goals(raw: Mapping[str, Any], places: Whereabouts) -> tuple[dict[str, Goal], list[PackFinding]]:
    """Return the goals that a manifest names, and what is wrong with them; wrong ones are left out."""
    found = raw.get("goals", {})
    if not isinstance(found, Mapping):
        return {}, [
            _finding(places, "Expected a table, but “goals” is none.", "Write [goals.first_response].")
        ]
    goals: dict[str, Goal] = {}
    findings: list[PackFinding] = []
    for key, facts in found.items():
        reader = _Reader(key, facts if isinstance(facts, Mapping) else {}, places)
        goals[key] = reader.goal()
        findings += reader.findings
        if reader.findings:
            del goals[key]
    return goals, findings


@dataclass(frozen=True)
class _Named:
    """A name that a goal uses, and where it must stand."""

    what: str
    name: str
    known: Iterable[str]
    home: str


def check_goals(goals: Mapping[str, Goal], known: Known, places: Whereabouts) -> Iterator[PackFinding]:
    """Yield what a goal names and the pack doesn't have."""
    for goal in goals.values():
        for it in _names(goal, known):
            if it.name not in set(it.known):
                message = f"Expected a {it.what} named “{it.name}” for goal “{goal.key}”, but there is none."
                remedy = f"Add it to {it.home}, or name one of: {', '.join(sorted(it.known)) or 'none yet'}."
                file, line = places.at("goals", goal.key)
                yield PackFinding(file, f"unknown-{it.what}", message, remedy, line)
        if goal.met_by and not any(_can_come(it, known) for it in goal.met_by):
            message = f"Expected something to meet goal “{goal.key}”, but no diagram does what would."
            remedy = "Name in met_by what really happens, or let a diagram do it."
            file, line = places.at("goals", goal.key, "met_by")
            yield PackFinding(file, "never-met", message, remedy, line)
        if goal.runs_in and goal.runs_in.isdisjoint(_ever_in(known)) and goal.runs_in <= set(known.states):
            message = f"Expected a state in which goal “{goal.key}” runs, but no diagram comes to one."
            remedy = "Name in runs_in a state that a diagram sets."
            file, line = places.at("goals", goal.key, "runs_in")
            yield PackFinding(file, "never-runs", message, remedy, line)


def _ever_in(known: Known) -> set[str]:
    """The states that a diagram sets, and the first one, in which every ticket is opened."""
    return {*known.reached, *list(known.states)[:1]}


def _can_come(it: Occasion, known: Known) -> bool:
    """Say whether an occasion may come at all; one that names what isn't there is another finding's matter."""
    if it.kind == "state":
        return it.name in known.reached or it.name not in known.states
    return it.kind != "mail" or it.name in known.sent or it.name not in known.templates


def _names(goal: Goal, known: Known) -> Iterator[_Named]:
    yield _Named("decision", goal.decision, known.decisions, "dmn/")
    for state in sorted(goal.pauses_in | goal.runs_in | goal.met_in):
        yield _Named("state", state, known.states, "[states]")
    for it in goal.met_by:
        if it.kind == "mail":
            yield _Named("template", it.name, known.templates, "templates/")
        elif it.kind == "element":
            yield _Named("element", it.name, known.elements, "a diagram")
        if it.setting:
            yield _Named("setting", it.setting, known.settings, "[settings]")
    if isinstance(goal.warn_at, str):
        yield _Named("setting", goal.warn_at, known.settings, "[settings]")


class _Reader:
    """Reads one goal."""

    def __init__(self, key: str, facts: Mapping[str, Any], places: Whereabouts) -> None:
        self.key = key
        self.facts = facts
        self.places = places
        self.findings: list[PackFinding] = []

    def goal(self) -> Goal:
        for name in self.facts:
            if name not in _KEYS:
                self.wrong(
                    f"Expected one of {', '.join(_KEYS)}, but found “{name}”.", "Correct the key.", name
                )
        goal = Goal(
            key=self.key,
            title=str(self.facts.get("title", self.key)),
            decision=self.decision(),
            met_by=tuple(self.occasions()),
            pauses_in=frozenset(self.texts("pauses_in")),
            runs_in=frozenset(self.texts("runs_in")),
            restarts=self.facts.get("restarts") is True,
            warn_at=self.warn_at(),
        )
        if not goal.met_by and "met_by" not in self.facts:
            self.wrong(
                f"Expected goal “{self.key}” to say what meets it, but it doesn't.",
                'Write met_by = ["reply"].',
            )
        elif goal.restarts and goal.met_in:
            remedy = "Let a reply, a mail or an element meet it; a state belongs to pauses_in."
            self.wrong(
                f"Expected goal “{self.key}” to restart at a moment, but a state lasts.", remedy, "met_by"
            )
        for state in sorted(goal.met_in & goal.pauses_in):
            sentence = f"Expected state “{state}” to meet goal “{self.key}” or to pause it, but it does both."
            self.wrong(sentence, "Take it out of pauses_in.", "pauses_in")
        self.judge_runs(goal)
        return goal

    def judge_runs(self, goal: Goal) -> None:
        if goal.runs_in and goal.pauses_in:
            sentence = f"Expected goal “{self.key}” to name the states in which it runs or those in which it pauses, "
            remedy = "Write runs_in alone: it pauses in all other states."
            self.wrong(f"{sentence}but it names both.", remedy, "runs_in")
        for state in sorted(goal.met_in & goal.runs_in):
            sentence = (
                f"Expected state “{state}” to meet goal “{self.key}” or to let it run, but it does both."
            )
            self.wrong(sentence, "Take it out of runs_in.", "runs_in")

    def decision(self) -> str:
        target = self.facts.get("target")
        if isinstance(target, str) and target:
            return target
        sentence = f"Expected goal “{self.key}” to name the decision of its target, but it is {target!r}."
        self.wrong(sentence, 'Write target = "sla".', "target")
        return ""

    def occasions(self) -> Iterator[Occasion]:
        for text in self.texts("met_by"):
            occasion = read_occasion(text)
            if occasion is not None:
                yield occasion
            else:
                self.wrong(
                    f"Expected {_OCCASIONS}, but found “{text}”.", "Correct what meets the goal.", "met_by"
                )

    def texts(self, name: str) -> list[str]:
        listed = self.facts.get(name, [])
        if isinstance(listed, list) and all(isinstance(it, str) for it in listed):
            return listed
        self.wrong(f"Expected a list of texts, but {name} is {listed!r}.", f'Write {name} = ["…"].', name)
        return []

    def warn_at(self) -> Decimal | str | None:
        said = self.facts.get("warn_at")
        if said is None or isinstance(said, str):
            return said
        if isinstance(said, int | float) and not isinstance(said, bool) and 0 < said < 100:
            return Decimal(str(said))
        sentence = f"Expected goal “{self.key}” to warn between 0 and 100 per cent, but it says {said!r}."
        self.wrong(sentence, "Write warn_at = 75, or the name of a setting.", "warn_at")
        return None

    def wrong(self, message: str, remedy: str, *path: str) -> None:
        self.findings.append(_finding(self.places, message, remedy, self.key, *path))


def _finding(places: Whereabouts, message: str, remedy: str, *path: str) -> PackFinding:
    file, line = places.at("goals", *path)
    return PackFinding(file, "goal", message, remedy, line)
