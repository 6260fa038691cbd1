"""Who may do what is offered: a task, or an action."""

from __future__ import annotations

from collections.abc import Collection

from engine.errors import Forbidden
from engine.runtime.commands import Command
from engine.spiff import CUSTOMER


def leads(command: Command) -> bool:
    """Say whether a command comes from a lead, or from Casepath itself."""
    return bool(command.actor.roles & {"lead", "admin"}) or command.actor.kind in ("system", "log")


def demand_right(name: str, groups: Collection[str], command: Command) -> None:
    """Refuse who is not meant: what names groups is for people of these queues or roles, and for leads.

    What names none is for everybody of the desk. A customer may only what names the group `customer`.
    """
    if leads(command):
        return
    if command.actor.kind == "customer":
        if CUSTOMER not in groups:
            raise Forbidden(f"Expected someone of the desk to do '{name}', but you are a customer.")
    elif groups and not set(groups) & (command.actor.queues | command.actor.roles):
        raise Forbidden(f"Expected someone of {', '.join(groups)} to do '{name}', but you are none.")
