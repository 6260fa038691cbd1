"""Commands for auditors: verify the chains, export the log of completed work."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.cli.speaking import add_json, print_json
from engine.cli.standing import add_data_dir, opened
from engine.errors import InvalidInput, NotFound


def add_commands(commands: Any) -> None:
    """Add `audit verify` and `audit export`."""
    audit = commands.add_parser("audit", help="proof and export").add_subparsers(
        required=True, metavar="WHAT"
    )
    verify = audit.add_parser("verify", help="verify that no trail was altered; names the first broken link")
    verify.add_argument("--ticket", type=int, metavar="N", help="only this ticket's chain")
    add_json(verify)
    verify.set_defaults(run=run_verify)
    export = audit.add_parser("export", help="write the log of completed work")
    export.add_argument("--format", choices=("csv",), default="csv")
    export.add_argument("-o", "--output", type=Path, help="the file to write; standard output without it")
    export.add_argument("--process", help="only tickets of this process")
    export.add_argument("--zone", help="zone of the moments of completion (the desk's)")
    export.set_defaults(run=run_export)
    for parser in (verify, export):
        parser.add_argument(
            "--desk", help="the desk's key; all desks (verify) or the only one (export) without it"
        )
        add_data_dir(parser)


def run_verify(args: argparse.Namespace) -> int:
    """Verify chains; exit status 1 and the first broken or missing link where one is not as it was written."""
    with opened(args) as casepath:
        desks = (
            [casepath.desk(args.desk)] if args.desk or args.ticket is not None else casepath.store.desks.all()
        )
        verdicts = {
            desk.key: casepath.reads.verify(desk.id, args.ticket)
            if args.ticket is not None
            else casepath.reads.verify_desk(desk.id)
            for desk in desks
        }
    if args.json:
        print_json({key: {"ok": it.ok, **vars(it)} for key, it in verdicts.items()})
    else:
        for key, verdict in verdicts.items():
            print(f"{key}: {verdict.chains:,} chains, {verdict.links:,} links, {len(verdict.breaks)} broken")
            for it in verdict.breaks:
                print(f"  chain {it.chain}, link {it.seq}: {it.message}")
    return 0 if all(it.ok for it in verdicts.values()) else 1


def run_export(args: argparse.Namespace) -> int:
    """Write the log of completed work as CSV. The export itself is an event of the desk's chain."""
    from engine.audit.export_csv import csv_lines

    with opened(args) as casepath:
        desk = casepath.desk(args.desk)
        if args.process is not None and not casepath.store.catalogue.latest_snapshot(desk.id, args.process):
            raise NotFound(
                f"Expected a deployed process, but the desk has none with the key '{args.process}'."
            )
        lines = csv_lines(
            casepath.reads.completed_work(desk.id, args.process), _zone(args.zone or desk.time_zone)
        )
        with casepath.store.desk_unit(desk.id) as unit:
            now = casepath.clock.now()
            unit.note("exported", casepath.operator, {"format": args.format}, at=now, recorded_at=now)
        if args.output is None:
            sys.stdout.writelines(lines)
        else:
            with args.output.open("w", encoding="utf-8", newline="") as file:
                file.writelines(lines)
    return 0


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidInput(f"Expected a time zone such as Europe/Rome, but got {name!r}.") from error
