"""Whatever bytes arrive, there is a letter: never an exception, never text that can't be stored."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.mail import Letter, read_letter, telling_headers
from engine.runtime.keeping import judge_line, kept

SEEDS = (
    b"From: =?utf-8?q?J=C3=B6rg?= <j@x.example>\r\nSubject: =?utf-8?b?SGFsbG8=?=\r\nMessage-ID: <a@b>\r\n"
    b"In-Reply-To: <q@w>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
    b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"<p>Hello=20<b>you</b></p><blockquote>old</blockquote>\r\n--x\r\n"
    b"Content-Type: application/pdf; name*=utf-8''a%20b.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    b"QUJD\r\n--x--\r\n",
    b"Return-Path: <>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\r\n\r\n"
    b"--r\r\n\r\nlost\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n\r\n"
    b"--r\r\nContent-Type: message/rfc822\r\n\r\n"
    b"Subject: x\r\n\r\nbody\r\n--r--\r\n",
    b"begin 644 a\n#0V%T\n`\nend\n",
)
PIECES = (
    *(
        b"\r\n",
        b"\n",
        b"\r",
        b"\0",
        b"\xff",
        b"\xed\xa0\x80",
        b":",
        b";",
        b"--x",
        b"--x--",
        b"=?utf-8?b?",
        b"?=",
    ),
    *(
        b"Content-Type: ",
        b"multipart/mixed; boundary=",
        b'"',
        b"charset=punycode",
        b"charset=utf-16",
        b"charset=hz",
    ),
    *(
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: uuencode\r\n",
        b"message/rfc822",
    ),
    *(
        b"message/partial; number=x",
        b"text/rfc822-headers",
        b"filename*0*=",
        b"''%ff%",
        b"From: <<>>, a@b@c, (",
        b"<",
    ),
    *(
        b"</blockquote><table><td>",
        b"&#0;&#xd800;&#x110000;",
        b"\xe2\x80\xae",
        b"=",
        b"=\r\n=3D=",
        b" \t" * 5,
    ),
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A mail with some of its bytes taken away, doubled, exchanged or mixed with what mails are made of."""
    raw = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(0, 8))):
        at = draw(st.integers(0, len(raw)))
        until = min(len(raw), at + draw(st.integers(0, 60)))
        new = draw(st.one_of(st.sampled_from(PIECES), st.binary(max_size=12), st.just(raw[at:until] * 2)))
        raw = raw[:at] + new + raw[until:]
    return raw


@settings(max_examples=600, deadline=None)
@given(st.one_of(mutated(), st.binary(max_size=300)))
@example(b"Content-Type: text/plain; charset=undefined\r\n\r\n\xff")
@example(b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nRnJvbTogYQ==")
@example(b"Message-ID: <a@b>\r\nIn-Reply-To: <\0q@w>\r\n\r\n")
@example(b"Message-ID: a\0b\r\n\r\n")
def test_every_sequence_of_bytes_is_a_letter_that_can_be_kept(raw: bytes) -> None:
    letter = read_letter(raw, envelope_sender="<>")
    assert_keepable(letter)
    assert read_letter(raw, envelope_sender="<>") == letter
    assert [sentence for _, text in telling_headers(raw) if (sentence := judge_line(text))] == []


def assert_keepable(letter: Letter) -> None:
    lines = [letter.subject, letter.sender.name, letter.sender.address, letter.message_id, *letter.references]
    lines += [name for it in letter.attachments for name in (it.name, it.media_type)]
    assert [sentence for it in lines if (sentence := judge_line(it))] == []
    assert not any("\n" in it or "\r" in it for it in lines)
    kept({"text": letter.text, "quoted": letter.quoted, "left_out": list(letter.left_out)})
    assert all(0 < len(it.name) <= 120 and "/" not in it.name for it in letter.attachments)
