"""From an empty database to an installation that can be used: tables, desks, packs, the first people."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bootstrap import Casepath, open_casepath
from engine.catalog.findings import PackRefused
from engine.catalog.homes import Home, known_packs
from engine.catalog.pack import read_pack
from engine.deployments import checked
from engine.errors import InvalidInput
from engine.people import operator
from engine.samples import add_samples
from engine.settings import Settings
from engine.store.migrate import migrate

MOST_NAMED = 8
FIRST_ROLES = ("owner", "admin", "lead", "agent", "auditor")


def prepare_installation(settings: Settings, samples: bool) -> list[str]:
    """Bring everything up to date; return the lines to print: log-ins, and a one-time link for a desk without people.

    With samples such a desk is one whose pack brings none. Doing it again changes nothing that is already there.
    """
    migrate(settings.admin_database_url)
    casepath = open_casepath(settings)
    try:
        lines = [line for home in _wanted(settings) for line in _prepare_desk(casepath, home)]
        if samples:
            lines += add_samples(casepath)
        return lines + _first_owner(casepath)
    finally:
        casepath.close()


def _wanted(settings: Settings) -> list[Home]:
    """Return the packs that become desks: those that the setting names, else all. Raises InvalidInput for no pack."""
    named = settings.packs.replace(",", " ").split()
    known = {it.id: it for it in known_packs()}
    if unknown := [it for it in named if it not in known]:
        sentence = (
            f"Expected packs of {', '.join(known)} in CASEPATH_PACKS, but it names {', '.join(unknown)}."
        )
        raise InvalidInput(sentence, {"CASEPATH_PACKS": sentence})
    return [known[it] for it in named] or list(known.values())


def _prepare_desk(casepath: Casepath, home: Home) -> list[str]:
    """Make the desk of a bundled or installed pack, and deploy the pack if it is absent or changed since.

    A pack of shared parts has no desk. One that is refused is told and left out, and the others go on: a package
    that somebody installed beside must not keep every desk from starting.
    """
    try:
        pack = read_pack(home.folder)
        desk = casepath.store.desks.by_key(pack.id)
        if pack.base or (desk and not casepath.deployments.is_behind(desk.id, pack)):
            return []
        right = checked(pack.files)
    except PackRefused as refusal:
        return [f"Not deployed: {home.id} ({home.origin}).\n{refusal}"]
    desk = casepath.store.desks.add(pack.id, pack.title, pack.id, pack.time_zone, casepath.clock.now())
    note = f"From {home.origin}" if home.is_installed else "Bundled with Casepath"
    deployed = casepath.deployments.deploy_checked(desk.id, right, operator(), note=note, origin="bundle")
    lost = [f"  A changed setting could not stay: {why}" for why in deployed.lost.values()]
    return [f"Deployed {pack.title}: {_new(deployed.versions)}", *lost]


def _new(versions: Mapping[str, int]) -> str:
    """Return how many processes a deployment changed, and which if one line can name them."""
    named = ", ".join(f"{key} version {number}" for key, number in versions.items())
    several = f"{len(versions)} processes" if len(versions) > MOST_NAMED else named
    return several or "nothing new"


def _first_owner(casepath: Casepath) -> list[str]:
    lines = []
    for desk in casepath.store.desks.all():
        if not casepath.store.people.all(desk.id):
            secret = casepath.people.invite(desk.id, operator(), FIRST_ROLES)
            lines.append(
                f"First owner of {desk.title}: {casepath.settings.base_url}/welcome/{secret} (once, 3 days)"
            )
    return lines
