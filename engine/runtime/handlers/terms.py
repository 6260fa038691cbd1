"""What holds for a ticket beside its process: the calendars and settings of a newer deployment."""

from __future__ import annotations

from engine.runtime.commands import AdoptTerms
from engine.runtime.handlers.applying import apply
from engine.runtime.step import Step


@apply.register
def _adopt(command: AdoptTerms, step: Step) -> None:
    held = step.instance.terms_id or step.instance.snapshot_id
    if not step.run.ended and held != command.snapshot_id:
        step.adopt(command.snapshot_id, command.settings_id, command.actor)
