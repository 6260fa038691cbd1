"""Sample people, accounts and tickets, so that a first look shows a desk at work and not an empty one.

The tickets are real ones: their whole past, dated from now, goes through the one door in order of time, and timers
that were due on the way have fired. Mails of that past are taken as sent; nobody at example.com hears of them.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from engine.bootstrap import Casepath
from engine.clock import VirtualClock
from engine.embedded.folder import SAMPLE_LOGINS, write_private
from engine.people import actor_of, operator
from engine.reads import Desk, Person
from engine.records import KINDS
from engine.runtime.commands import (
    Actor,
    AddEntry,
    ClaimTask,
    Command,
    CompleteTask,
    DeliverMessage,
    OpenTicket,
    Requester,
)
from engine.scenarios import looking
from engine.scenarios.stage import Stage

DESK = "generic_desk"
_NAMES = UUID("2b6f7c1e-5d7b-5c1a-9c67-3f1f0b5f7d10")
PEOPLE = (
    ("olga", "Olga Owner", ("owner", "admin"), ()),
    ("lea", "Lea Lead", ("lead", "agent"), ("tier1", "tier2", "lead")),
    ("ann", "Ann Agent", ("agent",), ("tier1",)),
    ("ben", "Ben Agent", ("agent",), ("tier1", "tier2")),
    ("ada", "Ada Auditor", ("auditor",), ()),
)
_HOWTO = {"category": "how_to_question", "impact": "low", "urgency": "medium", "sla_tier": "standard"}
_BUG = {"category": "bug_report", "impact": "high", "urgency": "high", "sla_tier": "standard"}
_BILL = {"category": "billing_issue", "impact": "medium", "urgency": "medium", "sla_tier": "premium"}
_SOLVED = {"result": "solved", "resolution_type": "solution"}


_MARTA, _TOM = {"account": "A-1001"}, {"account": "A-1002"}
RECORDS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "account",
        {
            "number": "A-1001", "name": "Marta Rossi", "email": "marta.rossi@example.com", "phone": "+39 06 5550 0101",
            "address": "Via Appia 1, Roma", "currency": "EUR",
        },
    ),
    ("account", {"number": "A-1002", "name": "Tom Baker", "email": "tom.baker@example.com", "currency": "EUR"}),
    ("contract", {**_MARTA, "package": "Office", "price": 49, "starts_on": "2025-03-01", "notice_days": 30}),
    ("contract", {**_TOM, "package": "Solo", "price": 19, "starts_on": "2026-01-15", "notice_days": 14}),
    ("stock", {"model": "router_x", "title": "Router X", "quantity": 4, "price": 80, "currency": "EUR"}),
    ("equipment", {**_MARTA, "serial": "RX-20417", "model": "router_x", "type": "router"}),
    ("invoice", {**_MARTA, "amount": 49, "reason": "Office, one month"}),
    ("payment", {**_TOM, "amount": 19, "method": "card", "card": "Visa •••• 1111", "reference": "July, first"}),
    ("payment", {**_TOM, "amount": 19, "method": "card", "card": "Visa •••• 1111", "reference": "July, second"}),
)  # fmt: skip


@dataclass(frozen=True)
class Deed:
    """Something somebody did to a sample ticket: hours ago, who, and what; `facts` are the command's."""

    ago: float
    ticket: str
    who: str
    verb: str
    facts: dict[str, Any] = field(default_factory=dict)


def _opened(
    ago: float, ticket: str, customer: str, subject: str, text: str, channel: str = "web_form"
) -> Deed:
    return Deed(ago, ticket, customer, "open", {"subject": subject, "description": text, "channel": channel})


def _did(ago: float, ticket: str, who: str, task: str, **fields: Any) -> Deed:
    return Deed(ago, ticket, who, "complete", {"task": task, "fields": fields})


DEEDS = (
    _opened(150, "closed", "Marta Rossi", "How do I export last year's invoices?", "I need them for my accountant."),
    _did(149, "closed", "ann", "triage", **_HOWTO),
    _did(147, "closed", "ann", "work", **_SOLVED, answer="Under Billing, choose Export and the year 2025."),
    Deed(145, "closed", "customer", "confirm", {"satisfied": True, "comment": "Found it, thank you."}),
    _opened(98, "overdue", "Tom Baker", "Charged twice for July", "Twice on the same day.", "phone"),
    _did(97, "overdue", "ann", "triage", **_BILL),
    _did(96, "overdue", "ann", "work", result="escalate", escalation_reason="A refund is above my limit."),
    _opened(30, "waiting", "Yuki Tanaka", "The app signs me out every hour", "It began with the last update."),
    _did(29, "waiting", "ben", "triage", **_BUG),
    _did(28, "waiting", "ben", "work", result="ask", question="Which version does the app show under About?"),
    _opened(27, "resolved", "Chidi Okafor", "Can two people share a login?", "We are a team of two."),
    _did(26.5, "resolved", "ann", "triage", **_HOWTO),
    _did(26, "resolved", "ann", "work", **_SOLVED, answer="Each person needs a login; a second one is free."),
    _opened(8, "escalated", "Ines Costa", "The whole office is offline", "Since nine, all twelve desks.", "phone"),
    _did(7.9, "escalated", "ann", "triage", **_BUG),
    Deed(7.8, "escalated", "ann", "note", {"body": "Area outage ruled out; the router answers."}),
    _did(7.5, "escalated", "ben", "work", result="escalate", escalation_reason="Twelve people can't work."),
    _opened(2, "claimed", "Per Lindqvist", "Upload stops at 99 %", "Files above 2 GB never finish.", "email"),
    _did(1.8, "claimed", "ben", "triage", **_BUG),
    Deed(1.7, "claimed", "ben", "claim", {"task": "work"}),
    _opened(0.6, "second", "Marta Rossi", "Where is the invoice for this month?", "The list ends with last month."),
    _opened(0.3, "new", "Amina Yusuf", "Please add a dark theme", "My eyes hurt at night.", "chat"),
)  # fmt: skip


def add_samples(casepath: Casepath) -> list[str]:
    """Add sample people, records and tickets to the bundled desk; return their log-ins as lines to print.

    Passwords are random and kept in the data folder, readable by its owner alone, so that a second start can
    print them again; they are written first, and the tickets' play notes how far it is, so that a start which was
    killed half-way is finished by the next. A desk that has people of its own is left alone.
    """
    desk = casepath.store.desks.by_key(DESK)
    kept = casepath.settings.data_dir / SAMPLE_LOGINS
    if desk is None or (casepath.store.people.all(desk.id) and not kept.exists()):
        return []
    if not kept.exists():
        write_private(kept, json.dumps({login: secrets.token_urlsafe(12) for login, *_ in PEOPLE}))
    logins: dict[str, str] = json.loads(kept.read_text())
    for login, name, roles, queues in PEOPLE:
        if casepath.store.people.by_login(desk.id, login) is None:
            casepath.people.add(
                desk.id, operator(), login=login, name=name, roles=roles, queues=queues,
                email=f"{login}@desk.example", password=logins[login],
            )  # fmt: skip
    if not casepath.records.listed(desk.id, "account"):
        records = [(KINDS[kind], row) for kind, row in RECORDS]
        casepath.records.take_in(desk.id, operator(), records, id=uuid5(_NAMES, f"records of {desk.id}"))
    Play(casepath, desk).perform()
    rows = [(login, logins[login], ", ".join(roles)) for login, _, roles, _ in PEOPLE if login in logins]
    return [
        "Log-ins of the sample people:",
        *(f"  {login:6} {word}  ({roles})" for login, word, roles in rows),
    ]


class Play:
    """Performs the sample deeds on the live timeline, with a clock of their own moments."""

    def __init__(self, casepath: Casepath, desk: Desk) -> None:
        self._store = casepath.store
        self._desk = desk
        self._note = casepath.settings.data_dir / "sample-tickets.json"
        noted = json.loads(self._note.read_text()) if self._note.exists() else {}
        self._now = datetime.fromisoformat(noted["now"]) if noted else casepath.clock.now()
        self._tickets: dict[str, int] = noted.get("tickets", {})
        self._done: int = noted.get("done", 0)
        first = self._now - timedelta(hours=max(deed.ago for deed in DEEDS))
        clock = VirtualClock(first)
        self._stage = Stage(self._store, casepath.worlds, desk.id, clock, timeline="live", remember=False)
        self._people = {it.login: it for it in self._store.people.all(desk.id)}

    def perform(self) -> None:
        """Do everything that is not done yet, in order of time; what was due in between fires in between."""
        deeds = sorted(DEEDS, key=lambda deed: -deed.ago)
        for number, deed in enumerate(deeds):
            if number >= self._done:
                self._do(deed)
                self._done = number + 1
                facts = {"now": self._now.isoformat(), "tickets": self._tickets, "done": self._done}
                write_private(self._note, json.dumps(facts))

    def _do(self, deed: Deed) -> None:
        self._stage.advance_to(self._now - timedelta(hours=deed.ago))
        if "task" in deed.facts and self.task(deed) is None:
            return  # it was done just before the start that did it was killed
        outcome = self._stage.handle(_COMMANDS[deed.verb](self, deed))
        self._tickets.setdefault(deed.ticket, outcome.ticket_number)

    def common(self, deed: Deed) -> dict[str, Any]:
        """Return what each command carries."""
        id = uuid5(_NAMES, f"{self._desk.id} {self._now.isoformat()} {deed.ago} {deed.ticket}")
        return {"id": id, "desk_id": self._desk.id, "actor": self._actor(deed)}

    def _actor(self, deed: Deed) -> Actor:
        person: Person | None = self._people.get(deed.who)
        if person:
            return actor_of(person)
        if deed.verb == "open":
            return Actor("customer", deed.who, deed.who)
        row = looking.ticket(self._store, self._desk.id, self._tickets[deed.ticket])
        return Actor("customer", str(row.requester_id) if row else "", "Customer")

    def task(self, deed: Deed) -> UUID | None:
        """Return the open task that a deed is about, if it is open."""
        tasks = looking.open_tasks(self._store, self._desk.id, self._tickets[deed.ticket])
        return next((task.id for task in tasks if task.element == deed.facts["task"]), None)

    def number(self, deed: Deed) -> int:
        """Return the number of a deed's ticket."""
        return self._tickets[deed.ticket]


def _open(play: Play, deed: Deed) -> Command:
    address = f"{deed.who.lower().replace(' ', '.')}@example.com"
    return OpenTicket(
        **play.common(deed), process="support_ticket", requester=Requester(deed.who, address), **deed.facts
    )


def _complete(play: Play, deed: Deed) -> Command:
    return CompleteTask(**play.common(deed), **_task(play, deed), fields=deed.facts["fields"])


def _claim(play: Play, deed: Deed) -> Command:
    return ClaimTask(**play.common(deed), **_task(play, deed))


def _task(play: Play, deed: Deed) -> dict[str, Any]:
    return {"task_id": play.task(deed)}


def _note(play: Play, deed: Deed) -> Command:
    return AddEntry(
        **play.common(deed), ticket=play.number(deed), kind="note", public=False, body=deed.facts["body"]
    )


def _confirm(play: Play, deed: Deed) -> Command:
    return DeliverMessage(
        **play.common(deed), ticket=play.number(deed), name="customer_confirmation", payload=deed.facts
    )


_COMMANDS: dict[str, Callable[[Play, Deed], Command]] = {
    "open": _open,
    "complete": _complete,
    "claim": _claim,
    "note": _note,
    "confirm": _confirm,
}
