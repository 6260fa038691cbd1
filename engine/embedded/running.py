"""Everything that a command needs to stand on: servers, and the installation's secret."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from engine.embedded.folder import DataFolder, kept
from engine.embedded.servers import EmbeddedServers
from engine.settings import Settings


@contextmanager
def running(settings: Settings, servers: EmbeddedServers | None = None) -> Iterator[Settings]:
    """Start or join the embedded servers that the settings leave open; give settings that leave nothing open.

    A caller that watches over the servers hands in its own use of them. Raises `Unsupported` as
    `EmbeddedServers.start` does.
    """
    with ExitStack() as stack:
        if not (settings.database_url and settings.redis_url):
            found = stack.enter_context(servers or EmbeddedServers(settings.data_dir))
            if not settings.database_url:
                settings = replace(
                    settings, database_url=found.database_url, admin_database_url=found.admin_database_url
                )
            settings = replace(settings, redis_url=settings.redis_url or found.redis_url)
        if not settings.secret_key:
            folder = DataFolder.open(settings.data_dir)
            settings = replace(settings, secret_key=kept(folder.path / "secret.key", secrets.token_hex))
        yield settings
