"""Commands for scripts that send messages and signals, and look after what nobody took."""

from __future__ import annotations

import argparse
from typing import Any

from engine.cli.acting import add_command, whose
from engine.cli.given import json_object
from engine.cli.speaking import add_json, print_json, print_table
from engine.cli.standing import add_data_dir, opened
from engine.correlation import Broadcast, Sending, time_to_live
from engine.errors import InvalidInput
from engine.runtime.commands import DeliverMessage

STATES = ("waiting", "delivered", "expired", "refused")


def add_commands(commands: Any) -> None:
    """Add `message` and `signal`."""
    message = commands.add_parser("message", help="messages").add_subparsers(required=True, metavar="WHAT")
    send = add_command(
        message, "send", send_message, "send a BPMN message to a ticket, or to whoever waits for its key"
    )
    send.add_argument("name")
    send.add_argument("--ticket", type=int, help="the ticket; without it whoever waits for the key")
    send.add_argument("--key", help="the correlation key")
    send.add_argument("--payload", default="{}", help="what it carries, as a JSON object")
    send.add_argument(
        "--ttl", help="how long it waits if nobody takes it yet, such as PT1H (the usual) or P2D"
    )
    listing = message.add_parser("list", help="list messages that were sent by key, the newest first")
    listing.add_argument("--state", choices=STATES)
    listing.add_argument("--desk", help="the desk's key, where there are several")
    add_json(listing)
    add_data_dir(listing)
    listing.set_defaults(run=list_messages)
    signal = commands.add_parser("signal", help="signals").add_subparsers(required=True, metavar="WHAT")
    tell = add_command(signal, "send", send_signal, "send a BPMN signal to every ticket that listens for it")
    tell.add_argument("name")
    tell.add_argument("--payload", default="{}", help="what it carries, as a JSON object")


def send_message(args: argparse.Namespace) -> int:
    """Send a message and say what became of it."""
    payload = json_object(args.payload, "--payload")
    if args.ticket is not None and args.ttl is not None:
        sentence = "Expected none for a message to a ticket, which is taken at once or refused."
        raise InvalidInput("Expected a message to a ticket without --ttl.", {"--ttl": sentence})
    with opened(args) as casepath:
        common = {**whose(args, casepath), "name": args.name, "key": args.key, "payload": payload}
        if args.ticket is not None:
            casepath.engine.handle(DeliverMessage(**common, ticket=args.ticket))
            return 0
        sent = casepath.messages.send(Sending(**common, time_to_live=time_to_live(args.ttl)))
    if args.json:
        print_json(sent)
    else:
        where = f" to ticket {sent.ticket_number}" if sent.ticket_number else ""
        print(f"{sent.id}  {sent.state}{where}")
    return 0


def list_messages(args: argparse.Namespace) -> int:
    """List messages that were sent by key."""
    with opened(args) as casepath:
        page = casepath.reads.messages(casepath.desk(args.desk).id, state=args.state, limit=200)
    if args.json:
        print_json([{**vars(it), "payload": it.payload} for it in page.items])
    else:
        rows = ((it.id, it.name, it.key, it.state, it.expires_at, it.ticket_number) for it in page.items)
        print_table(("message", "name", "key", "state", "until (UTC)", "ticket"), rows)
    return 0


def send_signal(args: argparse.Namespace) -> int:
    """Send a signal and say how many tickets listened."""
    payload = json_object(args.payload, "--payload")
    with opened(args) as casepath:
        heard = casepath.signals.send(Broadcast(**whose(args, casepath), name=args.name, payload=payload))
    if args.json:
        print_json(heard)
    else:
        print(f"{heard.id}  heard by {heard.reached} {'ticket' if heard.reached == 1 else 'tickets'}")
    return 0
