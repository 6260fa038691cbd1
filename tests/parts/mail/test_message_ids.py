"""Ids of our mails name their ticket, and nobody else can make one."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.message_ids import SentMail, message_id, read_message_id

MAIL = SentMail(1, 4711, UUID(int=7))


def test_an_id_names_its_mail_also_in_other_letters_and_inside_a_returned_mail() -> None:
    own = message_id("secret", MAIL, "desk.example")
    assert read_message_id("secret", own) == MAIL
    assert read_message_id("secret", f"Message-ID: <{own.upper()}>\r\nSubject: x") == MAIL


@pytest.mark.parametrize("old, new", [("4711", "4712"), ("casepath.1.", "casepath.2."), ("07.", "08.")])
def test_a_changed_id_is_nobody_s(old: str, new: str) -> None:
    assert read_message_id("secret", message_id("secret", MAIL, "desk.example").replace(old, new, 1)) is None


def test_another_key_makes_other_ids() -> None:
    assert read_message_id("other", message_id("secret", MAIL, "desk.example")) is None
