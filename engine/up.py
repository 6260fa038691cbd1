"""`casepath up`: one command that sets an installation up and runs all of it until it is asked to stop.

Everything is done in the order in which a person could be told about it: refuse what can't work, servers, schema,
bundled packs and samples, address and log-ins, then web, scheduler and workers under supervision. They stop in
the order web, scheduler, workers, Valkey, PostgreSQL.
"""

from __future__ import annotations

import argparse
import ipaddress
import os
import signal
import socket
from contextlib import closing
from dataclasses import replace

from engine.embedded import EmbeddedServers, running
from engine.embedded.folder import SAMPLE_LOGINS, DataFolder
from engine.embedded.supervisor import Child, Supervisor
from engine.errors import Refused
from engine.installing import prepare_installation
from engine.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags of `up`; what isn't given comes from the environment, see `engine.settings`."""
    parser.add_argument("--port", help="the port of the pages (8080)")
    parser.add_argument("--host", help="where the pages are served (127.0.0.1)")
    parser.add_argument("--data-dir", help="where everything is kept (.casepath here)")
    parser.add_argument("--workers", help="how many workers run jobs (2)")
    parser.add_argument("--no-samples", action="store_true", help="no sample people and tickets")
    parser.add_argument("--test-clock", action="store_const", const="yes", help="let tests set the clock")


def run(args: argparse.Namespace) -> int:
    """Run the installation until Ctrl-C or SIGTERM; return the exit status.

    Raises `Refused` before anything is started when the port is taken, or when samples, whose passwords are
    printed, would be served to other machines.
    """
    settings = Settings.read(os.environ, vars(args))
    samples = not args.no_samples
    if not is_loopback(settings.host):
        refuse_sample_people(settings, samples)
    settings = with_free_port(settings)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _run(settings, samples)
    except KeyboardInterrupt:
        say("Stopped.")
    return 0


def _run(settings: Settings, samples: bool) -> None:
    servers = EmbeddedServers(settings.data_dir)
    with running(settings, servers) as settings:
        lines = prepare_installation(settings, samples)
        folder = DataFolder.open(settings.data_dir)
        supervisor = Supervisor(children(settings), os.environ | settings.as_environment(), folder.log, say)

        def announce() -> bool:
            if not answers(settings):
                return False
            say("\n".join([*lines, f"Casepath is at {settings.base_url} (Ctrl-C stops it)"]))
            return True

        supervisor.run(servers if servers.fileno() >= 0 else None, announce)


def refuse_sample_people(settings: Settings, samples: bool) -> None:
    """Raise `Refused` where sample people, whose passwords were printed, would be served to other machines."""
    if samples:
        raise Refused(
            f"Expected --no-samples with --host {settings.host} but sample people would be open to other "
            "machines."
        )
    if (settings.data_dir / SAMPLE_LOGINS).exists():
        raise Refused(
            f"Expected an installation without sample people for --host {settings.host} but {settings.data_dir} "
            "has some; give another --data-dir."
        )


def say(text: str) -> None:
    """Tell a person, at once."""
    print(text, flush=True)


def answers(settings: Settings) -> bool:
    """Say whether the pages' server takes connections."""
    try:
        with socket.create_connection((settings.host, settings.port), timeout=1):
            return True
    except OSError:
        return False


def children(settings: Settings) -> list[list[Child]]:
    """Return what runs, in the order in which it stops."""
    command = ("engine.cli",)
    workers = [Child(f"worker-{number}", (*command, "worker")) for number in range(1, settings.workers + 1)]
    outside = [Child("web", (*command, "web"))]
    if settings.mail_listen:
        outside.append(Child("mail", (*command, "mail")))
    return [outside, [Child("scheduler", (*command, "scheduler"))], workers]


def is_loopback(host: str) -> bool:
    """Say whether an address or name can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False  # a name of this machine is how others reach it


def with_free_port(settings: Settings) -> Settings:
    """Return settings whose port can be listened at; port 0 becomes a free one. Raises `Refused` if taken."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as trial:
        # A port whose last connections still linger is free for a server, as it will be for the real one.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((settings.host, settings.port))
        except OSError as error:
            raise Refused(
                f"Expected port {settings.port} on {settings.host} to be free but: {error.strerror}."
            ) from error
        port: int = trial.getsockname()[1]
    found = replace(settings, port=port)
    return replace(found, base_url=found.address) if settings.base_url == settings.address else found


def _interrupt(*_: object) -> None:
    """Make SIGTERM end the set-up as Ctrl-C does, through every `with`."""
    raise KeyboardInterrupt
