"""The past of sample tickets: played through the one door in order of time, with a clock of its own moments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from engine.bootstrap import Casepath
from engine.clock import VirtualClock
from engine.embedded.folder import write_private
from engine.errors import Refused
from engine.people import actor_of
from engine.reads import Desk
from engine.runtime.commands import Actor, Command
from engine.samples.script import Deed, Samples
from engine.scenarios import looking
from engine.scenarios.acting import Cast, wish_of
from engine.scenarios.script import Script, Step
from engine.scenarios.stage import Stage

NAMES = UUID("2b6f7c1e-5d7b-5c1a-9c67-3f1f0b5f7d10")


def note_of(data_dir: Path, desk: Desk) -> Path:
    """Return the file that notes how far a desk's play is; it is there as soon as a play has begun."""
    return data_dir / f"sample-tickets-{desk.key}.json"


class Play:
    """Performs a desk's sample deeds on the live timeline, and notes how far it is."""

    def __init__(self, casepath: Casepath, desk: Desk, samples: Samples) -> None:
        self._casepath = casepath
        self._desk = desk
        self._deeds = samples.deeds
        self._note = note_of(casepath.settings.data_dir, desk)
        noted = json.loads(self._note.read_text()) if self._note.exists() else {}
        self._now = datetime.fromisoformat(noted["now"]) if noted else casepath.clock.now()
        self._done: int = noted.get("done", 0)
        self._tickets: dict[str, int] = noted.get("tickets", {})
        self._note_progress()

    def perform(self) -> None:
        """Do everything that is not done yet, in order of time; what was due in between fires in between."""
        if self._done == len(self._deeds):
            return
        company, resumed = self._company(), self._done
        for deed in self._deeds[resumed:]:
            company.stage.advance_to(self._now - deed.ago)
            company.perform(deed, is_first=self._done == resumed)
            self._done += 1
            self._note_progress()

    def _company(self) -> Company:
        casepath, desk = self._casepath, self._desk
        clock = VirtualClock(self._now - max(deed.ago for deed in self._deeds))
        stage = Stage(casepath.store, casepath.worlds, desk.id, clock, timeline="live", remember=False)
        people = {it.login: actor_of(it) for it in casepath.store.people.all(desk.id)}
        script = Script(Path(desk.key), desk.title, desk.pack, clock.now(), {}, {}, {}, {}, ())
        pack = casepath.worlds.newest_pack(desk.id, desk.pack)
        return Company(script, pack, stage, people, self._tickets, self._now)

    def _note_progress(self) -> None:
        facts = {"now": self._now.isoformat(), "tickets": self._tickets, "done": self._done}
        write_private(self._note, json.dumps(facts))


class Company(Cast):
    """A cast of a desk's real people, whose tickets have names."""

    def __init__(
        self,
        script: Script,
        pack: Any,
        stage: Stage,
        people: Mapping[str, Actor],
        numbers: dict[str, int],
        now: datetime,
    ) -> None:
        super().__init__(script, pack, stage)
        self.numbers = numbers
        self._people = people
        self._now = now
        self._deed: Deed

    def perform(self, deed: Deed, *, is_first: bool) -> None:
        """Do one deed. The first after a start that was killed may be done already, and is refused then."""
        self._deed = deed
        try:
            wish = wish_of(self, deed.step)
        except Refused:
            if not is_first:
                raise
            return
        if not isinstance(wish, Command):
            raise TypeError(f"Expected a deed to a ticket, but found {deed.step}.")
        outcome = self.stage.handle(wish)
        self.numbers.setdefault(deed.ticket, outcome.ticket_number)

    def actor(self, name: str) -> Actor:
        """Return a person of the desk, or a customer of that name."""
        return self._people.get(name) or Actor("customer", name, name)

    def ticket(self, step: Step) -> looking.TicketRow:
        """Return the ticket of the present deed."""
        row = looking.ticket(self.stage.store, self.stage.desk_id, self.numbers[self._deed.ticket])
        assert row is not None
        return row

    def common(self, actor: Actor) -> dict[str, Any]:
        """Return what every command has; the id follows from the deed, so that a further start does nothing twice."""
        deed = self._deed
        id = uuid5(NAMES, f"{self.stage.desk_id} {self._now.isoformat()} {deed.step.line} {deed.ticket}")
        return {"id": id, "desk_id": self.stage.desk_id, "actor": actor}
