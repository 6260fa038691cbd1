"""A mail taken apart: charsets, alternatives, attachments, and everything that is wrong with real ones."""

from __future__ import annotations

import base64
import time

import pytest

from engine.mail import Limits, read_letter

PLAIN = b"From: a@x.example\r\nSubject: s\r\n"


def mixed(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    inside = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    return PLAIN + b"Content-Type: multipart/%s; boundary=b\r\n\r\n" % kind + inside + b"--b--\r\n"


def part(media_type: bytes, content: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([b"Content-Type: " + media_type, *headers, b"", content])


def test_encoded_words_that_share_a_character_are_joined_before_they_are_decoded() -> None:
    whole = base64.b64encode("Störung in Köln".encode())
    split = b"=?utf-8?b?" + base64.b64encode("St\u00f6".encode()[:3]) + b"?=\r\n =?utf-8?b?"
    letter = read_letter(b"Subject: " + split + base64.b64encode("St\u00f6rung".encode()[3:]) + b"?=\r\n\r\n")
    assert letter.subject == "Störung"
    assert read_letter(b"Subject: =?utf-8?b?" + whole + b"?=\r\n\r\n").subject == "Störung in Köln"


@pytest.mark.parametrize(
    ("subject", "read"),
    [
        (b"=?utf-8?q?Hi=0D=0ABcc:_all@x.example?=", "Hi Bcc: all@x.example"),
        (b"=?no-such-charset?q?caf=E9?=", "café"),
        (b"=?utf-8?b?n%t base64?=", "=?utf-8?b?n%t base64?="),
        (b"plain caf\xc3\xa9 in utf-8", "plain café in utf-8"),
        (b"=?punycode?q?xn--x?=", "xn--x"),
        (b"a\x00b\xe2\x80\xaecod.exe", "abcod.exe"),
    ],
)
def test_a_subject_is_one_line_of_text_whatever_was_sent(subject: bytes, read: str) -> None:
    assert read_letter(b"Subject: " + subject + b"\r\n\r\nx").subject == read


def test_plain_text_is_preferred_and_pictures_of_the_html_are_still_kept() -> None:
    html = mixed(
        part(b"text/html", b"<p>rich</p>"),
        part(b"image/png", b"PNG", b"Content-ID: <1>", b'Content-Disposition: inline; filename="shot.png"'),
        kind=b"related",
    ).split(b"\r\n", 2)[2]
    inner = html.replace(b"boundary=b", b"boundary=c").replace(b"--b", b"--c")
    letter = read_letter(mixed(part(b"text/plain", b"plain"), inner, kind=b"alternative"))
    assert (letter.text, [it.name for it in letter.attachments]) == ("plain", ["shot.png"])


def test_html_becomes_text_without_anything_that_runs() -> None:
    html = (
        b"<html><head><title>t</title><style>p{}</style></head><body onload=x()><script>alert(1)</script>"
        b"<p>Line&nbsp;one<br>two</p><ul><li>a</li><li>b</li></ul>"
        b'<a href="javascript:x()">bad</a> <a href="https://x.example/">good</a><img src=x onerror=y>'
        b"<table><tr><td>1</td><td>2</td></tr></table></body></html>"
    )
    letter = read_letter(PLAIN + b"Content-Type: text/html\r\n\r\n" + html)
    assert letter.text == "Line one\ntwo\n\n- a\n- b\n\nbad good (https://x.example/)\n1 | 2"


@pytest.mark.parametrize(
    ("declared", "kept"),
    [
        (b'"../../etc/passwd"', "passwd"),
        (b'"C:\\\\Windows\\\\evil.exe"', "evil.exe"),
        (b'"a\xe2\x80\xaegpj.exe"', "agpj.exe"),
        (b'"..."', "attachment-1.pdf"),
        (b'"CON.txt"', "_CON.txt"),
        (b'"' + b"x" * 300 + b'.pdf"', "x" * 116 + ".pdf"),
        (b'"=?utf-8?q?Stra=C3=9Fe.pdf?="', "Straße.pdf"),
        (b'"a\r\n b.pdf"', "a b.pdf"),
    ],
)
def test_a_file_keeps_its_name_without_what_a_name_could_do(declared: bytes, kept: str) -> None:
    raw = mixed(part(b"application/pdf; name=" + declared, b"%PDF"))
    assert [it.name for it in read_letter(raw).attachments] == [kept]


def test_names_of_rfc_2231_are_read() -> None:
    header = b"Content-Disposition: attachment; filename*0*=utf-8''Stra%C3%9F; filename*1*=e%20.pdf"
    (file,) = read_letter(mixed(part(b"application/pdf", b"%PDF", header))).attachments
    assert file.name == "Straße .pdf"


def test_text_that_its_charset_can_t_be_is_shown_and_its_bytes_are_kept() -> None:
    letter = read_letter(PLAIN + b"Content-Type: text/plain; charset=utf-8\r\n\r\nok \x81\xff bad")
    assert letter.text.startswith("ok ")
    assert [it.content for it in letter.attachments] == [b"ok \x81\xff bad"]


def test_a_mail_in_a_mail_and_a_winmail_dat_are_files() -> None:
    inner = b"From: b@x.example\r\nSubject: inner\r\n\r\nsecret"
    letter = read_letter(
        mixed(
            part(b"text/plain", b"see below"),
            part(b"message/rfc822", inner),
            part(b"application/ms-tnef; name=winmail.dat", b"\x78\x9f\x3e\x22"),
        )
    )
    assert letter.text == "see below"
    assert [(it.media_type, it.name) for it in letter.attachments] == [
        ("message/rfc822", "attachment-1.eml"),
        ("application/ms-tnef", "winmail.dat"),
    ]
    assert b"secret" in letter.attachments[0].content


def test_what_the_limits_leave_out_is_said() -> None:
    files = [part(b"image/png; name=%d.png" % it, b"x" * 10) for it in range(3)]
    few = read_letter(mixed(*files), limits=Limits(count=2))
    assert (len(few.attachments), few.left_out) == (
        2,
        ("“2.png” was not kept apart: only 2 attachments are.",),
    )
    small = read_letter(mixed(*files), limits=Limits(size=9))
    assert (small.attachments, len(small.left_out)) == ((), 3)


def test_three_thousand_nested_parts_are_kept_as_they_came() -> None:
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (it, it) for it in range(3000)
    )
    letter = read_letter(b"From: a@x.example\nSubject: deep\n" + deep)
    assert (letter.subject, letter.attachments[0].name) == ("deep", "message.eml")
    assert letter.left_out == ("The mail could not be taken apart; it is attached as it came.",)


def test_ten_thousand_receivers_take_no_time() -> None:
    many = b", ".join(b"r%d@x.example" % it for it in range(10_000))
    begun = time.process_time()
    letter = read_letter(b"To: " + many + b"\r\nCc: " + many + b"\r\nFrom: a@x.example\r\n\r\nhello")
    assert (letter.text, time.process_time() - begun < 2) == ("hello", True)


def test_a_long_text_is_cut_and_attached_whole() -> None:
    letter = read_letter(PLAIN + b"\r\n" + b"word " * 20_000)
    assert (len(letter.text), letter.attachments[0].name) == (50_000, "text.txt")
    assert "99,999 characters" in letter.left_out[0]


def test_the_same_mail_has_the_same_fingerprint_whatever_servers_add_on_the_way() -> None:
    mail = PLAIN + b"Message-ID: <1@x>\r\n\r\nhello\r\n"
    other_way = b"Received: from a by b\r\nX-Spam: no\r\n" + mail.replace(b"\r\n", b"\n")
    assert read_letter(mail).fingerprint == read_letter(other_way).fingerprint
    assert read_letter(mail).fingerprint != read_letter(mail.replace(b"hello", b"bye")).fingerprint


@pytest.mark.parametrize("id", [b"Message-ID: <1@x>\n", b""])
def test_no_hash_of_a_mail_tells_a_card_number(id: bytes) -> None:
    """All numbers of four known digits are tried within minutes, so that the hash must not be of the number."""
    mail = b"From: a@x.org\nSubject: Card %b\n" + id + b"\nIt is %b.\n"
    one, other = (read_letter(mail % (card, card)) for card in (b"4111111111111111", b"4242420000041111"))
    assert (one.fingerprint, one.message_id) == (other.fingerprint, other.message_id)
    assert one.fingerprint != read_letter(mail % (b"4111111111111111", b"4111111111112222")).fingerprint


def test_nothing_is_an_empty_letter_with_an_id() -> None:
    letter = read_letter(b"")
    assert (letter.empty, letter.senders, letter.message_id.endswith("@no-message-id")) == (True, 0, True)


HTML = PLAIN + b"Content-Type: text/html\r\n\r\n"
HALF_A_MEGABYTE = 500_000


@pytest.mark.parametrize(
    "piece",
    [
        *(
            b"<!--",
            b"<![CDATA[",
            b"<",
            b"</",
            b"<a ",
            b"&",
            b"<?",
            b"<a x='",
            b"<div>",
            b"<blockquote>",
            b"<b x=1><p>",
        ),
        *(b"<table><tr><td>", b"<a href=https://x.example/>", b"<script>", b"&#", b"<svg></b>"),
    ],
)
def test_html_that_is_meant_to_take_for_ever_doesn_t(piece: bytes) -> None:
    begun = time.process_time()
    read_letter(HTML + piece * (HALF_A_MEGABYTE // len(piece)))
    assert time.process_time() - begun < 20


@pytest.mark.parametrize(
    "raw",
    [
        b"From: " + b"(" * 19_000 + b"\r\n\r\nx",
        PLAIN + b"X: y\r\n" * 1_000_000 + b"\r\nx",
        PLAIN + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 500_000,
        PLAIN + b"\r\n" + b">\n" * 3_000_000,
        PLAIN + b"\r\n--" + b" " * 1_000_000,
        b"Subject: a" + b"\r\n b" * 200_000 + b"\r\n\r\nx",
    ],
    ids=["comments", "headers", "parts", "quotes", "rule", "folds"],
)
def test_a_mail_that_is_meant_to_take_for_ever_doesn_t(raw: bytes) -> None:
    begun = time.process_time()
    read_letter(raw)
    assert time.process_time() - begun < 20
