"""Which desk an address is of.

The setting `CASEPATH_MAIL_DESKS` names addresses, and so does `[mail]` of a desk's pack; the setting wins. Where
there is one desk, the sender of our own mails is its address too, so that answers come home without any setting.
"""

from __future__ import annotations

import logging
from email.utils import parseaddr

from engine.catalog.pack import PackSource
from engine.catalog.paths import MANIFEST
from engine.errors import CasepathError, NotFound
from engine.settings import Settings
from engine.store import Desk, Store

log = logging.getLogger(__name__)


class AddressBook:
    """Finds desks by mail address. Asked anew each time, so that a deployed pack counts at once."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store

    def desk(self, address: str) -> Desk:
        """Return the desk of an address. Raises NotFound for one that isn't ours."""
        found = self._all().get(_bare(address))
        if found is None:
            raise NotFound(f"Expected an address of a desk, but {_bare(address) or 'an empty one'} is none.")
        return found

    def own(self) -> frozenset[str]:
        """Return every address at which we take mail, and the one from which we send it."""
        return frozenset({*self._all(), self._sender()})

    def reply_to(self, desk_id: int) -> str | None:
        """Return the address at which a desk takes answers, or None where it has none of its own."""
        return next((address for address, desk in self._all().items() if desk.id == desk_id), None)

    def _all(self) -> dict[str, Desk]:
        desks = self._store.desks.all()
        by_key = {it.key: it for it in desks}
        book: dict[str, Desk] = {}
        for address, key in _pairs(self._settings.mail_desks):
            if key in by_key:
                book[_bare(address)] = by_key[key]
        for desk in desks:
            for address in self._of_pack(desk):
                book.setdefault(_bare(address), desk)
        if len(desks) == 1:
            book.setdefault(self._sender(), desks[0])
        return book

    def _of_pack(self, desk: Desk) -> tuple[str, ...]:
        """A desk whose manifest can't be read takes no mail; the others do.

        Nothing but manifests is read: every mail that comes or goes asks for the addresses of all desks.
        """
        snapshot = self._store.catalogue.latest(desk.id, desk.pack)
        if snapshot is None:
            return ()
        held = self._store.catalogue.files_named(desk.id, [snapshot.id], (MANIFEST,))
        try:
            return PackSource.from_files(held.get(snapshot.id, {})).mail
        except CasepathError as error:
            log.warning("The pack of desk %s can't be read, so it takes no mail: %s", desk.key, error)
            return ()

    def _sender(self) -> str:
        return _bare(parseaddr(self._settings.mail_from)[1])


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs = (it.partition("=") for it in text.replace(",", " ").split())
    return [(address, key) for address, _, key in pairs]


def _bare(address: str) -> str:
    return address.strip().strip("<>").lower()
