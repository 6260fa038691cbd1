"""One outcome for each mail: once, kept whole, and never answered where a program wrote it."""

from __future__ import annotations

import hashlib

import pytest

from tests.mail.desk import ACK, HELP, LEADS, LISTENING, Post, write
from tests.office import MANIFEST
from tests.parts.spiff.drawing import draw, message, on, start

OUT = {"Auto_Submitted": "auto-replied", "subject": "Out of office: Ticket 1: we have it"}


def test_whose_an_address_is_stands_in_a_manifest_and_nothing_else_is_read_for_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = MANIFEST + b'[mail]\naddresses = ["sales@desk.example"]\n'
    post.deploy(LISTENING, templates__t_ack_md=ACK, templates__t_leads_md=LEADS, **{"pack.toml": manifest})
    post.renewed()

    def build(*_read: object) -> None:
        raise AssertionError("Expected no diagram, form or template to be read.")

    monkeypatch.setattr("engine.worlds.build_world", build)
    assert post.casepath.mailroom.addresses.desk("sales@desk.example").id == post.desk_id


def test_the_same_mail_again_is_the_same_outcome(post: Post) -> None:
    first = post.take(write())
    again = post.take(b"Received: from elsewhere\r\n" + write())
    assert (again.repeated, again.mail, again.ticket) == (True, first.mail, 1)
    assert len(post.casepath.reads.tickets(post.desk_id).items) == 1


def test_another_mail_under_a_used_id_is_not_lost(post: Post) -> None:
    post.take(write())
    assert post.take(write("Something else.")).ticket == 2


def test_the_whole_mail_is_kept_byte_for_byte(post: Post) -> None:
    receipt = post.take(write())
    ((content, digest),) = post.rows("SELECT content, sha256 FROM received_mail WHERE id = %s", receipt.mail)
    assert (content, digest) == (write(), hashlib.sha256(write()).digest())


def test_an_out_of_office_is_a_note_that_moves_nothing(post: Post) -> None:
    post.take(write())
    receipt = post.take(write("I am away.", id="2@x", **OUT))
    assert (receipt.outcome, receipt.nature, receipt.ticket) == ("noted", "out_of_office", 1)
    (entry,) = post.casepath.reads.entries(post.desk_id, 1)
    assert (entry.kind, entry.public) == ("note", False)
    assert "message_received" not in post.kinds(1)


@pytest.mark.parametrize(
    ("headers", "nature"),
    [
        ({"Auto_Submitted": "auto-replied"}, "out_of_office"),
        ({"Auto_Submitted": "auto-generated"}, "automatic"),
        ({"List_Id": "<news.x.example>"}, "list"),
        ({"Return_Path": "<>"}, "bounce"),
    ],
)
def test_a_program_s_mail_without_a_ticket_is_dropped_with_a_reason_and_not_answered(
    post: Post, headers: dict[str, str], nature: str
) -> None:
    receipt = post.take(write(**headers))
    assert (receipt.outcome, receipt.nature, receipt.ticket) == ("dropped", nature, None)
    assert receipt.reason
    assert (post.sent(), post.casepath.reads.tickets(post.desk_id).items) == ([], [])


def test_our_own_mail_that_comes_back_is_dropped(post: Post) -> None:
    post.take(write())
    ours = next(it for it in post.sent() if it["To"] == "cara@example.com")
    receipt = post.take(ours.as_bytes())
    assert (receipt.outcome, receipt.nature) == ("dropped", "loop")


def test_a_returned_mail_is_noted_at_its_ticket(post: Post) -> None:
    post.take(write())
    ours = next(it for it in post.sent() if it["To"] == "cara@example.com")
    returned = (
        b"From: Mailer <mailer-daemon@example.com>\r\nSubject: Undelivered\r\nMessage-ID: <b@x>\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=r\r\n\r\n"
        b"--r\r\n\r\nNo such user.\r\n--r\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        b"Message-ID: " + str(ours["Message-ID"]).encode() + b"\r\n\r\n--r--\r\n"
    )
    receipt = post.take(returned, sender="<>")
    assert (receipt.outcome, receipt.nature, receipt.ticket) == ("noted", "bounce", 1)


def test_one_sender_s_flood_is_noted_or_dropped_and_never_answered(post: Post) -> None:
    few = post.renewed(mail_hourly=2)
    few.take(write())
    few.take(write("Two.", id="2@x"))
    assert few.take(write("Three.", id="3@x")).reason == "Its sender wrote more than 2 mails within an hour."
    noted = few.take(write("Four.", id="4@x", subject="Ticket 1"))
    assert (noted.outcome, noted.nature) == ("noted", "flood")
    assert few.take(write("Hello.", id="5@x", sender="dan@example.com")).outcome == "opened"


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", b"\0"])
def test_nothing_is_dropped_and_said(post: Post, raw: bytes) -> None:
    assert (post.take(raw).outcome, post.take(raw).reason) == ("dropped", "Nothing is in it.")


def test_a_mail_without_id_sender_and_subject_still_opens_a_ticket_once(post: Post) -> None:
    raw = b"Content-Type: text/plain\r\n\r\nHelp me"
    assert (post.take(raw).ticket, post.take(raw).repeated) == (1, True)
    ticket = post.casepath.reads.ticket(post.desk_id, 1)
    assert (ticket.subject, ticket.requester_name, ticket.requester_email) == (
        *("(no subject)", "Unknown sender"),
        None,
    )


def test_attachments_belong_to_the_ticket_or_the_entry_that_they_came_with(post: Post) -> None:
    body = "--b\r\n\r\nsee\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\n\r\n1;2\r\n--b--"
    kind = {"Content_Type": "multipart/mixed; boundary=b"}
    post.take(_bare(body, "1@x", **kind))
    post.take(_bare(body, "2@x", subject="Ticket 1", **kind))
    rows = post.rows(
        "SELECT ticket_number, entry_id IS NULL, name, content FROM attachment ORDER BY added_at, id"
    )
    assert sorted(rows) == [(1, False, "a.csv", b"1;2"), (1, True, "a.csv", b"1;2")]
    event = next(it for it in post.casepath.reads.trace(post.desk_id, 1) if it.kind == "entry_added")
    (file,) = event.data["attachments"]
    assert (file["size"], file["sha256"]) == (3, hashlib.sha256(b"1;2").hexdigest())
    assert event.values["attachment_names"] == ["a.csv"]
    assert post.casepath.reads.verify(post.desk_id, 1).ok


def test_what_the_door_refuses_is_set_aside_with_its_reason_until_it_is_handed_over_again(post: Post) -> None:
    post.deploy(draw(f"{start('s', on('message', 'm'))}; end e", "s>e", message("m", "order placed")))
    receipt = post.take(write())
    assert (receipt.outcome, receipt.ticket) == ("set_aside", None)
    assert receipt.reason == "At 'p': Expected a plain start event, but the process has none."
    post.deploy(LISTENING, templates__t_ack_md=ACK, templates__t_leads_md=LEADS)
    assert post.take(write()).outcome == "opened"


def _bare(body: str, id: str, subject: str = "It is broken", **headers: str) -> bytes:
    lines = ["From: cara@example.com", f"To: {HELP}", f"Subject: {subject}", f"Message-ID: <{id}>"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", body, ""]).encode()


def test_no_table_holds_a_card_number_that_stands_readably_in_a_mail(post: Post) -> None:
    card = "4111 1111 1111 1111"
    text = f"Mine is {card}.\r\n\r\nOn 5 Jan 2026 you wrote:\r\n> {card}"
    body = f"--b\r\n\r\n{text}\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\n\r\n{card}\r\n--b--"
    post.take(_bare(body, "1@x", f"Card {card}", Content_Type="multipart/mixed; boundary=b"))
    assert "Visa •••• 1111" in post.casepath.reads.ticket(post.desk_id, 1).description
    kept = post.rows("SELECT subject, quoted, content, sha256 = sha256(content) FROM received_mail")
    files = post.rows("SELECT content FROM attachment")
    assert "4111" not in str(kept) + str(files)
    assert kept[0][3] is True
