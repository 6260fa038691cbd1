"""What a command stands on: settings from environment and flags, running servers, an opened installation."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager

from engine.bootstrap import Casepath, open_casepath
from engine.embedded import running
from engine.settings import Settings


def add_data_dir(parser: argparse.ArgumentParser) -> None:
    """Offer `--data-dir`, as every command does."""
    parser.add_argument("--data-dir", help="where everything is kept (.casepath here)")


@contextmanager
def stood(args: argparse.Namespace) -> Iterator[Settings]:
    """Give complete settings, with servers running for as long as the command does."""
    with running(Settings.read(os.environ, vars(args))) as settings:
        yield settings


@contextmanager
def opened(args: argparse.Namespace) -> Iterator[Casepath]:
    """Give an opened installation."""
    with stood(args) as settings:
        casepath = open_casepath(settings)
        try:
            yield casepath
        finally:
            casepath.close()
