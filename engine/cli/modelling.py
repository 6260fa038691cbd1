"""Commands for modellers: FEEL, decisions, the DMN compatibility kit."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.catalog.pack import read_pack
from engine.cli.given import json_object
from engine.cli.speaking import add_json, print_json
from engine.clock import WallClock
from engine.errors import NotFound
from engine.feel import Surroundings


def add_commands(commands: Any) -> None:
    """Add `feel` and `dmn`."""
    feel = commands.add_parser("feel", help="evaluate a FEEL expression")
    feel.add_argument("expression")
    feel.add_argument("--context", default="{}", help="the variables, as a JSON object")
    add_json(feel)
    feel.set_defaults(run=evaluate_feel)
    dmn = commands.add_parser("dmn", help="evaluate decisions").add_subparsers(required=True, metavar="WHAT")
    evaluate = dmn.add_parser("evaluate", help="evaluate a decision of a DMN file")
    evaluate.add_argument("file", type=Path)
    evaluate.add_argument("--decision", help="its id or name; needed where the file has several")
    evaluate.add_argument("--input", default="{}", help="the inputs, as a JSON object")
    add_json(evaluate)
    evaluate.set_defaults(run=evaluate_decision)
    for parser in (feel, evaluate):
        parser.add_argument("--pack", type=Path, help="the folder of a pack, for its calendars and settings")
    tck = dmn.add_parser("tck", help="run folders of the DMN Technology Compatibility Kit")
    tck.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    add_json(tck)
    tck.set_defaults(run=run_tck)


def evaluate_feel(args: argparse.Namespace) -> int:
    """Print the value of an expression, and why it is null where the language says so."""
    from engine.feel import compile_expression
    from engine.feel.values import normalise

    context = normalise(json_object(args.context, "--context"))
    found = compile_expression(args.expression).evaluate_checked(context, _surroundings(args.pack))
    if args.json:
        print_json({"value": _shown(found.value), "warnings": list(found.warnings)})
    else:
        _print_value(found.value)
        _print_warnings(found.warnings)
    return 0


def evaluate_decision(args: argparse.Namespace) -> int:
    """Print a decision's result, with the rules that matched."""
    from engine.decisions.files import read_file
    from engine.feel.values import normalise

    model = read_file(args.file)
    decision = args.decision or model.decisions[0].id
    inputs = normalise(json_object(args.input, "--input"))
    found = model.evaluate(decision, inputs, _surroundings(args.pack))
    if args.json:
        facts = {"decision": decision, "value": _shown(found.value), "matched": found.matched}
        print_json({**facts, "warnings": list(found.warnings)})
    else:
        _print_value(found.value)
        _print_warnings(found.warnings)
    return 0


def _surroundings(folder: Path | None) -> Surroundings:
    """Return the moment, and what a pack knows of time beside it. Raises PackRefused for a folder that is none."""
    now = WallClock().now()
    if folder is None:
        return Surroundings(now)
    pack = read_pack(folder)
    settings = {name: setting.value for name, setting in pack.settings.items()}
    return Surroundings(now, pack.calendars, settings, ZoneInfo(pack.time_zone), pack.labels)


def run_tck(args: argparse.Namespace) -> int:
    """Run the kit's cases; exit status 1 if one fails."""
    from engine.decisions.tck import run_folders

    report = run_folders(args.folders)
    if not report.cases:
        raise NotFound(
            f"Expected models with test cases in {', '.join(map(str, args.folders))}, but found none."
        )
    if args.json:
        print_json(report.as_json())
    else:
        for case in report.cases:
            if not case.passed:
                print(f"{case.folder}: {case.case}: {case.result}: {case.message}")
        print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


def _shown(value: Any) -> Any:
    from engine.feel.values import UnkeepableValue, to_json

    try:
        return to_json(value)
    except UnkeepableValue:
        return str(value)  # a range or a function has no JSON form, only its text


def _print_value(value: Any) -> None:
    print(json.dumps(_shown(value), indent=2, ensure_ascii=False))


def _print_warnings(warnings: tuple[str, ...]) -> None:
    for warning in warnings:
        print(f"casepath: {warning}", file=sys.stderr)
