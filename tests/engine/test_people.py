"""People on the real database: what must hold also when two act at once."""

from __future__ import annotations

import threading

from engine.errors import Forbidden
from engine.people import operator
from engine.store import Person
from tests.office import MONDAY, Office

WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def test_two_admins_who_take_each_other_away_at_once_leave_one(office: Office) -> None:
    desk = office.casepath.store.desks.add("wk", "Workers", "wk", "UTC", MONDAY)
    people = office.casepath.people
    admins = [people.add(desk.id, operator(), login=it, name=it, roles=["admin"])[0] for it in ("ada", "bea")]
    refused = []

    def take_away(person: Person) -> None:
        try:
            people.change(person, operator(), active=False)
        except Forbidden:
            refused.append(person.login)

    threads = [threading.Thread(target=take_away, args=(it,)) for it in admins]
    with (
        office.casepath.store.transaction() as holder
    ):  # the chain's end is locked, so that both are under way
        holder.execute("SELECT 1 FROM desk_chain FOR UPDATE")
        for thread in threads:
            thread.start()
        while office.rows(WAITING) != [(2,)]:
            assert all(it.is_alive() for it in threads)
    for thread in threads:
        thread.join()
    left = [it.login for it in office.casepath.store.people.all(desk.id) if it.active]
    assert left == refused
    assert len(left) == 1
