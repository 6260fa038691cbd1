"""Commands that run and look after an installation: up, its parts alone, the schema, people and tokens."""

from __future__ import annotations

import argparse
import signal
from datetime import timedelta
from typing import Any
from uuid import UUID

from engine.cli.speaking import add_json, print_json, print_table
from engine.cli.standing import add_data_dir, opened, stood
from engine.errors import NotFound, Unsupported


def add_commands(commands: Any) -> None:
    """Add `up`, `web`, `worker`, `scheduler`, `mail`, `migrate`, `doctor`, `user` and `token`."""
    from engine import up

    parser = commands.add_parser("up", help="set up and run everything")
    up.add_arguments(parser)
    parser.set_defaults(run=up.run)
    for name, run, what in (
        ("web", run_web, "serve the pages"),
        ("worker", run_worker, "fire timers, send mail, call services"),
        ("scheduler", run_scheduler, "claim what is due"),
        ("mail", run_mail, "take mail in by SMTP and LMTP"),
        ("migrate", run_migrate, "bring the database's tables up to date"),
        ("doctor", run_doctor, "say what works and what doesn't"),
    ):
        parser = commands.add_parser(name, help=what)
        add_data_dir(parser)
        parser.set_defaults(run=run)
        if name == "web":
            parser.add_argument("--port")
            parser.add_argument("--host")
        if name == "mail":
            parser.add_argument(
                "--mail-listen", help="where (smtp://127.0.0.1:8025); several with spaces between"
            )
        if name == "doctor":
            add_json(parser)
    _add_user(commands)
    _add_token(commands)


def _add_user(commands: Any) -> None:
    user = commands.add_parser("user", help="people of a desk").add_subparsers(required=True, metavar="WHAT")
    add = user.add_parser("add", help="add a person and print a one-time password")
    add.add_argument("login")
    add.add_argument("--name", required=True)
    add.add_argument("--email")
    add.add_argument("--role", action="append", default=[], help="may be given several times")
    add.add_argument("--queue", action="append", default=[], help="may be given several times")
    change = user.add_parser("change", help="give a person other roles or queues, or take them off")
    change.add_argument("login")
    change.add_argument("--role", action="append", help="all roles from now on; may be given several times")
    change.add_argument("--queue", action="append", help="all queues from now on; may be given several times")
    change.add_argument("--active", choices=("yes", "no"), help="whether they work here")
    listing = user.add_parser("list", help="list people")
    add_json(listing)
    for parser, run in ((add, add_user), (change, change_user), (listing, list_users)):
        parser.add_argument("--desk", help="the desk's key, where there are several")
        add_data_dir(parser)
        parser.set_defaults(run=run)


def _add_token(commands: Any) -> None:
    token = commands.add_parser("token", help="keys for programs").add_subparsers(
        required=True, metavar="WHAT"
    )
    add = token.add_parser("add", help="make a key that acts for a person; it is shown once")
    add.add_argument("login")
    add.add_argument("--name", required=True, help="what the key is for")
    listing = token.add_parser("list", help="list keys, without their secrets")
    add_json(listing)
    revoke = token.add_parser("revoke", help="end a key")
    revoke.add_argument("id", type=UUID)
    for parser, run in ((add, add_token), (listing, list_tokens), (revoke, revoke_token)):
        parser.add_argument("--desk", help="the desk's key, where there are several")
        add_data_dir(parser)
        parser.set_defaults(run=run)


def run_web(args: argparse.Namespace) -> int:
    """Serve the pages until SIGTERM or Ctrl-C."""
    from engine.up import with_free_port
    from webui import create_app
    from webui.serve import serve

    with opened(args) as casepath:
        settings = with_free_port(casepath.settings)
        print(f"Casepath is at {settings.address}", flush=True)
        proxy = settings.trusted_proxy or None
        serve(create_app(casepath), settings.host, settings.port, trusted_proxy=proxy)
    return 0


def run_worker(args: argparse.Namespace) -> int:
    """Work on jobs until SIGTERM or Ctrl-C; the job at hand is finished first."""
    from redis.exceptions import RedisError

    from engine.workers.running import work

    with opened(args) as casepath:
        try:
            work(casepath)
        except RedisError as error:
            raise Unsupported(f"Expected Redis to answer, but: {error}") from error
    return 0


def run_scheduler(args: argparse.Namespace) -> int:
    """Claim what is due until SIGTERM or Ctrl-C."""
    from engine.workers.adopter import Adopter
    from engine.workers.detector import Detector
    from engine.workers.queues import connect
    from engine.workers.scheduler import Scheduler

    with opened(args) as casepath:
        patience = timedelta(minutes=casepath.settings.lost_after)
        detector = Detector(casepath.engine, casepath.store, casepath.clock, patience=patience)
        adopter = Adopter(casepath.engine, casepath.store)
        redis = connect(casepath.settings.redis_url)
        scheduler = Scheduler(casepath.store, casepath.clock, redis, beside=(detector, adopter))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: scheduler.stop())
        scheduler.run()
    return 0


def run_mail(args: argparse.Namespace) -> int:
    """Take mail in until SIGTERM or Ctrl-C; mails under way are answered first."""
    from engine.listener import Listener, Place, places_of

    def ready(places: list[Place]) -> None:
        print(f"Casepath takes mail at {' '.join(map(str, places))}", flush=True)

    with opened(args) as casepath:
        listener = Listener(casepath.settings, casepath.mailroom)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: listener.stop())
        listener.run(places_of(casepath.settings.mail_listen), ready)
    return 0


def run_migrate(args: argparse.Namespace) -> int:
    """Bring the database's tables up to date."""
    from engine.store.migrate import migrate

    with stood(args) as settings:
        migrate(settings.admin_database_url)
    print("The database is up to date.")
    return 0


def run_doctor(args: argparse.Namespace) -> int:
    """Say what works and what doesn't; exit status 1 if something doesn't."""
    from engine.doctor import examine

    with opened(args) as casepath:
        findings = examine(casepath)
    if args.json:
        print_json(findings)
    else:
        print_table(
            ("what", "well", "how"), ((it.what, "yes" if it.well else "NO", it.how) for it in findings)
        )
    return 0 if all(it.well for it in findings) else 1


def add_user(args: argparse.Namespace) -> int:
    """Add a person; print the password that was made up."""
    with opened(args) as casepath:
        desk = casepath.desk(args.desk)
        _, password = casepath.people.add(
            desk.id, casepath.operator, login=args.login, name=args.name, email=args.email,
            roles=args.role, queues=args.queue,
        )  # fmt: skip
    print(f"{args.login}  {password}")
    return 0


def change_user(args: argparse.Namespace) -> int:
    """Give a person other roles or queues, or take them off or back on."""
    with opened(args) as casepath:
        desk = casepath.desk(args.desk)
        person = casepath.store.people.by_login(desk.id, args.login)
        if person is None:
            raise NotFound(f"Expected a person with the login {args.login!r}, but the desk has none.")
        wished = {"roles": args.role, "queues": args.queue, "active": args.active and args.active == "yes"}
        changes = {name: wish for name, wish in wished.items() if wish is not None}
        casepath.people.change(person, casepath.operator, **changes)
    return 0


def list_users(args: argparse.Namespace) -> int:
    """List the people of a desk."""
    with opened(args) as casepath:
        people = casepath.reads.people(casepath.desk(args.desk).id)
    if args.json:
        print_json(people)
        return 0
    rows = ((it.login, it.name, " ".join(it.roles), " ".join(it.queues), it.active) for it in people)
    print_table(("login", "name", "roles", "queues", "active"), rows)
    return 0


def add_token(args: argparse.Namespace) -> int:
    """Make a key for programs and print it, once."""
    with opened(args) as casepath:
        desk = casepath.desk(args.desk)
        print(casepath.people.create_token(desk.id, casepath.operator, login=args.login, name=args.name))
    return 0


def list_tokens(args: argparse.Namespace) -> int:
    """List keys, without their secrets."""
    with opened(args) as casepath:
        tokens = casepath.people.tokens(casepath.desk(args.desk).id)
    if args.json:
        print_json(tokens)
    else:
        rows = ((it.id, it.name, it.created_at, it.revoked_at) for it in tokens)
        print_table(("token", "name", "made (UTC)", "ended (UTC)"), rows)
    return 0


def revoke_token(args: argparse.Namespace) -> int:
    """End a key; what it is used for stops at once."""
    with opened(args) as casepath:
        casepath.people.revoke_token(casepath.desk(args.desk).id, casepath.operator, args.id)
    return 0
