"""What people call a key of the pack's vocabularies: Casepath's own function, beside those of the standard."""

from __future__ import annotations

from engine.feel.builtins.registry import builtin
from engine.feel.evaluation import Run

VOCABULARIES = ("category", "channel", "goal", "priority", "queue", "role", "skill", "state", "tier")
_LONGEST = 60


@builtin("label(vocabulary: string, key: string or null)")
def label(run: Run, vocabulary: str, key: str | None) -> str | None:
    """What people read for a key of a vocabulary of the pack; for an unknown key its own words (ours)."""
    if vocabulary not in VOCABULARIES:
        shown = vocabulary if len(vocabulary) <= _LONGEST else f"{vocabulary[:_LONGEST]}…"
        run.warn(f'Expected one of the vocabularies {", ".join(VOCABULARIES)} but found "{shown}"')
        return None
    if key is None:
        return None
    return run.surroundings.labels.get(vocabulary, {}).get(key, key.replace("_", " "))


ASKING = frozenset({"label"})
"""The functions that take the name of a vocabulary first."""
