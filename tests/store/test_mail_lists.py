"""The list of mails that came in, with a hundred thousand of them: a page reads what it shows, and little more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from engine.reads import Reads
from tests.store.explain import rows_read
from tests.store.hand import Hand

MANY = 100_000
# Of each kind and outcome some lie far back: a list that had to look for them would read everything.
_FILL = """
INSERT INTO received_mail (desk_id, id, message_id, sha256, size, sender, sender_name, recipient, subject, nature,
    state, received_at, content)
SELECT %s, gen_random_uuid(), i || '@x', ''::bytea, 1, 'p' || i %% 5000 || '@x.example', '', '', 'Mail ' || i,
    CASE WHEN i < 200 THEN 'bounce' WHEN i %% 3 = 0 THEN 'ordinary' ELSE 'automatic' END,
    CASE WHEN i < 300 THEN 'set_aside' WHEN i %% 3 = 0 THEN 'opened' ELSE 'dropped' END,
    timestamptz '2026-01-01' + i * interval '1 minute', ''::bytea
FROM generate_series(1, %s) i
"""


@pytest.fixture
def crowded(hand: Hand, owner: psycopg.Connection) -> Iterator[Hand]:
    owner.execute(_FILL, (hand.desk_id, MANY))
    owner.execute("VACUUM ANALYZE received_mail")
    yield hand
    owner.execute("DELETE FROM received_mail WHERE desk_id = %s", (hand.desk_id,))


def test_a_page_of_a_hundred_thousand_mails_reads_few_more_than_it_shows(
    crowded: Hand, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, asked = Reads(crowded.store), []
    answer = reads._all
    monkeypatch.setattr(reads, "_all", lambda *given: asked.append(given[1:]) or answer(*given))
    wishes: list[dict[str, Any]] = [
        {},
        {"state": "dropped"},
        {"state": "set_aside"},
        {"nature": "bounce"},
        {"nature": "automatic", "state": "dropped"},
        {"nature": "bounce", "state": "set_aside"},
        {"sender": "p77@x.example"},
        {"sender": "nobody@x.example"},
    ]
    for wish in wishes:
        first = reads.mails_in(crowded.desk_id, **wish, limit=50)
        if first.next:
            second = reads.mails_in(crowded.desk_id, **wish, limit=50, cursor=first.next)
            assert second.items[0].received_at < first.items[-1].received_at
    assert len(asked) > len(wishes)
    read = {str(values): rows_read(owner, sql, values) for sql, values in asked}
    assert {wish: rows for wish, rows in read.items() if rows > 500} == {}
