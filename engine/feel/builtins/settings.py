"""Settings of a pack: Casepath's own function, beside those of the standard."""

from __future__ import annotations

from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.codec import to_feel
from engine.feel.evaluation import Run

_LONGEST = 60


@builtin("setting(name: string)")
def setting(run: Run, name: str) -> Any:
    """The value of a setting of the pack, a number, a text or true and false, as it is in force (ours)."""
    if name in run.surroundings.settings:
        return to_feel(run.surroundings.settings[name])
    known = ", ".join(sorted(run.surroundings.settings))
    shown = name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
    if not known:
        return run.warn(f'Expected a setting called "{shown}" but none were handed in')
    return run.warn(f'Expected one of the settings {known} but found "{shown}"')


ASKING = frozenset({"setting"})
"""The functions that take the name of a setting first."""
