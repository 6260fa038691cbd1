"""Who may do what is offered: a task, or an action."""

from __future__ import annotations

from collections.abc import Collection

from engine.errors import Forbidden
from engine.runtime.commands import Actor
from engine.spiff import CUSTOMER


def is_lead(actor: Actor) -> bool:
    """Say whether somebody is a lead, or Casepath itself."""
    return bool(actor.roles & {"lead", "admin"}) or actor.kind in ("system", "log")


def is_meant(actor: Actor, groups: Collection[str]) -> bool:
    """Say whether what names these groups is for somebody.

    What names groups is for people of these queues or roles, and for leads; what names none is for everybody of the
    desk. A customer may only what names the group `customer`.
    """
    if actor.kind == "customer":
        return CUSTOMER in groups
    return is_lead(actor) or not groups or bool(set(groups) & (actor.queues | actor.roles))


def demand_right(name: str, groups: Collection[str], actor: Actor) -> None:
    """Refuse whom a task or action is not meant for."""
    if is_meant(actor, groups):
        return
    if actor.kind == "customer":
        raise Forbidden(f"Expected someone of the desk to do '{name}', but you are a customer.")
    raise Forbidden(f"Expected someone of {', '.join(groups)} to do '{name}', but you are none.")
