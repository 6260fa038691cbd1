"""The data folder: what lies where, and whether this Casepath may touch it.

format              the number of this layout; a newer one is refused
start.lock          held while a command looks for a keeper or starts one
keeper.lock         held by the keeper as long as it lives
keeper.json         where the keeper listens
postgresql/         PostgreSQL's own folder, or …
postgresql.place    … where it lies instead, when its account can't reach the data folder
log/                what the servers and children say
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.embedded.account import Account
from engine.embedded.programs import SYSTEM_FOLDER, open_folder
from engine.errors import Unsupported

FORMAT = 1
SAMPLE_LOGINS = "sample-logins.json"


@dataclass(frozen=True)
class DataFolder:
    """One installation's data on disk."""

    path: Path

    @classmethod
    def open(cls, path: Path) -> DataFolder:
        """Create the folder if it must be and check its format; raises `Unsupported` for a newer one."""
        folder = cls(path.resolve())
        if not folder.path.is_dir():
            folder.path.mkdir(parents=True, exist_ok=True)
            # The servers' account passes through it to its own folder; what is secret in it has mode 0600.
            folder.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
        folder._check_format()
        folder.log.mkdir(exist_ok=True)
        return folder

    def _check_format(self) -> None:
        marker = self.path / "format"
        if not marker.exists():
            write_private(marker, f"{FORMAT}\n")
        text = marker.read_text().strip()
        if not text.isdigit() or int(text) > FORMAT:
            raise Unsupported(
                f"Expected the data folder {self.path} to have format {FORMAT} but it has {text[:20]}: "
                "a newer Casepath made it; run that one, or give another --data-dir."
            )

    @property
    def log(self) -> Path:
        """The folder of log files."""
        return self.path / "log"

    @property
    def keeper_note(self) -> Path:
        """The file that says where the keeper listens."""
        return self.path / "keeper.json"

    def postgres_data(self, account: Account) -> Path:
        """Return PostgreSQL's folder, choosing on first use a place that its account can reach."""
        inside, note = self.path / "postgresql", self.path / "postgresql.place"
        if note.exists():
            return Path(note.read_text().strip())
        if inside.exists() or account.reaches(self.path):
            return inside
        open_folder(SYSTEM_FOLDER)
        open_folder(SYSTEM_FOLDER / "data")
        # A random name: a new data folder at an old path must not find the old one's tables.
        outside = SYSTEM_FOLDER / "data" / secrets.token_hex(8)
        outside.mkdir(mode=0o700)
        account.give(outside)
        write_private(note, f"{outside / 'postgresql'}\n")
        return outside / "postgresql"

    @contextmanager
    def starting(self) -> Iterator[None]:
        """Hold the lock under which a keeper is looked for or started."""
        with (self.path / "start.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def kept(path: Path, make: Callable[[], str]) -> str:
    """Return the text of a private file (mode 0600), made on first use; all who ask at once get the same."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        write_private(draft, make())
        with contextlib.suppress(FileExistsError):  # somebody else was quicker: theirs counts
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


def socket_folder(folder: DataFolder, account: Account) -> Path:
    """Return a folder with a short path for sockets, which only the account (and root) can enter.

    A socket's path may have about 100 characters, a data folder's path more. The folder of a keeper that was
    killed is taken over, so that its users find the servers again where they were.
    """
    base = Path("/tmp" if os.access("/tmp", os.W_OK) else tempfile.gettempdir())
    if folder.keeper_note.exists():
        former = Path(json.loads(folder.keeper_note.read_text())["socket"]).parent
        if _is_private(former, account):
            return former
    fresh = Path(tempfile.mkdtemp(prefix="casepath-", dir=base))
    account.give(fresh)
    return fresh


def _is_private(path: Path, account: Account) -> bool:
    """Whether this is a folder (no link to one) that the account owns and nobody else can enter."""
    if not path.exists():
        return False
    facts = path.lstat()
    return stat.S_ISDIR(facts.st_mode) and facts.st_uid == account.uid and not facts.st_mode & 0o077


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.rename(path)
