"""Mail on the pages: what is new, the history folded away, files as downloads, and what is said of a mail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.links import follow_secret
from engine.mailroom import Incoming, Mailroom
from tests.web.conftest import Office

BODY = (
    "--b\r\nContent-Type: text/html\r\n\r\n<p>It <b>blinks</b>.</p><script>alert(1)</script>"
    "<p>On 5 Jan 2026 Desk wrote:</p><blockquote>old words</blockquote>\r\n"
    "--b\r\nContent-Type: text/html; name=page.html\r\nContent-Disposition: attachment\r\n\r\n"
    "<script>1</script>\r\n--b--"
)


def mail(id: str, subject: str = "Router", body: str = BODY, **headers: str) -> bytes:
    lines = ["From: Ann Meyer <ann@example.com>", f"Subject: {subject}", f"Message-ID: <{id}>"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Content-Type: multipart/mixed; boundary=b", "", body, ""]).encode()


@pytest.fixture
def take(office: Office):
    casepath = office.casepath
    settings = replace(casepath.settings, mail_hourly=1_000)
    room = Mailroom(
        settings, casepath.store, casepath.clock, casepath.worlds, casepath.engine, casepath.replies
    )
    return lambda raw: room.receive(office.desk, Incoming(raw))


def test_a_ticket_by_mail_shows_what_is_new_and_folds_the_history_away(visit, office, take) -> None:
    number = take(mail("1@x")).ticket
    office.person("lea", "lead")
    page = visit("lea").get(f"/tickets/{number}").text
    assert "It blinks." in page
    assert "alert(1)" not in page
    assert "<summary>Quoted history</summary>" in page
    assert "page.html" in page
    assert "The mail as it came" in page


def test_a_file_is_a_download_of_no_type_that_runs(visit, office, take) -> None:
    number = take(mail("1@x")).ticket
    office.person("ann", "agent")
    (file,) = office.casepath.reads.attachments(office.desk.id, number)
    answer = visit("ann").get(f"/tickets/{number}/files/{file.id}")
    assert (answer.status_code, answer.data, answer.mimetype) == (
        *(200, b"<script>1</script>"),
        "application/octet-stream",
    )
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="page.html"')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_customer_gets_the_files_of_their_own_words_and_of_no_note(visit, office, take) -> None:
    number = take(mail("1@x")).ticket
    take(mail("2@x", f"Ticket {number}: away", Auto_Submitted="auto-replied"))
    secret = follow_secret(office.casepath.settings.secret_key, office.desk.id, number)
    files = office.casepath.reads.attachments(office.desk.id, number)
    noted, first = sorted(files, key=lambda it: it.public)
    page = visit().get(f"/follow/{secret}").text
    assert str(first.id) in page
    assert str(noted.id) not in page
    assert visit().get(f"/follow/{secret}/files/{first.id}").status_code == 200
    assert visit().get(f"/follow/{secret}/files/{noted.id}").status_code == 404
    assert visit().get(f"/follow/{secret[:-1]}x/files/{first.id}").status_code == 404


def test_an_out_of_office_is_shown_as_such_to_agents(visit, office, take) -> None:
    number = take(mail("1@x")).ticket
    take(mail("2@x", f"Ticket {number}: away", Auto_Submitted="auto-replied"))
    office.person("ann", "agent")
    page = visit("ann").get(f"/tickets/{number}").text
    assert "automatic reply (out of office)" in page
    assert "An automatic reply, such as out of office." in page


def test_only_who_may_audit_gets_the_mail_as_it_came(visit, office, take) -> None:
    receipt = take(mail("1@x"))
    office.person("ann", "agent")
    office.person("lea", "lead")
    where = f"/tickets/{receipt.ticket}/mails/{receipt.mail}.eml"
    assert visit("ann").get(where).status_code == 403
    assert visit("lea").get(where).data == mail("1@x")
