"""Mails that are broken or meant to do harm: each is kept whole and can be read, and says what it can't be."""

from __future__ import annotations

import pytest

from tests.mail.desk import HELP, Post, write

HEAD = f"From: Eve <eve@example.net>\r\nTo: {HELP}\r\nMessage-ID: <bad@x>\r\n".encode()
NOT_TAKEN_APART = "The mail could not be taken apart; it is attached as it came."


def kept_whole(post: Post, raw: bytes) -> None:
    assert post.rows("SELECT content, size FROM received_mail") == [(raw, len(raw))]


@pytest.mark.parametrize(
    ("raw", "subject", "text"),
    [
        (HEAD + b"Subject: a\0b\r\n\r\nc\0d\r\n", "ab", "cd"),
        (HEAD + b"Subject: a\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nGr\xfc\xdfe\r\n", "a", "Grüße"),
        (HEAD + b"Subject: =?x-klingon?q?Qapla=27?=\r\n\r\nHi\r\n", "Qapla'", "Hi"),
        (HEAD + b"Subject: a\r\nContent-Type: text/plain; charset=utf-16\r\n\r\nplain\r\n", "a", None),
        (HEAD + b"Subject: a\r\nContent-Transfer-Encoding: base64\r\n\r\n!!not base64!!\r\n", "a", None),
        (HEAD + b"Subject: a\r\nContent-Type: multipart/mixed\r\n\r\nno boundary\r\n", "a", "no boundary"),
        (b"X: y\r\n" * 10_000 + HEAD + b"Subject: late\r\n\r\nHi\r\n", "late", "Hi"),
    ],
    ids=["NUL", "charset", "unknown charset", "pairs", "base64", "no boundary", "ten thousand headers"],
)  # fmt: skip
def test_a_broken_mail_opens_a_ticket_that_can_be_read(
    post: Post, raw: bytes, subject: str, text: str | None
) -> None:
    receipt = post.take(raw)
    assert receipt.outcome == "opened"
    ticket = post.casepath.reads.ticket(post.desk_id, 1)
    assert ticket.subject == subject
    assert text in (None, ticket.description)
    assert "\0" not in ticket.description
    kept_whole(post, raw)
    sight = post.casepath.mail_by_hand.look(post.desk_id, receipt.mail)
    assert ("From", "Eve <eve@example.net>") in sight.headers


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"X: " + b"y" * (1 << 20) + b"\r\nSubject: a\r\n\r\nHi\r\n",
        HEAD
        + b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (it, it) for it in range(5_000)
        )
        + b"\r\nHi\r\n",
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n\r\n" * 30_000,
    ],
    ids=["a header of a megabyte", "parts in parts", "thirty thousand parts"],
)
def test_what_can_not_be_taken_apart_is_attached_as_it_came_and_said(post: Post, raw: bytes) -> None:
    receipt = post.take(raw)
    assert receipt.outcome == "opened"
    (mail,) = post.casepath.reads.received_mails(post.desk_id, 1)
    assert mail.left_out == [NOT_TAKEN_APART]
    assert post.rows("SELECT name, ticket_number, content FROM attachment") == [("message.eml", 1, raw)]
    kept_whole(post, raw)
    assert post.casepath.mail_by_hand.look(post.desk_id, receipt.mail).left_out == (NOT_TAKEN_APART,)


def test_files_that_lie_about_what_they_are_are_bytes(post: Post) -> None:
    body = "--b\r\n\r\nsee\r\n--b\r\nContent-Type: image/png; name=x.png\r\n\r\n<script>1</script>\r\n--b--"
    raw = write(body).replace(
        b"Content-Type: text/plain; charset=utf-8", b"Content-Type: multipart/mixed; boundary=b"
    )
    post.take(raw)
    assert post.rows("SELECT name, media_type FROM attachment") == [("x.png", "application/octet-stream")]
