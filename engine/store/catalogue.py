"""Deployed packs: snapshots, their files by hash, and the process versions that they made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.errors import Conflict, NotFound
from engine.store.repository import Repository

_SNAPSHOT = "desk_id, id, pack, number, hash, deployed_at, deployed_by, note, origin, for_open"
_VERSION = "desk_id, key, version, snapshot_id, hash, title, path, deployed_at, tag"


@dataclass(frozen=True)
class Snapshot:
    """A whole pack as it was deployed; `hash` is over its files, `origin` is bundle or owner.

    Where people changed its settings, `for_open` says whether they hold for open tickets, too; else it is None.
    """

    desk_id: int
    id: UUID
    pack: str
    number: int
    hash: bytes
    deployed_at: datetime
    deployed_by: str
    note: str
    origin: str
    for_open: bool | None = None


@dataclass(frozen=True)
class ProcessVersion:
    """One immutable deployment of a process; `path` is its file in the snapshot, `tag` its owner's name for it."""

    desk_id: int
    key: str
    version: int
    snapshot_id: UUID
    hash: bytes
    title: str
    path: str
    deployed_at: datetime
    tag: str | None = None


class Catalogue(Repository):
    """What was deployed at which desk."""

    def add_snapshot(self, snapshot: Snapshot, files: Mapping[str, bytes]) -> None:
        """Keep a snapshot with all its files; a content that is known already is kept once.

        Raises Conflict when somebody else deployed the same number of this pack first.
        """
        hashes = {path: hashlib.sha256(content).digest() for path, content in files.items()}
        with self._lend() as connection, connection.transaction():
            added = connection.execute(
                f"INSERT INTO snapshot ({_SNAPSHOT}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
                " ON CONFLICT DO NOTHING",
                [getattr(snapshot, name) for name in _SNAPSHOT.split(", ")],
            ).rowcount
            if not added:
                raise Conflict(
                    f"Expected deployment {snapshot.number} of {snapshot.pack} to be new, but somebody was quicker."
                )
            cursor = connection.cursor()
            cursor.executemany(
                "INSERT INTO blob (sha256, content) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                [(hashes[path], files[path]) for path in sorted(files, key=hashes.__getitem__)],
            )
            cursor.executemany(
                "INSERT INTO snapshot_file (desk_id, snapshot_id, path, sha256) VALUES (%s, %s, %s, %s)",
                [(snapshot.desk_id, snapshot.id, path, sha256) for path, sha256 in hashes.items()],
            )

    def add_versions(self, versions: Sequence[ProcessVersion]) -> None:
        """Keep the process versions that a snapshot makes. Raises Conflict when somebody was quicker with one."""
        with self._lend() as connection, connection.transaction():
            cursor = connection.cursor()
            cursor.executemany(
                f"INSERT INTO process_version ({_VERSION}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
                " ON CONFLICT DO NOTHING",
                [[getattr(version, name) for name in _VERSION.split(", ")] for version in versions],
            )
            if cursor.rowcount != len(versions):
                raise Conflict("Expected these process versions to be new, but somebody was quicker.")

    def snapshot(self, desk_id: int, snapshot_id: UUID) -> tuple[dict[str, bytes], dict[str, int]]:
        """Return a snapshot's files by path, and the version of each process in it. Raises NotFound."""
        files_sql = """SELECT f.path, b.content FROM snapshot_file f JOIN blob b USING (sha256)
                       WHERE f.desk_id = %s AND f.snapshot_id = %s"""
        versions_sql = "SELECT key, version FROM process_version WHERE desk_id = %s AND snapshot_id = %s"
        with self._lend() as connection:
            files = dict(connection.execute(files_sql, (desk_id, snapshot_id)).fetchall())
            versions = dict(connection.execute(versions_sql, (desk_id, snapshot_id)).fetchall())
        if not files:
            raise NotFound(f"Expected a deployed pack {snapshot_id}, but the desk has none.")
        return files, versions

    def file(self, desk_id: int, snapshot_id: UUID, path: str) -> bytes | None:
        """Return one file of a snapshot, or None."""
        sql = """SELECT b.content FROM snapshot_file f JOIN blob b USING (sha256)
                 WHERE f.desk_id = %s AND f.snapshot_id = %s AND f.path = %s"""
        content: bytes | None = self._value(sql, desk_id, snapshot_id, path)
        return content

    def files_named(
        self, desk_id: int, snapshot_ids: Iterable[UUID], names: Sequence[str]
    ) -> dict[UUID, dict[str, bytes]]:
        """Return the files of these names, of a pack and of those it is built on, by snapshot and path."""
        sql = """SELECT f.snapshot_id, f.path, b.content FROM snapshot_file f JOIN blob b USING (sha256)
                 WHERE f.desk_id = %s AND f.snapshot_id = ANY(%s)
                     AND regexp_replace(f.path, '^extends/[^/]+/', '') = ANY(%s)"""
        found: dict[UUID, dict[str, bytes]] = {}
        with self._lend() as connection:
            for snapshot_id, path, content in connection.execute(
                sql, (desk_id, list(snapshot_ids), list(names))
            ):
                found.setdefault(snapshot_id, {})[path] = content
        return found

    def latest(self, desk_id: int, pack: str, origin: str | None = None) -> Snapshot | None:
        """Return a pack's newest snapshot (of one origin), or None."""
        sql = f"""SELECT {_SNAPSHOT} FROM snapshot WHERE desk_id = %s AND pack = %s
                  AND origin = COALESCE(%s, origin) ORDER BY number DESC LIMIT 1"""
        return self._one(Snapshot, sql, desk_id, pack, origin)

    def newest_of(self, desk_id: int, pack: str, until: datetime | None) -> UUID | None:
        """Return the id of a pack's newest snapshot that was deployed until a moment, or None."""
        sql = """SELECT id FROM snapshot WHERE desk_id = %s AND pack = %s
                 AND deployed_at <= COALESCE(%s, 'infinity'::timestamptz) ORDER BY number DESC LIMIT 1"""
        found: UUID | None = self._value(sql, desk_id, pack, until)
        return found

    def latest_snapshot(self, desk_id: int, process: str) -> UUID | None:
        """Return the id of the snapshot with the newest version of a process, or None."""
        sql = """SELECT snapshot_id FROM process_version WHERE desk_id = %s AND key = %s
                 ORDER BY version DESC LIMIT 1"""
        found: UUID | None = self._value(sql, desk_id, process)
        return found

    def snapshot_until(
        self, desk_id: int, process: str, tag: str | None, until: datetime | None
    ) -> UUID | None:
        """Return the snapshot with the newest version (of a tag, deployed until a moment: if these are given)."""
        sql = """SELECT snapshot_id FROM process_version
                 WHERE desk_id = %s AND key = %s AND deployed_at <= COALESCE(%s, 'infinity'::timestamptz)
                     AND (%s::text IS NULL OR tag = %s)
                 ORDER BY version DESC LIMIT 1"""
        found: UUID | None = self._value(sql, desk_id, process, until, tag, tag)
        return found

    def newest_with(self, desk_id: int, path: str) -> list[Snapshot]:
        """Return the newest snapshot of each pack of a desk, of those that hold a file at this path."""
        sql = f"""SELECT {_SNAPSHOT} FROM (SELECT DISTINCT ON (pack) * FROM snapshot WHERE desk_id = %s
                      ORDER BY pack, number DESC) newest
                  WHERE EXISTS (SELECT FROM snapshot_file f
                      WHERE f.desk_id = newest.desk_id AND f.snapshot_id = newest.id AND f.path = %s)"""
        return self._all(Snapshot, sql, desk_id, path)

    def newest_snapshots(self, desk_id: int) -> dict[str, UUID]:
        """Return for each process of a desk, in order of its key, the id of the snapshot with its newest version."""
        sql = """SELECT DISTINCT ON (key) key, snapshot_id FROM process_version WHERE desk_id = %s
                 ORDER BY key, version DESC"""
        with self._lend() as connection:
            return dict(connection.execute(sql, (desk_id,)).fetchall())

    def snapshots(self, desk_id: int, pack: str | None = None) -> list[Snapshot]:
        """Return the snapshots of a desk (or of one of its packs), the newest first."""
        sql = f"""SELECT {_SNAPSHOT} FROM snapshot WHERE desk_id = %s AND pack = COALESCE(%s, pack)
                  ORDER BY deployed_at DESC, number DESC"""
        return self._all(Snapshot, sql, desk_id, pack)

    def versions(self, desk_id: int, process: str | None = None) -> list[ProcessVersion]:
        """Return the versions of a process (or of all), by key, the newest first."""
        sql = f"""SELECT {_VERSION} FROM process_version WHERE desk_id = %s AND key = COALESCE(%s, key)
                  ORDER BY key, version DESC"""
        return self._all(ProcessVersion, sql, desk_id, process)

    def version(self, desk_id: int, process: str, number: int) -> ProcessVersion | None:
        """Return one process version, or None."""
        sql = f"SELECT {_VERSION} FROM process_version WHERE desk_id = %s AND key = %s AND version = %s"
        return self._one(ProcessVersion, sql, desk_id, process, number)
