"""A promise of a pack: which decision gives its target, what meets it, and where its clock stands still."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

OccasionKind = Literal["reply", "mail", "state", "element"]

_OCCASION = re.compile(
    r"(?:(?P<reply>reply)|(?P<kind>mail|state|element)\s+(?P<name>[A-Za-z_][\w.-]*))(?:\s+if\s+(?P<setting>[\w.-]+))?"
)


@dataclass(frozen=True)
class Occasion:
    """Something that may meet a goal.

    A public `reply` by a person of the desk, a `mail` from a template, a ticket's `state` or an `element` of the
    diagram that is entered; `setting` names the setting that must be true for it to count.
    """

    kind: OccasionKind
    name: str = ""
    setting: str | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()


@dataclass(frozen=True)
class Goal:
    """One promise. `decision` gives its target; in the states of `pauses_in` its clock stands still.

    With `runs_in` it is the other way round: the clock runs in these states, and stands still in all others.

    A goal that `restarts` is promised anew each time it is met: the clock of updates. `warn_at` is the share of the
    target, in per cent, after which somebody is warned, or the name of the setting that says so.
    """

    key: str
    title: str
    decision: str
    met_by: tuple[Occasion, ...]
    pauses_in: frozenset[str] = frozenset()
    runs_in: frozenset[str] = frozenset()
    restarts: bool = False
    warn_at: Decimal | str | None = None

    def stands_still(self, state: str) -> bool:
        """Say whether the clock stands still while the ticket is in a state."""
        return state in self.pauses_in or (bool(self.runs_in) and state not in self.runs_in)

    @property
    def met_in(self) -> frozenset[str]:
        """The states that meet the goal for as long as the ticket is in one of them."""
        return frozenset(it.name for it in self.met_by if it.kind == "state")


def read_occasion(text: str) -> Occasion | None:
    """Return what a text such as `reply`, `mail t_ack if ack_counts` or `state resolved` names, or None."""
    match = _OCCASION.fullmatch(text.strip())
    if match is None:
        return None
    kind: OccasionKind = match["reply"] or match["kind"]  # type: ignore[assignment]
    return Occasion(kind, match["name"] or "", match["setting"])
