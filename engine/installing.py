"""From an empty database to an installation that can be used: tables, desks, bundled packs, the first people."""

from __future__ import annotations

from pathlib import Path

import engine
from engine.bootstrap import Casepath, open_casepath
from engine.catalog.pack import read_pack
from engine.people import operator
from engine.samples import add_samples
from engine.settings import Settings
from engine.store.migrate import migrate

PACKS = Path(engine.__path__[0]).parent / "processes"
FIRST_ROLES = ("owner", "admin", "lead", "agent", "auditor")


def prepare_installation(settings: Settings, samples: bool) -> list[str]:
    """Bring everything up to date; return the lines to print: log-ins, or the first owner's one-time link.

    Doing it again changes nothing that is already there.
    """
    migrate(settings.admin_database_url)
    casepath = open_casepath(settings)
    try:
        lines = [line for folder in bundled() for line in _prepare_desk(casepath, folder)]
        if samples:
            return lines + add_samples(casepath)
        return lines + _first_owner(casepath)
    finally:
        casepath.close()


def bundled() -> list[Path]:
    """Return the folders of the bundled packs."""
    return sorted(path.parent for path in PACKS.glob("*/pack.toml"))


def _prepare_desk(casepath: Casepath, folder: Path) -> list[str]:
    """Make the desk of a bundled pack, and deploy the pack if it is absent or changed since."""
    pack = read_pack(folder)
    desk = casepath.store.desks.add(pack.id, pack.title, pack.id, pack.time_zone, casepath.clock.now())
    deployed = casepath.deployments.deploy_bundle(desk.id, pack.files, operator())
    if deployed is None:
        return []
    versions = ", ".join(f"{key} version {number}" for key, number in deployed.versions.items())
    return [f"Deployed {pack.title}: {versions or 'nothing new'}"]


def _first_owner(casepath: Casepath) -> list[str]:
    lines = []
    for desk in casepath.store.desks.all():
        if not casepath.store.people.all(desk.id):
            secret = casepath.people.invite(desk.id, operator(), FIRST_ROLES)
            lines.append(
                f"First owner of {desk.title}: {casepath.settings.base_url}/welcome/{secret} (once, 3 days)"
            )
    return lines
