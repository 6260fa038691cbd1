"""Commands about incidents: what stands still, and the repairs that the page offers too."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from engine import repairs
from engine.cli.acting import add_command, whose
from engine.cli.given import json_object
from engine.cli.speaking import plain, print_json, print_table
from engine.cli.standing import opened
from engine.errors import Forbidden
from engine.reads import Incident
from engine.runtime.commands import Actor, Command

_MAY_REPAIR = frozenset({"lead", "admin"})


def add_commands(commands: Any) -> None:
    """Add `incident`."""
    incident = commands.add_parser("incident", help="what needs a person before it can go on")
    what = incident.add_subparsers(required=True, metavar="WHAT")
    listing = add_command(what, "list", list_incidents, "list open incidents, the oldest first")
    listing.add_argument("--all", action="store_true", help="closed ones too")
    for name, run, help in (
        ("show", show_incident, "show an incident, the variables seen there, and where its token may go"),
        ("retry", retry_incident, "try again what it stopped"),
        ("skip", skip_incident, "count what it stopped as done"),
        ("move", move_incident, "move its token to another element"),
        ("cancel", cancel_ticket, "end its ticket where it stands"),
    ):
        parser = add_command(what, name, run, help)
        parser.add_argument("incident", type=UUID)
        if name == "retry":
            parser.add_argument("--variables", default="{}", help="written before, as a JSON object")
        if name == "move":
            parser.add_argument("--to", required=True, help="the id of an element of the same level")
        if name in ("skip", "move", "cancel"):
            parser.add_argument("--reason", required=True, help="why; it is kept in the trail")


def list_incidents(args: argparse.Namespace) -> int:
    """List incidents."""
    with opened(args) as casepath:
        found = casepath.reads.incidents(casepath.desk(args.desk).id, open=not args.all)
    if args.json:
        print_json(found)
    else:
        rows = ((it.id, it.ticket_number, it.kind, it.element, it.how or "open", it.message) for it in found)
        print_table(("incident", "ticket", "about", "where", "state", "what"), rows)
    return 0


def show_incident(args: argparse.Namespace) -> int:
    """Show an incident and what can be done about it."""
    with opened(args) as casepath:
        desk_id = casepath.desk(args.desk).id
        found = casepath.reads.incident(desk_id, args.incident)
        sight = casepath.looks.incident(desk_id, found)
    targets = [{"element": it.id, "name": it.title, "type": it.type} for it in sight.targets]
    if args.json:
        print_json({"incident": found, "variables": sight.variables, "targets": targets})
        return 0
    print(f"{found.message}\nticket {found.ticket_number}, {found.kind} {found.element or ''}".rstrip())
    print_table(("variable", "value"), ((name, _written(value)) for name, value in sight.variables.items()))
    print_table(("move to", "name", "type"), (it.values() for it in targets))
    return 0


def retry_incident(args: argparse.Namespace) -> int:
    """Try again what an incident stopped."""
    variables = json_object(args.variables, "--variables")
    return _repair(args, lambda found, common: repairs.retry(found, variables, **common))


def skip_incident(args: argparse.Namespace) -> int:
    """Count what an incident stopped as done."""
    return _repair(args, lambda found, common: repairs.skip(found, args.reason, **common))


def move_incident(args: argparse.Namespace) -> int:
    """Move an incident's token."""
    return _repair(args, lambda found, common: repairs.move(found, args.to, args.reason, **common))


def cancel_ticket(args: argparse.Namespace) -> int:
    """End an incident's ticket."""
    return _repair(args, lambda found, common: repairs.cancel(found, args.reason, **common))


def _repair(args: argparse.Namespace, command: Callable[[Incident, dict[str, Any]], Command]) -> int:
    with opened(args) as casepath:
        common = whose(args, casepath)
        _demand_right(common["actor"])
        found = casepath.reads.incident(common["desk_id"], args.incident)
        again = repairs.stands_again(casepath.engine.handle(command(found, common)))
    if again is None:
        return 0
    print(f"It stands again, incident {again.data['incident']}: {again.values['message']}")
    return 1


def _written(value: Any) -> str:
    return json.dumps(plain(value), ensure_ascii=False)


def _demand_right(actor: Actor) -> None:
    if actor.kind == "person" and not actor.roles & _MAY_REPAIR:
        raise Forbidden(f"Expected a lead to look after incidents, but {actor.name} is none.")
