"""Commands for scripts: tickets and tasks. Each names its person with `--as`, kept in the trail."""

from __future__ import annotations

import argparse
import sys
from typing import Any
from uuid import UUID

from engine.calendars import zone_named
from engine.cli import actions
from engine.cli.acting import add_command, person_named, whose
from engine.cli.deadlines import print_dates, print_goals
from engine.cli.given import json_object
from engine.cli.speaking import print_json, print_table
from engine.cli.standing import opened
from engine.deadlines import explained
from engine.forms.schema import LINK_KINDS
from engine.goals.telling import facts, moment
from engine.mailroom import Incoming
from engine.runtime.commands import (
    AddEntry,
    CancelTicket,
    ClaimTask,
    CompleteTask,
    LinkTicket,
    OpenTicket,
    ReleaseTask,
    Requester,
)


def add_commands(commands: Any) -> None:
    """Add `ticket` and `task`."""
    _add_ticket(commands.add_parser("ticket", help="tickets").add_subparsers(required=True, metavar="WHAT"))
    _add_task(commands.add_parser("task", help="tasks").add_subparsers(required=True, metavar="WHAT"))


def _add_ticket(ticket: Any) -> None:
    new = add_command(ticket, "new", open_ticket, "open a ticket and print its number")
    new.add_argument("--process", help="the process to start (the pack's own)")
    new.add_argument("--channel", default="phone")
    new.add_argument("--subject", required=True)
    new.add_argument("--description", default="")
    new.add_argument("--name", required=True, help="the customer's name")
    new.add_argument("--email")
    new.add_argument("--phone")
    new.add_argument("--category")
    new.add_argument("--priority")
    new.add_argument("--fields", default="{}", help="further fields, as a JSON object")
    for name, run, what in (
        ("show", show_ticket, "show a ticket"),
        ("trace", show_trace, "show everything that happened to a ticket"),
        ("deadlines", show_deadlines, "show what is due on a ticket, when, and why"),
    ):
        add_command(ticket, name, run, what).add_argument("number", type=int)
    entry = add_command(ticket, "entry", add_entry, "add to a ticket's conversation")
    entry.add_argument("number", type=int)
    entry.add_argument("--kind", choices=("reply", "note", "call"), default="reply")
    entry.add_argument("--body", required=True)
    actions.add_commands(ticket)
    mail = add_command(ticket, "mail", take_mail, "take in a mail from standard input")
    mail.add_argument("--to", help="the address it came to, where there are several desks")
    mail.add_argument("--from", dest="sender", help="the envelope's sender; <> for none")
    linking = add_command(ticket, "link", link_ticket, "say what a ticket is to another one")
    linking.add_argument("number", type=int)
    linking.add_argument("kind", choices=LINK_KINDS)
    linking.add_argument("other", type=int, help="the other ticket's number")
    cancel = add_command(ticket, "cancel", cancel_ticket, "end a ticket's process where it stands")
    cancel.add_argument("number", type=int)
    cancel.add_argument("--reason", required=True)
    listing = add_command(ticket, "list", list_tickets, "list tickets")
    listing.add_argument("--open", action="store_true", help="only those that are not closed")
    listing.add_argument("--query", help="words of the subject, a number, or a customer")


def _add_task(task: Any) -> None:
    add_command(task, "list", list_tasks, "list open tasks")
    add_command(task, "claim", claim_task, "take a task").add_argument("task", type=UUID)
    add_command(task, "release", release_task, "give a task back to its queue").add_argument(
        "task", type=UUID
    )
    complete = add_command(task, "complete", complete_task, "complete a task")
    complete.add_argument("task", type=UUID)
    complete.add_argument("--fields", default="{}", help="the form's fields, as a JSON object")


def open_ticket(args: argparse.Namespace) -> int:
    """Open a ticket."""
    from engine.deployments import root_process

    with opened(args) as casepath:
        desk = casepath.desk(args.desk)
        process = args.process or root_process(casepath.worlds.newest_pack(desk.id, desk.pack))
        command = OpenTicket(
            **whose(args, casepath), process=process, channel=args.channel, subject=args.subject,
            description=args.description, requester=Requester(args.name, args.email, args.phone),
            category=args.category, priority=args.priority, fields=json_object(args.fields, "--fields"),
        )  # fmt: skip
        outcome = casepath.engine.handle(command)
        if args.json:
            print_json(casepath.reads.ticket(desk.id, outcome.ticket_number))
        else:
            print(outcome.ticket_number)
    return 0


def add_entry(args: argparse.Namespace) -> int:
    """Add a reply (which the customer reads), a note or a call."""
    with opened(args) as casepath:
        facts = {"ticket": args.number, "kind": args.kind, "public": args.kind == "reply", "body": args.body}
        casepath.engine.handle(AddEntry(**whose(args, casepath), **facts))
    return 0


def take_mail(args: argparse.Namespace) -> int:
    """Take in a mail; print what came of it."""
    with opened(args) as casepath:
        most = casepath.settings.mail_size << 20
        raw = sys.stdin.buffer.read(most + 1)  # of a larger one as much as it takes to refuse it
        desk = casepath.mailroom.addresses.desk(args.to) if args.to else casepath.desk(args.desk)
        who = person_named(args.login, desk.id, casepath)
        incoming = Incoming(raw, args.to or "", args.sender, brought_by=who.id)
        receipt = casepath.mailroom.receive(desk, incoming)
    if args.json:
        print_json(receipt)
    else:
        print(" ".join([receipt.outcome, str(receipt.ticket or ""), receipt.reason]).strip())
    return 0


def link_ticket(args: argparse.Namespace) -> int:
    """Link a ticket to another one."""
    with opened(args) as casepath:
        facts = {"ticket": args.number, "kind": args.kind, "other": args.other}
        casepath.engine.handle(LinkTicket(**whose(args, casepath), **facts))
    return 0


def cancel_ticket(args: argparse.Namespace) -> int:
    """End a ticket's process where it stands."""
    with opened(args) as casepath:
        casepath.engine.handle(CancelTicket(**whose(args, casepath), ticket=args.number, reason=args.reason))
    return 0


def show_ticket(args: argparse.Namespace) -> int:
    """Show a ticket with its conversation and open tasks."""
    with opened(args) as casepath:
        desk_id = casepath.desk(args.desk).id
        ticket = casepath.reads.ticket(desk_id, args.number)
        entries = casepath.reads.entries(desk_id, args.number)
        links = casepath.reads.links(desk_id, args.number)
        tasks = casepath.reads.tasks(desk_id, ticket=args.number, state="open").items
    if args.json:
        print_json({"ticket": ticket, "entries": entries, "links": links, "tasks": tasks})
        return 0
    print(f"#{ticket.number} {ticket.subject} — {ticket.label}, {ticket.priority or 'no priority'}")
    print(f"{ticket.requester_name}, by {ticket.channel}, {ticket.opened_at:%Y-%m-%d %H:%M} UTC")
    for link in links:
        ends = (ticket.number, link.number) if link.outward else (link.number, ticket.number)
        print(f"  {ends[0]} {link.kind.replace('_', ' ')} {ends[1]}: {link.subject}, {link.label}")
    for entry in entries:
        print(f"  {entry.at:%Y-%m-%d %H:%M} {entry.author_name}: {entry.body}")
    print_table(("task", "name", "due (UTC)"), ((it.id, it.name, it.due_at) for it in tasks))
    return 0


def show_trace(args: argparse.Namespace) -> int:
    """Show a ticket's trail."""
    with opened(args) as casepath:
        events = casepath.reads.trace(casepath.desk(args.desk).id, args.number)
    if args.json:
        print_json(events)
    else:
        rows = ((it.seq, it.at, it.kind, it.actor.name, it.data.get("element", "")) for it in events)
        print_table(("link", "at (UTC)", "what", "who", "where"), rows)
    return 0


def show_deadlines(args: argparse.Namespace) -> int:
    """Show what is due on a ticket, and why."""
    with opened(args) as casepath:
        desk, now = casepath.desk(args.desk), casepath.clock.now()
        number = casepath.reads.ticket(desk.id, args.number).number
        dates = casepath.reads.deadlines(desk.id, number)
        goals = explained(casepath.reads, casepath.worlds, desk.id, number, now)
    if args.json:
        print_json({"now": now, "items": dates, "goals": [facts(it, now) for it in goals]})
    else:
        zone = zone_named(desk.time_zone)
        print(f"Ticket {number}, {moment(now, zone)}\n")
        print_goals(goals, now, zone)
        print_dates(dates)
    return 0


def list_tickets(args: argparse.Namespace) -> int:
    """List tickets, the newest first."""
    with opened(args) as casepath:
        page = casepath.reads.tickets(
            casepath.desk(args.desk).id, open=args.open or None, q=args.query, limit=200
        )
    if args.json:
        print_json(page.items)
    else:
        rows = ((it.number, it.label, it.priority, it.queue, it.subject) for it in page.items)
        print_table(("number", "status", "priority", "queue", "subject"), rows)
    return 0


def list_tasks(args: argparse.Namespace) -> int:
    """List open tasks by deadline."""
    with opened(args) as casepath:
        tasks = casepath.reads.tasks(casepath.desk(args.desk).id, state="open", limit=200).items
    if args.json:
        print_json(tasks)
    else:
        rows = ((it.id, it.ticket_number, it.name, it.queue, it.due_at) for it in tasks)
        print_table(("task", "ticket", "name", "queue", "due (UTC)"), rows)
    return 0


def claim_task(args: argparse.Namespace) -> int:
    """Take a task."""
    with opened(args) as casepath:
        casepath.engine.handle(ClaimTask(**whose(args, casepath), task_id=args.task))
    return 0


def release_task(args: argparse.Namespace) -> int:
    """Give a task back."""
    with opened(args) as casepath:
        casepath.engine.handle(ReleaseTask(**whose(args, casepath), task_id=args.task))
    return 0


def complete_task(args: argparse.Namespace) -> int:
    """Complete a task with the fields of its form."""
    with opened(args) as casepath:
        fields = json_object(args.fields, "--fields")
        casepath.engine.handle(CompleteTask(**whose(args, casepath), task_id=args.task, fields=fields))
    return 0
