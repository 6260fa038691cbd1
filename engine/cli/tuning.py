"""Commands for the settings of a desk: read them, and change one."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.catalog.settings import Setting, unknown
from engine.cli.acting import add_command, person_named
from engine.cli.speaking import print_json, print_table
from engine.cli.standing import opened
from engine.errors import NotFound

_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


def add_commands(commands: Any) -> None:
    """Add `setting`."""
    setting = commands.add_parser("setting", help="settings of a desk").add_subparsers(
        required=True, metavar="WHAT"
    )
    add_command(setting, "list", list_settings, "list the settings of a desk")
    change = add_command(setting, "set", change_setting, "change a setting of a desk")
    change.add_argument("key")
    what = change.add_mutually_exclusive_group(required=True)
    what.add_argument("value", nargs="?", help="the new value")
    what.add_argument("--reset", action="store_true", help="take the pack's own value again")
    change.add_argument("--note", required=True, help="why; kept with the change")
    change.add_argument("--open-tickets", action="store_true", help="let it hold for open tickets, too")


def list_settings(args: argparse.Namespace) -> int:
    """List the settings of a desk, with the pack's own value where it was changed."""
    with opened(args) as casepath:
        desk = casepath.desk(args.desk)
        found = [it.setting for it in casepath.tuning.settings(desk.id, desk.pack)]
    if args.json:
        print_json([{**vars(it), "choices": list(it.choices)} for it in found])
    else:
        rows = ((it.key, it.value, it.unit, it.source, it.given if it.is_changed else "") for it in found)
        print_table(("setting", "value", "unit", "source", "the pack says"), rows)
    return 0


def change_setting(args: argparse.Namespace) -> int:
    """Change a setting of a desk. Who changes it needs no role: whoever reaches this command line may do all."""
    with opened(args) as casepath:
        desk = casepath.desk(args.desk)
        known = {it.setting.key: it.setting for it in casepath.tuning.settings(desk.id, desk.pack)}
        if args.key not in known:
            raise NotFound(unknown(known, args.key))
        value = None if args.reset else _value(known[args.key], args.value)
        by = person_named(args.login, desk.id, casepath)
        casepath.tuning.change(
            desk.id, desk.pack, {args.key: value}, by, note=args.note, for_open=args.open_tickets
        )
    return 0


def _value(setting: Setting, text: str) -> Any:
    """Return a typed value as one of the setting's kind; a text that is none stays one, to be refused."""
    if isinstance(setting.value, bool):
        return _YES_NO.get(text.lower(), text)
    if not isinstance(setting.value, Decimal):
        return text
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
