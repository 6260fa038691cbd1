"""Services that go out by HTTP: to a real server, which verifies what it is sent by its own code."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest

from engine.runtime.commands import RetryIncident
from tests.office import MANIFEST, Office
from tests.parts.runtime.worlds import LEAD
from tests.parts.spiff.drawing import boundary, declared, draw, extension, mapping, node, on

SECRET = "known to both sides"
PAID = (200, b'{"refund": "R-77", "amount": 19.90}')


class Bank:
    """An outside system: what it was asked, and what it answers next."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answers: list[tuple[int, bytes] | Callable[[], tuple[int, bytes]]] = []
        self.url = ""

    def take(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Verify the signature as the documentation says, note what was asked, and answer."""
        signed = headers["casepath-timestamp"].encode() + b"." + body
        expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        genuine = hmac.compare_digest(expected, headers["casepath-signature"])
        self.asked.append({"path": path, "genuine": genuine, "headers": headers, "body": body})
        answer = self.answers.pop(0) if self.answers else PAID
        return answer() if callable(answer) else answer


@pytest.fixture
def bank() -> Iterator[Bank]:
    """A real HTTP server on a free port of this machine."""
    made = Bank()

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, said = made.take(self.path, headers, body)
            try:
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", f"{made.url}/elsewhere")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)
            except BrokenPipeError:  # who asked has given up waiting
                return

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    made.url = f"http://127.0.0.1:{server.server_port}/pay"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


def deploy(office: Office, bank: Bank, monkeypatch: pytest.MonkeyPatch, *, timeout: str = "PT5S") -> None:
    """Deploy a process that refunds by a connector, with a way for the error `card_expired`; open a ticket."""
    monkeypatch.setenv("BANK_SECRET", SECRET)
    inputs = mapping(
        {"account": '="A-1"', "amount": "=19.90", "on": '=date("2026-01-05")', "whole": "=20"},
        {"refund": "=refund", "amount": "=amount"},
    )
    type = '<zeebe:taskDefinition type="payment.refund" retries="2" />'
    nodes = (
        f"start s; {node('service', 'pay', extension(type + inputs))}; user paid; end e; user expired; end x"
    )
    caught = boundary("b", "pay", on("error", "card_expired"))
    diagram = draw(
        f"{nodes}; {caught}",
        "s>pay>paid>e b>expired>x",
        declared("error", "card_expired", code="card_expired"),
    )
    connector = f'{{ url = "{bank.url}", secret = "BANK_SECRET", timeout = "{timeout}" }}'
    manifest = MANIFEST + f"[connectors]\npayment = {connector}\n".encode()
    office.deploy(diagram, pack_toml=manifest)
    office.open()


def work(office: Office, tries: int = 1) -> None:
    """Let workers try, each time as if the pause after a failure were over."""
    for _ in range(tries):
        office.settle()
        office.rows("UPDATE outbox SET next_at = now() WHERE state = 'pending' RETURNING 1")


def standing(office: Office) -> list[object]:
    return [row[0] for row in office.rows("SELECT element FROM task WHERE state = 'open'")]


def incident(office: Office) -> str:
    ((message,),) = office.rows("SELECT message FROM incident WHERE closed_at IS NULL")
    return str(message)


def test_a_service_goes_out_signed_and_its_answer_goes_on(
    office: Office, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(office, bank, monkeypatch)
    work(office)
    (asked,) = bank.asked
    assert (asked["path"], asked["genuine"]) == ("/pay/refund", True)
    assert json.loads(asked["body"]) == {
        "inputs": {"account": "A-1", "amount": 19.9, "on": "2026-01-05", "whole": 20}, "ticket": 1, "desk": "wk",
    }  # fmt: skip
    assert (
        asked["headers"]["casepath-timestamp"] == "1767603600"
    )  # Monday, 9:00 UTC, by the clock of the desk
    assert asked["headers"]["content-type"] == "application/json"
    assert standing(office) == ["paid"]
    kept = office.rows("SELECT value FROM trail_value WHERE name IN ('refund', 'amount')")
    assert (b'"R-77"',) in kept and (b'{"$n":"19.9"}',) in kept


def test_a_body_that_was_changed_on_the_way_is_not_genuine(
    office: Office, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(office, bank, monkeypatch)
    work(office)
    asked = bank.asked[0]
    bank.take("/pay/refund", asked["headers"], asked["body"].replace(b"19.9", b"99.9"))
    assert [it["genuine"] for it in bank.asked] == [True, False]


def test_a_refusal_with_a_code_is_a_bpmn_error(
    office: Office, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(office, bank, monkeypatch)
    bank.answers = [(422, b'{"error": "card_expired", "message": "The card has expired."}')]
    work(office)
    assert standing(office) == ["expired"]


def test_a_code_that_nobody_catches_is_an_incident_and_not_asked_again(
    office: Office, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(office, bank, monkeypatch)
    bank.answers = [(409, b'{"error": "unheard_of"}')]
    work(office, 2)
    assert len(bank.asked) == 1
    assert "unheard_of" in incident(office)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((503, b"{}"), "but it gave status 503."),
        ((429, b'{"error": "slow_down"}'), "but it gave status 429."),
        ((302, b""), "but it gave status 302 without an error's code."),
        ((404, b"<html>"), "but it gave status 404 that is no JSON object."),
        ((400, b'{"error": 7}'), "but it gave status 400 without an error's code."),
        ((200, b"[1]"), "but it gave status 200 that is no JSON object."),
        ((200, b'{"amount": NaN}'), "but it gave status 200 that is no JSON object."),
        ((200, b'{"a": "' + b"x" * 1_000_000 + b'"}'), "Expected an answer of at most 1,000,000 bytes"),
    ],
)
def test_what_is_no_answer_is_asked_again_with_the_same_key_and_then_an_incident(
    office: Office,
    bank: Bank,
    monkeypatch: pytest.MonkeyPatch,
    answer: tuple[int, bytes],
    sentence: str,
) -> None:
    deploy(office, bank, monkeypatch)
    bank.answers = [answer, answer]
    work(office, 2)
    assert len({it["headers"]["idempotency-key"] for it in bank.asked}) == 1
    assert len(bank.asked) == 2
    assert sentence in incident(office)
    assert standing(office) == []


def test_a_second_try_that_is_answered_leaves_no_incident(
    office: Office, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(office, bank, monkeypatch)
    bank.answers = [(500, b""), PAID]
    work(office, 2)
    assert standing(office) == ["paid"]


def test_a_lead_who_retries_asks_with_the_key_of_before(
    office: Office, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was never answered may have been paid, so the outside system must recognise it."""
    deploy(office, bank, monkeypatch)
    bank.answers = [(500, b""), (500, b""), PAID]
    work(office, 2)
    retry(office)
    work(office)
    assert len({it["headers"]["idempotency-key"] for it in bank.asked}) == 1
    assert standing(office) == ["paid"]


def test_an_answer_that_takes_too_long_is_a_failed_try(
    office: Office, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(office, bank, monkeypatch, timeout="PT0.3S")

    def late() -> tuple[int, bytes]:
        time.sleep(1)
        return PAID

    bank.answers = [late, late]
    work(office, 2)
    assert "within 0.3 seconds, but it took longer" in incident(office)


def test_nobody_there_is_an_incident_that_names_the_address(
    office: Office, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, bank.url = bank.url, "http://127.0.0.1:1/pay"
    deploy(office, bank, monkeypatch)
    work(office, 2)
    bank.url = real
    assert "Expected an answer of http://127.0.0.1:1/pay/refund, but: ConnectionRefusedError" in incident(
        office
    )


def test_without_its_secret_nothing_is_sent_and_the_incident_names_the_variable(
    office: Office, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(office, bank, monkeypatch)
    monkeypatch.delenv("BANK_SECRET")
    work(office, 2)
    assert bank.asked == []
    assert "the environment variable BANK_SECRET of the worker, but it is not set" in incident(office)


def retry(office: Office) -> None:
    ((id,),) = office.rows("SELECT id FROM incident WHERE closed_at IS NULL")
    office.casepath.engine.handle(
        RetryIncident(id=uuid4(), desk_id=office.desk_id, actor=LEAD, incident_id=id)
    )
