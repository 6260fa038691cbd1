"""Files that are sent with words: on the customer's pages, on an agent's, and by REST; never lost, never believed."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import psycopg
import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from engine.links import follow_secret
from engine.uploads import Uploads
from engine.workers.scheduler import UPLOADS_KEPT
from tests.web.test_api import NEW_TICKET, Program
from webui import uploading

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
ASKED = {"name": "Ann", "email": "ann@example.com", "subject": "Dead", "description": "It blinks red."}
COMMAND = re.compile(r'name="command_id" value="([\w-]+)"')


def file(name: str, content: bytes, claimed: str = "image/png"):
    return io.BytesIO(content), name, claimed


def storage(name: str, content: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(content), name, "files", "image/png")


@pytest.fixture
def small(app, casepath):
    """Limits that a test can reach: two files of a megabyte, two megabytes together."""
    settings = replace(casepath.settings, mail_file_size=1, mail_size=2, mail_files=2)
    object.__setattr__(casepath, "uploads", Uploads(settings, casepath.store))
    uploading.install(app)
    yield
    object.__setattr__(casepath, "uploads", Uploads(casepath.settings, casepath.store))
    uploading.install(app)


@pytest.fixture
def ask(office):
    return f"/help/{office.desk.key}"


@pytest.fixture
def number(office) -> int:
    return office.open_ticket()


@pytest.fixture
def follow(office, number) -> str:
    return f"/follow/{follow_secret(office.casepath.settings.secret_key, office.desk.id, number)}"


def of(office, number: int) -> list[tuple[str, str, bytes]]:
    """The files of a ticket: name, type and bytes."""
    reads = office.casepath.reads
    found = reads.attachments(office.desk.id, number)
    return [(it.name, it.media_type, reads.attachment(office.desk.id, number, it.id)[1]) for it in found]


def waiting(office) -> int:
    with office.casepath.store.transaction() as connection:
        sql = "SELECT count(*) FROM upload WHERE desk_id = %s"
        return connection.execute(sql, (office.desk.id,)).fetchone()[0]


def test_a_customer_asks_with_files_and_finds_them_on_the_page_of_the_request(visit, office, ask) -> None:
    visitor = visit()
    answer = visitor.post(
        ask, **ASKED, files=[file("red light.png", PNG), file("log.csv", b"1;2", "text/csv")]
    )
    assert answer.status_code == 302
    page = visitor.get(answer.headers["Location"]).text
    assert "red light.png" in page
    got = visitor.get(re.search(r'href="(/follow/[^"]+/files/[^"]+)"', page)[1])
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    (ticket,) = office.casepath.reads.tickets(office.desk.id).items
    assert sorted(of(office, ticket.number)) == [
        ("log.csv", "text/csv", b"1;2"),
        ("red light.png", "image/png", PNG),
    ]
    opened = office.casepath.reads.trace(office.desk.id, ticket.number)[0]
    assert sorted(opened.values["attachment_names"]) == ["log.csv", "red light.png"]
    assert waiting(office) == 0
    assert office.casepath.reads.verify(office.desk.id, ticket.number).ok


def test_an_answer_of_the_customer_brings_files(visit, office, follow, number) -> None:
    answer = visit().post(f"{follow}/answer", follow, body="See this.", files=[file("a.png", PNG)])
    assert answer.status_code == 302
    assert of(office, number) == [("a.png", "image/png", PNG)]
    (entry,) = office.casepath.reads.entries(office.desk.id, number)
    (attached,) = office.casepath.reads.attachments(office.desk.id, number)
    assert (attached.entry_id, attached.public) == (entry.id, True)


def test_an_agent_s_note_brings_files_that_the_customer_does_not_get(visit, office, follow, number) -> None:
    agent = visit("ann", "agent")
    where = f"/tickets/{number}"
    agent.post(f"{where}/entries", where, kind="note", body="Seen.", files=[file("ours.png", PNG)])
    agent.post(f"{where}/entries", where, kind="reply", body="Look.", files=[file("yours.png", PNG)])
    assert {it[0] for it in of(office, number)} == {"ours.png", "yours.png"}
    assert "ours.png" in agent.get(where).text
    page = visit().get(follow).text
    assert "yours.png" in page
    assert "ours.png" not in page.replace("yours.png", "")


def test_an_answer_to_a_request_that_is_over_brings_its_files_to_the_new_one(
    visit, office, follow, number
) -> None:
    lead = visit("lea", "lead")
    lead.post(f"/tickets/{number}/cancel", f"/tickets/{number}", reason="over")
    visit().post(f"{follow}/answer", follow, body="Again!", files=[file("a.png", PNG)])
    assert of(office, number) == []
    assert [it[0] for it in of(office, number + 1)] == ["a.png"]


def test_a_wrong_field_costs_no_file_and_no_word(visit, office, ask) -> None:
    visitor = visit()
    wrong = visitor.post(ask, **(ASKED | {"email": ""}), files=[file("a.png", PNG)])
    assert wrong.status_code == 422
    assert "It blinks red." in wrong.text
    assert "Attached already" in wrong.text
    assert "a.png" in wrong.text
    kept = re.search(r'name="kept_file" value="([\w-]+)"', wrong.text)[1]
    again = visitor.client.post(
        ask, data={**hidden(wrong.text), **ASKED, "kept_file": kept, "files": file("b.png", PNG + b"b")}
    )
    assert again.status_code == 302
    (ticket,) = office.casepath.reads.tickets(office.desk.id).items
    assert sorted(it[0] for it in of(office, ticket.number)) == ["a.png", "b.png"]


def hidden(page: str) -> dict[str, str]:
    """Token and command id of the form that came back."""
    token = re.search(r'name="csrf_token" value="(\w+)"', page)[1]
    return {"csrf_token": token, "command_id": COMMAND.search(page)[1]}


def test_a_file_that_is_no_longer_wanted_stays_behind(visit, office, ask) -> None:
    visitor = visit()
    wrong = visitor.post(ask, **(ASKED | {"subject": ""}), files=[file("a.png", PNG)])
    assert visitor.client.post(ask, data={**hidden(wrong.text), **ASKED}).status_code == 302
    (ticket,) = office.casepath.reads.tickets(office.desk.id).items
    assert of(office, ticket.number) == []


def test_a_form_sent_twice_has_its_files_once(visit, office, ask) -> None:
    visitor = visit()
    page = visitor.get(ask).text
    for _ in range(2):
        sent = {**hidden(page), **ASKED, "files": file("a.png", PNG)}
        assert visitor.client.post(ask, data=sent).status_code == 302
    (ticket,) = office.casepath.reads.tickets(office.desk.id).items
    assert len(of(office, ticket.number)) == 1


def test_a_form_that_came_back_and_is_sent_twice_has_its_files_once(visit, office, ask) -> None:
    visitor = visit()
    wrong = visitor.post(ask, **(ASKED | {"email": ""}), files=[file("a.png", PNG)])
    kept = re.search(r'name="kept_file" value="([\w-]+)"', wrong.text)[1]
    for _ in range(2):
        sent = {**hidden(wrong.text), **ASKED, "kept_file": kept, "files": file("b.png", PNG + b"b")}
        assert visitor.client.post(ask, data=sent).status_code == 302
    (ticket,) = office.casepath.reads.tickets(office.desk.id).items
    assert len(of(office, ticket.number)) == 2


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([("big.bin", b"x" * (1_100_000))], "“big.bin” is larger than 1 MB, so it was not kept."),
        ([(f"{it}.txt", b"%d" % it) for it in range(3)], "“2.txt” was not kept: Expected at most 2 files"),
        ([(f"{it}.txt", b"%d" % it * 1_048_000) for it in range(2)] , ""),
        ([("huge.bin", b"x" * 4_000_000)], "“huge.bin” is larger than 1 MB, so it was not kept."),
    ],
)  # fmt: skip
def test_what_is_too_much_is_said_and_what_was_typed_is_kept(
    visit, small, ask, files: list[tuple[str, bytes]], sentence: str
) -> None:
    visitor = visit()
    fields = {**hidden(visitor.get(ask).text), **ASKED, "files": [storage(*it) for it in files]}
    boundary, body = encode_multipart(fields)  # the client itself would leave a file open behind large ones
    answer = visitor.client.post(ask, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    assert answer.status_code == (422 if sentence else 302)
    assert sentence in answer.text
    if sentence:
        assert "It blinks red." in answer.text
        assert "At most 2 files of up to 1 MB each, 2 MB together." in answer.text


def test_more_than_can_be_explained_is_refused_in_a_sentence(visit, small, ask) -> None:
    form = "multipart/form-data; boundary=b"
    answer = visit().client.post(ask, data=b"x" * 7_000_000, content_type=form)
    assert answer.status_code == 413
    assert "Expected at most 2 MB at once, but more was sent." in answer.text


@pytest.mark.parametrize(
    ("sent", "name", "kind"),
    [
        (("../../etc/passwd", b"root"), "passwd", "application/octet-stream"),
        (("a\u202egnp.exe", b"MZ\0"), "agnp.exe", "application/octet-stream"),
        (("x.png", b"<script>alert(1)</script>"), "x.png", "application/octet-stream"),
        (("x.txt", PNG), "x.txt", "image/png"),
        (("x.txt", b"\0\1\2"), "x.txt", "application/octet-stream"),
        (("", PNG), None, None),
        (("CON", b"x"), "_CON", "application/octet-stream"),
    ],
)
def test_names_are_cleaned_and_types_are_not_believed(
    visit, office, follow, number, sent: tuple[str, bytes], name: str | None, kind: str | None
) -> None:
    answer = visit().post(f"{follow}/answer", follow, body="See this.", files=[file(*sent)])
    assert answer.status_code == 302
    assert [it[:2] for it in of(office, number)] == ([(name, kind)] if name else [])


def test_card_numbers_in_texts_are_masked(visit, office, follow, number) -> None:
    visit().post(f"{follow}/answer", follow, body="See.", files=[file("a.txt", b"4111 1111 1111 1111")])
    ((_, _, content),) = of(office, number)
    assert b"4111 1111" not in content


def test_a_file_of_another_form_or_of_a_ticket_can_not_be_named(visit, office, follow, number) -> None:
    visit().post(f"{follow}/answer", follow, body="See.", files=[file("a.png", PNG)])
    (attached,) = office.casepath.reads.attachments(office.desk.id, number)
    stolen = visit().post(f"{follow}/answer", follow, body="Mine.", kept_file=str(attached.id))
    assert stolen.status_code == 409
    assert "Expected the files to be kept still, but one is not; attach it again." in stolen.text
    assert len(office.casepath.reads.entries(office.desk.id, number)) == 1


def test_after_a_log_in_that_ended_the_page_says_which_files_to_choose_again(visit, number) -> None:
    visitor = visit("ann", "agent")
    page = visitor.get(f"/tickets/{number}").text
    visitor.client.delete_cookie("casepath_session")
    sent = {**hidden(page), "kind": "note", "body": "Long words.", "files": file("a.png", PNG)}
    answer = visitor.client.post(f"/tickets/{number}/entries", data=sent)
    assert answer.status_code == 401
    assert "a.png" in answer.text
    assert "Long words." in answer.text


def test_files_that_went_with_no_words_are_forgotten_after_two_days(visit, office, ask) -> None:
    visit().post(ask, **(ASKED | {"email": ""}), files=[file("a.png", PNG)])
    store = office.casepath.store
    store.uploads.tidy(UPLOADS_KEPT)
    assert waiting(office) == 1
    with psycopg.connect(office.casepath.settings.admin_database_url) as connection:
        connection.execute("UPDATE upload SET added_at = added_at - interval '49 hours'")
    store.uploads.tidy(UPLOADS_KEPT)
    assert waiting(office) == 0


class TestByRest:
    @pytest.fixture
    def agent(self, app, office) -> Program:
        return Program(app, office, "ann", "agent")

    def test_a_file_is_sent_and_goes_with_an_entry_or_a_new_ticket(self, agent, office, number) -> None:
        sent = send(agent, "a.png", PNG)
        assert (sent.status_code, sent.json["name"], sent.json["media_type"]) == (201, "a.png", "image/png")
        body = {"body": "See this.", "attachments": [sent.json["id"]]}
        for _ in range(2):
            assert agent.ask("add_entry", body, once="e", number=number).status_code == 201
        assert of(office, number) == [("a.png", "image/png", PNG)]
        other = {**NEW_TICKET, "attachments": [send(agent, "b.png", PNG).json["id"]]}
        opened = agent.ask("open_ticket", other).json["number"]
        assert [it[0] for it in of(office, opened)] == ["b.png"]

    def test_one_key_sends_one_file(self, agent) -> None:
        first, again = (send(agent, "a.png", PNG, once="f").json["id"] for _ in range(2))
        assert first == again

    def test_a_key_that_was_used_for_another_file_is_refused(self, agent) -> None:
        assert send(agent, "a.png", PNG, once="f").status_code == 201
        for name, content in (("b.png", PNG), ("a.png", PNG + b"more")):
            refused = send(agent, name, content, once="f")
            assert (refused.status_code, refused.json["detail"]) == (
                409,
                "Expected an id of its own for each file, but another one was sent under this one, or long ago.",
            )

    def test_a_file_that_is_sent_again_after_it_went_with_an_entry_can_not_go_twice(
        self, agent, office, number
    ) -> None:
        sent = send(agent, "a.png", PNG, once="f").json
        body = {"body": "See this.", "attachments": [sent["id"]]}
        assert agent.ask("add_entry", body, number=number).status_code == 201
        assert send(agent, "a.png", PNG, once="f").json == sent
        assert waiting(office) == 0
        assert agent.ask("add_entry", body, number=number).status_code == 409
        assert len(of(office, number)) == 1

    def test_a_file_goes_once_and_only_with_words_of_its_own_token(self, app, agent, office, number) -> None:
        file_id = send(agent, "a.png", PNG).json["id"]
        body = {"body": "See this.", "attachments": [file_id]}
        other = Program(app, office, "ben", "agent")
        refused = other.ask("add_entry", body, number=number)
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "attachments")
        assert agent.ask("add_entry", body, number=number).status_code == 201
        assert agent.ask("add_entry", body, number=number).status_code == 409

    def test_what_is_too_large_or_nameless_is_refused_in_a_sentence(self, small, agent) -> None:
        refused = send(agent, "a.bin", b"x" * 1_100_000)
        assert refused.status_code == 422
        assert refused.json["errors"][0]["detail"] == "“a.bin” is larger than 1 MB, so it was not kept."
        assert send(agent, "", b"x").status_code == 422


def send(agent: Program, name: str, content: bytes, once: str | None = None):
    headers = {"Authorization": f"Bearer {agent.secret}"} | ({"Idempotency-Key": once} if once else {})
    return agent.client.post(
        "/api/v1/files",
        query_string={"name": name},
        data=content,
        headers=headers,
        content_type="application/octet-stream",
    )
