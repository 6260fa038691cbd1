"""Commands for scripts: what a ticket's diagram accepts now, and doing it."""

from __future__ import annotations

import argparse
from typing import Any

from engine.cli.acting import add_command, whose
from engine.cli.given import json_object
from engine.cli.speaking import print_json, print_table
from engine.cli.standing import opened
from engine.errors import NotFound
from engine.runtime.commands import TakeAction


def add_commands(ticket: Any) -> None:
    """Add `ticket actions` and `ticket act`."""
    add_command(ticket, "actions", show_actions, "show what a ticket's diagram accepts now").add_argument(
        "number", type=int
    )
    act = add_command(ticket, "act", act_on_ticket, "do what a ticket's diagram accepts now")
    act.add_argument("number", type=int)
    act.add_argument("action", help="the action's label, or its element's id")
    act.add_argument("--fields", default="{}", help="the form's fields, as a JSON object")


def show_actions(args: argparse.Namespace) -> int:
    """Show what a ticket's diagram accepts now, whoever may do it."""
    with opened(args) as casepath:
        desk_id = casepath.desk(args.desk).id
        casepath.reads.ticket(desk_id, args.number)
        offers = casepath.looks.offers(desk_id, args.number)
        found = [casepath.looks.prospect(desk_id, it.subscription) for it in offers]
    rows = [
        {
            "element": it.offer.element.id,
            "action": it.offer.action.label,
            "for": ", ".join(it.offer.action.groups) or "whoever works here",
            "will": list(it.preview),
            "taken_back": [handler.title for _, handler in it.taken_back],
        }
        for it in found
    ]
    if args.json:
        print_json(rows)
    else:
        shown = (
            (it["element"], it["action"], it["for"], "; ".join([*it["will"], *it["taken_back"]]))
            for it in rows
        )
        print_table(("element", "action", "for", "what will happen"), shown)
    return 0


def act_on_ticket(args: argparse.Namespace) -> int:
    """Do what a ticket's diagram accepts now."""
    with opened(args) as casepath:
        offers = casepath.looks.offers(casepath.desk(args.desk).id, args.number)
        wanted = [it for it in offers if args.action in (it.action.label, it.element.id)]
        if not wanted:
            offered = ", ".join(it.action.label for it in offers) or "nothing"
            raise NotFound(
                f"Expected ticket {args.number} to offer “{args.action}”, but it offers {offered}."
            )
        fields = json_object(args.fields, "--fields")
        casepath.engine.handle(
            TakeAction(**whose(args, casepath), subscription_id=wanted[0].subscription, fields=fields)
        )
    return 0
