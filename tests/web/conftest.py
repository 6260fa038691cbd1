"""An installation on the real database, a desk of its own for each test, and ways in: test client and Chromium."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from waitress.server import create_server

from engine.bootstrap import Casepath, open_casepath
from engine.catalog.pack import PackSource, read_pack
from engine.people import operator
from engine.reads import Desk
from engine.runtime.commands import Actor, ClaimTask, CompleteTask, DeliverMessage, OpenTicket, Requester
from engine.settings import Settings
from engine.store.people import Person
from webui import create_app

ROOT = Path(__file__).parents[2]
WEBUI, PACKS = ROOT / "webui", ROOT / "processes"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PASSWORD = "a good long password"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_TOKEN = re.compile(r'name="csrf_token" value="(\w+)"')
_COMMAND = re.compile(r'name="command_id" value="([\w-]+)"')


@pytest.fixture(scope="session")
def casepath(
    database_url: str, admin_database_url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Casepath]:
    """The whole installation, with a clock that tests set."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        database_url=database_url,
        admin_database_url=admin_database_url,
        redis_url=redis_url,
        secret_key="a secret for tests",
        test_clock=True,
    )
    opened = open_casepath(settings)
    opened.store.installation.set_test_clock(NOON)
    # As strong as in production it would take most of the time of these tests.
    opened.people._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def app(casepath: Casepath) -> Flask:
    """The application."""
    return create_app(casepath)


@dataclass
class Office:
    """A desk with the generic pack, and what a test does there besides looking at pages."""

    casepath: Casepath
    desk: Desk
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, login: str, *roles: str, queues: tuple[str, ...] = (), name: str = "") -> Person:
        """Return the person of a login, added if new."""
        if login not in self.people:
            self.people[login], _ = self.casepath.people.add(
                self.desk.id,
                operator(),
                login=login,
                name=name or login.capitalize(),
                roles=roles or ("agent",),
                queues=queues,
                password=PASSWORD,
            )
        return self.people[login]

    def open_ticket(self, subject: str = "Router is dead", name: str = "Ann Meyer", **more: object) -> int:
        """Open a ticket as a customer and return its number."""
        requester = Requester(name, f"{name.split()[0].lower()}@example.com", "+49 171 5550123")
        given = {
            "process": "support_ticket",
            "channel": "web",
            "description": "It blinks red.",
            "category": None,
        }
        command = OpenTicket(
            id=uuid4(),
            desk_id=self.desk.id,
            actor=Actor("customer", "test", name),
            subject=subject,
            requester=requester,
            **(given | more),
        )
        self.forward(timedelta(milliseconds=1))  # so that "first" and "second" mean something
        return self.casepath.engine.handle(command).ticket_number

    def task(self, number: int) -> object:
        """Return the one open task of a ticket."""
        (task,) = self.casepath.reads.tasks(self.desk.id, ticket=number, state="open").items
        return task

    def complete(self, number: int, login: str, **fields: object) -> None:
        """Complete the open task of a ticket as somebody."""
        self._handle(CompleteTask, login, task_id=self.task(number).id, fields=fields)

    def claim(self, number: int, login: str) -> None:
        """Claim the open task of a ticket as somebody."""
        self._handle(ClaimTask, login, task_id=self.task(number).id)

    def message(self, number: int, name: str, **payload: object) -> None:
        """Deliver a message to a ticket."""
        self._handle(DeliverMessage, next(iter(self.people)), ticket=number, name=name, payload=payload)

    def _handle(self, kind: type, login: str, **given: object) -> None:
        person = self.people[login]
        actor = Actor(
            "person", str(person.id), person.name, frozenset(person.roles), frozenset(person.queues)
        )
        self.casepath.engine.handle(kind(id=uuid4(), desk_id=self.desk.id, actor=actor, **given))

    def version(self, key: str = "support_ticket") -> int:
        """Return which version of a process is in force."""
        return {it.key: it.version for it in self.casepath.reads.processes(self.desk.id)}[key]

    def set_clock(self, moment: datetime) -> None:
        """Set the clock for everything that runs."""
        self.casepath.store.installation.set_test_clock(moment)

    def forward(self, by: timedelta) -> datetime:
        """Move the clock on and return the new moment."""
        moment = self.casepath.clock.now() + by
        self.set_clock(moment)
        return moment


@pytest.fixture
def pack_files() -> Mapping[str, bytes]:
    """What the office's desk runs on."""
    return read_pack(PACKS / "generic_desk").files


@pytest.fixture
def office(casepath: Casepath, pack_files: Mapping[str, bytes]) -> Office:
    """A new desk with the generic pack deployed, at noon."""
    casepath.store.installation.set_test_clock(NOON)
    pack = PackSource.from_files(pack_files)
    key = f"desk_{uuid4().hex[:8]}"
    desk = casepath.store.desks.add(key, "Customer support", pack.id, "Europe/Berlin", NOON)
    casepath.deployments.deploy(desk.id, pack.files, operator(), origin="bundle")
    return Office(casepath, desk)


class Visitor:
    """A person with a browser that has no JavaScript: follows addresses, fills forms, keeps cookies."""

    def __init__(self, client: FlaskClient, office: Office) -> None:
        self.client = client
        self.office = office

    def get(self, address: str, **more: object):
        """Open a page."""
        return self.client.get(address, **more)

    def post(self, address: str, page: str | None = None, **fields: object):
        """Send a form as it stands on `page` (the same address unless said): its token and command id are kept."""
        html = self.client.get(page or address).text
        token, command = _TOKEN.search(html), _COMMAND.search(html)
        hidden = {
            "csrf_token": token[1] if token else "",
            "command_id": command[1] if command else str(uuid4()),
        }
        return self.client.post(
            address, data={**hidden, **{_name(it): value for it, value in fields.items()}}
        )

    def log_in(self, login: str, password: str = PASSWORD):
        """Log in at the office's desk."""
        return self.post("/login", desk=self.office.desk.key, login=login, password=password)


def _name(python_name: str) -> str:
    return python_name.replace("__", ":")


@pytest.fixture
def visit(app: Flask, office: Office) -> Callable[..., Visitor]:
    """Begin a visit, logged in where a login is named (added with these roles and queues if new)."""

    def begin(login: str | None = None, *roles: str, queues: tuple[str, ...] = ()) -> Visitor:
        visitor = Visitor(app.test_client(), office)
        if login:
            office.person(login, *roles, queues=queues)
            answer = visitor.log_in(login)
            assert answer.status_code == 302, answer.text
        return visitor

    return begin


@pytest.fixture(scope="session")
def built() -> None:
    """The bundle of scripts and styles; made here where nobody has made it yet."""
    if not (WEBUI / "static" / "build" / "manifest.json").is_file():
        assets = WEBUI / "assets"
        if not (assets / "node_modules" / "esbuild").is_dir():
            subprocess.run(["npm", "ci"], cwd=assets, check=True, capture_output=True)
        subprocess.run(["node", "build.mjs"], cwd=assets, check=True, capture_output=True)


@pytest.fixture(scope="session")
def address(app: Flask, built: None) -> Iterator[str]:
    """The address of the application behind the real web server."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    server.task_dispatcher.shutdown()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real Chromium: the one that CASEPATH_CHROMIUM or PATH names, else Playwright's own."""
    found = os.environ.get("CASEPATH_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


# What a page is given to do what is expected of it, in milliseconds: machines that test are busy.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture
def browse(chromium: Browser, address: str, office: Office) -> Iterator[Callable[..., Page]]:
    """Open a browser profile, logged in where a login is named; fails if a script raised or broke the policy."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def begin(login: str | None = None, *roles: str, queues: tuple[str, ...] = (), **more: object) -> Page:
        context = chromium.new_context(
            base_url=address, **({"viewport": {"width": 1280, "height": 720}} | more)
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if _complains(message) else None)
        if login:
            office.person(login, *roles, queues=queues)
            page.goto("/login")
            if page.get_by_label("Desk").count():
                page.get_by_label("Desk").select_option(office.desk.key)
            page.get_by_label("Log-in name").fill(login)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Log in").click()
            page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield begin
    for context in contexts:
        context.close()
    assert wrong == []


def _complains(message: object) -> bool:
    """Whether the console says that a script or a policy failed; an answer of 4xx or 5xx is the test's own."""
    return message.type == "error" and "Failed to load resource" not in message.text


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, to be put into a page."""
    return (WEBUI / "assets" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
