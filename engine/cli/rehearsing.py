"""Commands that rehearse: scenarios in virtual time, real logs driven through a process."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from engine.cli.speaking import add_json, print_json
from engine.cli.standing import add_data_dir, opened, stood


def add_commands(commands: Any) -> None:
    """Add `scenario run` and `replay`."""
    scenario = commands.add_parser("scenario", help="scenarios").add_subparsers(required=True, metavar="WHAT")
    run = scenario.add_parser("run", help="run scenario files, folders or packs in virtual time")
    run.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, or the id of a known pack")
    run.add_argument(
        "--inherited",
        action="store_true",
        help="of packs, also the scenarios of those that they are built on",
    )
    run.add_argument("--junit", type=Path, metavar="FILE", help="write the results as JUnit XML too")
    add_json(run)
    run.set_defaults(run=run_scenarios)
    replay = commands.add_parser("replay", help="drive a real log through a pack's process, in virtual time")
    replay.add_argument("log", type=Path)
    replay.add_argument("--pack", required=True, help="the pack's folder or id; deployed if it changed")
    replay.add_argument("--zone", default="Europe/Rome", help="zone of the log's times")
    replay.add_argument("--speed", choices=("max",), default="max", help="as fast as it goes")
    add_json(replay)
    replay.set_defaults(run=run_replay)
    for parser in (run, replay):
        add_data_dir(parser)


def run_scenarios(args: argparse.Namespace) -> int:
    """Run scenarios; exit status 1 if one fails or there is none."""
    from engine.catalog.homes import find_pack, known_packs
    from engine.scenarios.runner import run

    paths = [Path(it) if Path(it).exists() else find_pack(it) for it in args.paths]
    known = [home.folder for home in known_packs()]
    with stood(args) as settings:
        report = run(paths, settings.admin_database_url, packs=known, inherited=args.inherited)
    if args.junit:
        args.junit.write_text(report.junit(), encoding="utf-8")
    if args.json:
        print_json(report)
    else:
        print(report.text())
    return 0 if report.passed else 1


def run_replay(args: argparse.Namespace) -> int:
    """Replay a log; exit status 1, with line numbers, if a row has no place in the process."""
    from engine.catalog.homes import find_pack
    from engine.catalog.pack import read_pack
    from engine.deployments import root_process
    from engine.scenarios.replay import replay

    pack = read_pack(find_pack(args.pack))
    with opened(args) as casepath:
        now = casepath.clock.now()
        desk = casepath.store.desks.add(pack.id, pack.title, pack.id, pack.time_zone, now)
        casepath.deployments.deploy_bundle(desk.id, pack.files, casepath.operator)
        report = replay(
            args.log, casepath.store, desk.id, root_process(pack), zone=args.zone, stream=sys.stderr,
            worlds=casepath.worlds,
        )  # fmt: skip
    if args.json:
        print_json({"ok": report.ok, **vars(report)})
    else:
        print(report.text())
    return 0 if report.ok else 1
