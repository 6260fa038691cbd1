"""`casepath deploy`: one pack at its desk, or the desks that are built on a pack.

A pack of shared parts has no desk: deploying it means to deploy the desks whose packs inherit from it. They are named
before anything is done, and each is deployed by itself: one that is refused keeps what it has and stops nobody.
"""

from __future__ import annotations

import argparse
from typing import Any

from engine.bootstrap import Casepath
from engine.catalog.homes import find_pack
from engine.catalog.pack import PackSource, read_pack
from engine.catalog.paths import home_of
from engine.cli.speaking import add_json, print_json
from engine.cli.standing import add_data_dir, opened
from engine.deployments import Deployed, checked
from engine.errors import NotFound
from engine.heirs import Heir, Heirs, Outcome
from engine.people import queues_of_nobody


def add_commands(commands: Any) -> None:
    """Add `deploy`."""
    deploy = commands.add_parser("deploy", help="deploy a pack")
    deploy.add_argument("pack", help="its folder, or the id of a bundled or installed one")
    deploy.add_argument("--note", default="", help="why; kept with the deployment")
    deploy.add_argument("--desk", help="the desk's key (the pack's id); made if there is none")
    deploy.add_argument(
        "--heirs",
        action="store_true",
        help="also the desks whose packs are built on it; a base pack has only these",
    )
    add_json(deploy)
    add_data_dir(deploy)
    deploy.set_defaults(run=run_deploy)


def run_deploy(args: argparse.Namespace) -> int:
    """Deploy a pack; exit status 1 if a desk was refused. Nothing changes at a desk where anything is wrong."""
    pack = read_pack(find_pack(args.pack))
    with opened(args) as casepath:
        heirs = _heirs(casepath, pack, args)
        told: dict[str, Any] = {}
        if not pack.base:
            deployed = _deploy_own(casepath, pack, args)
            told = vars(deployed)
            _say(args, _sentence(pack.title, deployed))
            _look_at(casepath, pack, args)
        outcomes = _deploy_heirs(casepath, pack, heirs, args)
    if args.json:
        print_json({**told, **({"heirs": [_facts(it) for it in outcomes]} if heirs else {})})
    return 1 if any(it.refusal for it in outcomes) else 0


def _heirs(casepath: Casepath, pack: PackSource, args: argparse.Namespace) -> list[Heir]:
    """Return the desks that are built on the pack, with `--desk` only that one for a base pack, and name them.

    Raises NotFound for a base pack on which no desk is built: it would be deployed nowhere.
    """
    found = Heirs(casepath.store, casepath.deployments).of(pack.id)
    if pack.base:
        found = [it for it in found if args.desk in (None, it.desk.key)]
        if not found:
            raise NotFound(f"Expected a desk whose pack is built on {pack.id}, but there is none.")
    if found:
        names = ", ".join(it.desk.key for it in found)
        doing = "each is deployed anew" if pack.base or args.heirs else "not touched without --heirs"
        _say(args, f"Built on {pack.id}, {doing}: {names}")
    return found if pack.base or args.heirs else []


def _deploy_own(casepath: Casepath, pack: PackSource, args: argparse.Namespace) -> Deployed:
    right = checked(pack.files)  # before the desk is made, so that a refused pack leaves no empty one
    now, key = casepath.clock.now(), args.desk or pack.id
    desk = casepath.store.desks.add(key, pack.title, pack.id, pack.time_zone, now)
    return casepath.deployments.deploy_checked(desk.id, right, casepath.operator, note=args.note)


def _look_at(casepath: Casepath, pack: PackSource, args: argparse.Namespace) -> None:
    """Say what of the pack's own files should be looked at, though it was deployed, and which queues nobody has."""
    for warning in checked(pack.files).warnings:
        if home_of(warning.file)[0] is None:
            _say(args, f"  {warning}")
    desk = casepath.desk(args.desk or pack.id)
    if lonely := queues_of_nobody(pack.queues, casepath.reads.people(desk.id)):
        named = ", ".join(lonely)
        _say(args, f"  Nobody has these queues, so that only leads see what lies in them: {named}.")
        _say(args, "  Give each to somebody: casepath user change LOGIN --queue QUEUE.")


def _deploy_heirs(
    casepath: Casepath, pack: PackSource, heirs: list[Heir], args: argparse.Namespace
) -> list[Outcome]:
    outcomes = []
    for it in Heirs(casepath.store, casepath.deployments).deploy(
        heirs, pack, casepath.operator, note=args.note
    ):
        outcomes.append(it)
        if it.deployed:
            _say(args, _sentence(it.heir.desk.title, it.deployed))
        else:
            _say(args, f"Refused for {it.heir.desk.title}, which keeps what it has:\n{it.refusal}")
    return outcomes


def _sentence(title: str, deployed: Deployed) -> str:
    changed = ", ".join(f"{key}@{number}" for key, number in deployed.versions.items())
    lost = "".join(f"\n  A changed setting could not stay: {why}" for why in deployed.lost.values())
    return f"Deployed {title}, number {deployed.number}: {changed or 'no process changed'}{lost}"


def _facts(outcome: Outcome) -> dict[str, Any]:
    said = {"desk": outcome.heir.desk.key, "pack": outcome.heir.pack}
    if outcome.deployed:
        return said | vars(outcome.deployed)
    return said | {"refused": str(outcome.refusal)}


def _say(args: argparse.Namespace, sentence: str) -> None:
    if not args.json:
        print(sentence, flush=True)
