"""Which operating system user runs the servers, and what that user can reach.

PostgreSQL refuses to run as root. Started by root, both servers therefore run as an unprivileged account, which
often can't see into root's home. Whether it can reach something is tried, not computed from mode bits, because
access lists and mounts decide too.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import Unsupported

CANDIDATES = ("casepath", "postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """The user that runs the servers; `switch` says whether that is another one than ours."""

    uid: int
    gid: int
    switch: bool

    def popen_arguments(self) -> dict[str, Any]:
        """Return the arguments of `subprocess` that make a child run as this account, with a clean slate."""
        arguments: dict[str, Any] = {"cwd": "/", "umask": 0o077, "env": clean_environment(os.environ)}
        if self.switch:
            arguments |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return arguments

    def reaches(self, folder: Path) -> bool:
        """Say whether this account can enter an existing folder."""
        return not self.switch or self.succeeds("/bin/sh", "-c", 'cd "$1"', "sh", str(folder))

    def succeeds(self, *command: str) -> bool:
        """Say whether a short program can be run by this account and ends well."""
        try:
            done = subprocess.run(command, capture_output=True, check=False, **self.popen_arguments())
        except PermissionError:
            return False
        return done.returncode == 0

    def give(self, path: Path) -> None:
        """Make the account the owner of a file or folder of ours."""
        if self.switch:
            os.chown(path, self.uid, self.gid)


def server_account() -> Account:
    """Return ourselves, or, for root, the first unprivileged account there is."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, switch=True)
    raise Unsupported(
        "Expected an unprivileged account for PostgreSQL, which refuses to run as root, "
        f"but none of {', '.join(CANDIDATES)} exists."
    )


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what a server may see of our environment: no locale, no PG* or LD_* variable that would bend it."""
    return {"PATH": environment.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
