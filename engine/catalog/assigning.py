"""How the tasks of a queue find people: `assign` of a queue in pack.toml, and the skills that diagrams want.

`queue`: the tasks lie there until somebody claims them. `load`: Casepath gives each to somebody who is there. Which
of the two may also be the value of a setting, so that an owner changes it without touching the queues.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.feel import NO_SURROUNDINGS, FeelError
from engine.spiff import Element, formulas_of

BY_QUEUE, BY_LOAD = "queue", "load"
WORDS = (BY_QUEUE, BY_LOAD)
_REMEDY = 'Write assign = "queue", assign = "load" or assign = { setting = "…" }.'
Wrong = Callable[..., None]
"""Takes rule, message, remedy and the path of keys in pack.toml."""


@dataclass(frozen=True)
class Assign:
    """One of `WORDS`, or the key of the setting whose value is one."""

    by: str = BY_QUEUE
    setting: str | None = None

    def by_load(self, settings: Mapping[str, Any]) -> bool:
        """Say whether Casepath chooses the person, under the settings in force."""
        return (self.by if self.setting is None else settings.get(self.setting)) == BY_LOAD


def read_assign(queue: str, said: Any, wrong: Wrong) -> Assign:
    """Return what a queue says about assigning; tells `wrong` of what it can't read."""
    if said in WORDS:
        return Assign(said)
    if isinstance(said, Mapping) and set(said) == {"setting"} and isinstance(said["setting"], str):
        return Assign(setting=said["setting"])
    message = f"Expected queue “{queue}” to assign by {' or '.join(WORDS)}, but it says {said!r}."
    wrong("assign", message, _REMEDY, "queues", queue, "assign")
    return Assign()


def check_assigns(assigns: Mapping[str, Assign], settings: Mapping[str, Any], wrong: Wrong) -> None:
    """Tell `wrong` of settings that queues name and that are not there, or have another value than `WORDS`.

    `settings` are the values by key.
    """
    for queue, assign in assigns.items():
        name = assign.setting
        if name is not None and name not in settings:
            message = f"Expected a setting named “{name}” for queue “{queue}”, but there is none."
            remedy = f"Add it to [settings], or name one of: {', '.join(sorted(settings)) or 'none yet'}."
            wrong("unknown-setting", message, remedy, "queues", queue, "assign")
        elif name is not None and settings[name] not in WORDS:
            message = f"Expected setting “{name}” to be {' or '.join(WORDS)}, but it is {settings[name]!r}."
            message += f" Queue “{queue}” assigns by it."
            wrong("assign", message, f'Write value = "{BY_QUEUE}" or value = "{BY_LOAD}".', "settings", name)


def wanted_skills(element: Element) -> Iterable[str]:
    """Return the skills that a user task wants in every ticket; what depends on variables nobody knows yet."""
    text = element.skills or ""
    if not text.startswith("="):
        return [part.strip() for part in text.split(",") if part.strip()]
    formula = next((it for it in formulas_of(element) if it.role == "skills"), None)
    if formula is None or formula.expression.names or formula.expression.settings:
        return []
    try:
        value = formula.expression.evaluate({}, NO_SURROUNDINGS)
    except FeelError:
        return []
    return [it for it in (value if isinstance(value, list) else [value]) if isinstance(it, str)]
