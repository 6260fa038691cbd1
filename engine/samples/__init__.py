"""Sample people, records and tickets, so that a first look shows desks at work and not empty ones.

Each pack brings its own, in `samples.yaml`. The tickets are real ones: their whole past, dated from now, goes through
the one door in order of time, and timers that were due on the way have fired. Mails of that past are taken as sent;
nobody at example.com hears of them.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid5

from engine.bootstrap import Casepath
from engine.embedded.folder import SAMPLE_LOGINS, write_private
from engine.people import operator
from engine.reads import Desk
from engine.samples.play import NAMES, Play, note_of
from engine.samples.script import FILE, Samples, read_samples
from engine.scenarios.recorded import listed


def add_samples(casepath: Casepath) -> list[str]:
    """Add the samples of every desk whose pack brings some; return their log-ins as lines to print.

    Somebody who works at several desks has one password. Passwords are random and kept in the data folder, readable
    by its owner alone, so that a second start can print them again; they are written first, and each desk's play
    notes how far it is, so that a start which was killed half-way is finished by the next. A desk that had people of
    its own before is left alone.
    """
    kept = casepath.settings.data_dir / SAMPLE_LOGINS
    logins: dict[str, str] = json.loads(kept.read_text()) if kept.exists() else {}
    lines: list[str] = []
    for desk in casepath.store.desks.all():
        samples = _samples_of(casepath, desk)
        if samples is None or (
            casepath.store.people.all(desk.id) and not note_of(casepath.settings.data_dir, desk).exists()
        ):
            continue
        logins = {it: secrets.token_urlsafe(12) for it in samples.people} | logins
        write_private(kept, json.dumps(logins))
        _furnish(casepath, desk, samples, logins)
        page = f"{casepath.settings.base_url}/login?desk={desk.key}"
        lines += [f"Log-ins of the sample people at {desk.title} ({page}):", *_lines(samples, logins)]
    return lines


def _samples_of(casepath: Casepath, desk: Desk) -> Samples | None:
    pack = casepath.worlds.newest_pack(desk.id, desk.pack)
    source = pack.layers[0].files.get(FILE)
    return None if source is None else read_samples(source)


def _furnish(casepath: Casepath, desk: Desk, samples: Samples, logins: Mapping[str, str]) -> None:
    play = Play(casepath, desk, samples)
    for login, facts in samples.people.items():
        if casepath.store.people.by_login(desk.id, login) is None:
            _hire(casepath, desk, login, facts, logins[login])
    if not casepath.records.listed(desk.id, "account"):
        records = list(listed(samples.records, Path(FILE)))
        casepath.records.take_in(desk.id, operator(), records, id=uuid5(NAMES, f"records of {desk.id}"))
    play.perform()


def _hire(casepath: Casepath, desk: Desk, login: str, facts: Mapping[str, Any], password: str) -> None:
    casepath.people.add(
        desk.id, operator(), login=login, name=facts["name"], roles=facts["roles"], queues=facts.get("queues", ()),
        email=f"{login}@desk.example", password=password,
    )  # fmt: skip


def _lines(samples: Samples, logins: Mapping[str, str]) -> list[str]:
    return [
        f"  {login:6} {logins[login]}  ({', '.join(facts['roles'])})"
        for login, facts in samples.people.items()
    ]
