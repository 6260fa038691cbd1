"""Commands for the records of a desk: importing them, looking them up, and doing an operation by hand."""

from __future__ import annotations

import argparse
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.cli.acting import add_command, whose
from engine.cli.given import json_object
from engine.cli.speaking import print_json, print_table
from engine.cli.standing import opened
from engine.feel.values import normalise
from engine.records.importing import read_lines


def add_commands(commands: Any) -> None:
    """Add `record`."""
    record = commands.add_parser("record", help="accounts and what belongs to them").add_subparsers(
        required=True, metavar="WHAT"
    )
    take_in = add_command(record, "import", import_records, "add records from a file of JSON lines")
    take_in.add_argument(
        "file", type=Path, help='a record on each line, such as {"kind": "account", …}; - is stdin'
    )
    find = add_command(
        record, "find", find_accounts, "find accounts by number, name, mail address, phone or serial"
    )
    find.add_argument("query")
    do = add_command(record, "do", do_operation, "do an operation such as stock.receive by hand")
    do.add_argument("operation", help="its name; docs/reference/records.md lists them")
    do.add_argument("--inputs", default="{}", help="what it takes, as a JSON object")


def import_records(args: argparse.Namespace) -> int:
    """Add all records of a file, or none of them."""
    source = sys.stdin if str(args.file) == "-" else args.file.open(encoding="utf-8")
    with source:
        records = read_lines(source)
    with opened(args) as casepath:
        common = whose(args, casepath)
        count = casepath.records.take_in(common["desk_id"], common["actor"], records, id=common["id"])
    if args.json:
        print_json({"imported": count})
    else:
        print(f"{count} {'record' if count == 1 else 'records'} imported.")
    return 0


def find_accounts(args: argparse.Namespace) -> int:
    """Print the accounts that something leads to; that they were looked at is kept."""
    with opened(args) as casepath:
        common = whose(args, casepath)
        found = casepath.reads.accounts(common["desk_id"], args.query)
        casepath.records.looked_at(common["desk_id"], common["actor"], [it.number for it in found])
    if args.json:
        print_json(found)
    else:
        rows = [(it.number, it.name, it.email, it.phone, it.status) for it in found]
        print_table(("number", "name", "mail", "phone", "status"), rows)
    return 0


def do_operation(args: argparse.Namespace) -> int:
    """Do an operation and print its answer."""
    inputs = normalise(_exact(args.inputs))
    with opened(args) as casepath:
        common = whose(args, casepath)
        answer = casepath.records.by_hand(
            common["desk_id"], common["actor"], args.operation, inputs, id=common["id"]
        )
    print_json(answer)
    return 0


def _exact(text: str) -> Any:
    """The inputs with exact numbers: money is never a binary fraction."""
    json_object(text, "--inputs")
    return json.loads(text, parse_float=Decimal)
