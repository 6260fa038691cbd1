"""Which mails a person wrote, and which a program."""

from __future__ import annotations

import pytest

from engine.mail import Nature, read_letter

OWN = {"help@desk.example"}


@pytest.mark.parametrize(
    ("header", "nature"),
    [
        ("Subject: hello", Nature.ORDINARY),
        ("Auto-Submitted: no", Nature.ORDINARY),
        ("Auto-Submitted: auto-replied (vacation)", Nature.OUT_OF_OFFICE),
        ("Auto-Submitted: auto-generated\r\nSubject: Automatic reply: hello", Nature.OUT_OF_OFFICE),
        ("X-Auto-Response-Suppress: All\r\nSubject: Out of office", Nature.OUT_OF_OFFICE),
        ("Auto-Submitted: auto-generated", Nature.AUTOMATIC),
        ("X-Auto-Response-Suppress: OOF, AutoReply", Nature.AUTOMATIC),
        ("Precedence: auto_reply", Nature.AUTOMATIC),
        ("Return-Path: <>", Nature.BOUNCE),
        ("Content-Type: multipart/report; report-type=delivery-status; boundary=b", Nature.BOUNCE),
        ("Return-Path: <>\r\nAuto-Submitted: auto-replied", Nature.OUT_OF_OFFICE),
        ("List-Id: News <news.x.example>", Nature.LIST),
        ("Precedence: bulk", Nature.LIST),
        ("List-Id: Our desk <help.desk.example>\r\nPrecedence: list", Nature.ORDINARY),
        ("X-Casepath-Loop: ours", Nature.LOOP),
        ("X-Casepath-Loop: another's", Nature.ORDINARY),
    ],
)
def test_a_header_tells_what_kind_of_mail_it_is(header: str, nature: Nature) -> None:
    raw = f"From: a@x.example\r\n{header}\r\n\r\ntext".encode()
    assert read_letter(raw, own=OWN, loop_mark="ours").nature is nature


@pytest.mark.parametrize("sender", ["<>", ""])
def test_an_empty_sender_of_the_envelope_is_a_returned_mail(sender: str) -> None:
    assert read_letter(b"From: a@x.example\r\n\r\ntext", envelope_sender=sender).nature is Nature.BOUNCE


def test_a_mail_from_our_own_address_is_a_loop() -> None:
    assert read_letter(b"From: Us <HELP@desk.example>\r\n\r\ntext", own=OWN).nature is Nature.LOOP
