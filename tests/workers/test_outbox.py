"""What leaves: mail over real SMTP and service calls, with retries, a stable id and an incident in the end."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller

from engine.bootstrap import open_casepath
from engine.runtime.commands import RetryIncident
from engine.settings import Settings
from engine.workers.queues import JOB_TIMEOUT_SECONDS, connect
from tests.office import Office
from tests.parts.runtime.worlds import LEAD
from tests.parts.spiff.drawing import draw, extension, mapping, node

TEMPLATE = b"Subject: Ticket {{ ticket.number }} received\n\nDear {{ ticket.requester.name }}, we **look** into it.\n"
ACKNOWLEDGING = draw(
    f"start s; {node('send', 'ack', casepath_template='t_ack')}; user work; end e", "s>ack>work>e"
)
SERVICE = node("service", "log", extension('<zeebe:taskDefinition type="log" retries="2" />'))
LOGGING = draw(f"start s; {SERVICE}; user work; end e", "s>log>work>e")


class Mailbox:
    """A mail server's memory; it refuses as often as it is told to."""

    def __init__(self) -> None:
        self.mails: list[email.message.Message] = []
        self.tries: list[str] = []
        self.refuse = 0

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        mail = email.message_from_bytes(envelope.content)  # type: ignore[attr-defined]
        self.tries.append(mail["Message-ID"])
        if self.refuse:
            self.refuse -= 1
            return "451 try again later"
        self.mails.append(mail)
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    """A real SMTP server on a free port."""
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def post_office(settings: Settings, mailbox: tuple[Mailbox, str]) -> Iterator[tuple[Office, Mailbox]]:
    """An installation whose mail goes to the mailbox."""
    box, url = mailbox
    casepath = open_casepath(replace(settings, smtp_url=url, mail_from="Desk <desk@desk.example>"))
    yield Office(casepath, connect(settings.redis_url)), box
    casepath.close()


def now_again(office: Office) -> None:
    """Let the pause after a failed try be over."""
    office.rows("UPDATE outbox SET next_at = now() WHERE state = 'pending' RETURNING 1")


def test_a_mail_reaches_the_customer_with_a_link_to_follow(post_office: tuple[Office, Mailbox]) -> None:
    office, box = post_office
    office.deploy(ACKNOWLEDGING, templates__t_ack_md=TEMPLATE)
    office.open()
    office.settle()
    (mail,) = box.mails
    assert (mail["To"], mail["From"]) == ("cara@example.com", "Desk <desk@desk.example>")
    assert mail["Subject"] == "Ticket 1 received"
    text, html = (part.get_payload(decode=True).decode() for part in mail.get_payload())
    assert "http://desk.example/follow/" in text
    assert "<strong>look</strong>" in html
    assert office.rows("SELECT state FROM outbox") == [("done",)]
    assert office.rows("SELECT count(*) FROM trail WHERE kind = 'mail_sent'") == [(1,)]


def test_a_refused_mail_is_tried_again_under_the_same_id(post_office: tuple[Office, Mailbox]) -> None:
    office, box = post_office
    box.refuse = 2
    office.deploy(ACKNOWLEDGING, templates__t_ack_md=TEMPLATE)
    office.open()
    for _ in range(3):
        office.settle()
        now_again(office)
    assert len(box.mails) == 1
    assert len(box.tries) == 3
    assert len(set(box.tries)) == 1


def test_after_the_last_try_somebody_is_told_and_a_retry_delivers(
    post_office: tuple[Office, Mailbox],
) -> None:
    office, box = post_office
    box.refuse = 8
    office.deploy(ACKNOWLEDGING, templates__t_ack_md=TEMPLATE)
    office.open()
    for _ in range(8):
        office.settle()
        now_again(office)
    ((incident, kind, message),) = office.rows(
        "SELECT id, kind, message FROM incident WHERE closed_at IS NULL"
    )
    assert kind == "mail"
    assert "451" in str(message)
    assert box.mails == []
    assert isinstance(incident, UUID)
    retry = RetryIncident(id=uuid4(), desk_id=office.desk_id, actor=LEAD, incident_id=incident)
    office.casepath.engine.handle(retry)
    office.settle()
    assert len(box.mails) == 1
    assert office.rows("SELECT count(*) FROM incident WHERE closed_at IS NULL") == [(0,)]


def test_a_customer_without_an_address_gets_no_mail_and_nobody_an_incident(
    post_office: tuple[Office, Mailbox],
) -> None:
    office, box = post_office
    office.deploy(ACKNOWLEDGING, templates__t_ack_md=TEMPLATE)
    office.open(email=None)
    office.settle()
    assert (box.tries, office.rows("SELECT id FROM outbox"), office.rows("SELECT id FROM incident")) == (
        [],
        [],
        [],
    )
    assert office.rows("SELECT count(*) FROM trail WHERE kind = 'mail_omitted'") == [(1,)]


def test_a_mail_to_no_address_is_given_up_at_once_and_says_why(post_office: tuple[Office, Mailbox]) -> None:
    office, _ = post_office
    wrong = TEMPLATE.replace(b"received\n", b"received\nTo: the other desk\n")
    office.deploy(ACKNOWLEDGING, templates__t_ack_md=wrong)
    office.open()
    office.settle()
    ((message,),) = office.rows("SELECT message FROM incident")
    assert "the other desk" in str(message)


def test_without_a_mail_server_mails_lie_in_the_data_folder(office: Office, settings: Settings) -> None:
    office.deploy(ACKNOWLEDGING, templates__t_ack_md=TEMPLATE)
    office.open()
    office.settle()
    assert len(list((settings.data_dir / "mail" / "new").iterdir())) == 1


HANDLER = b"""
from engine.services import Job, handler

@handler("log")
def log(job: Job):
    return {"reference": f"DEV-{job.ticket_number}"}
"""


def test_a_service_task_goes_on_with_what_its_handler_answers(office: Office) -> None:
    office.deploy(LOGGING, services_py=HANDLER)
    office.open()
    office.settle()
    assert office.rows("SELECT element FROM task WHERE state = 'open'") == [("work",)]
    assert office.rows("SELECT count(*) FROM trail WHERE kind = 'service_completed'") == [(1,)]


def test_a_service_that_keeps_failing_stays_with_an_incident(office: Office) -> None:
    office.deploy(
        LOGGING, services_py=HANDLER.replace(b"return", b"raise OSError('tracker away')\n    return")
    )
    office.open()
    for _ in range(2):
        office.settle()
        now_again(office)
    assert office.rows("SELECT state, attempts FROM outbox") == [("failed", 2)]
    assert office.rows("SELECT status FROM instance") == [("incident",)]
    ((message,),) = office.rows("SELECT message FROM incident")
    assert "tracker away" in str(message)


def test_nobody_else_calls_a_service_while_its_job_may_still_run(office: Office) -> None:
    office.deploy(LOGGING, services_py=HANDLER)
    office.open()
    office.scheduler().round()
    ((left,),) = office.rows("SELECT extract(epoch FROM next_at - now()) FROM outbox")
    assert isinstance(left, Decimal)
    assert left > JOB_TIMEOUT_SECONDS


def test_an_answer_that_no_variable_can_hold_is_given_up_at_once_and_says_which(office: Office) -> None:
    office.deploy(LOGGING, services_py=HANDLER.replace(b'f"DEV-{job.ticket_number}"', b"float('nan')"))
    office.open()
    office.settle()
    assert office.rows("SELECT state, attempts FROM outbox") == [("failed", 1)]
    ((message,),) = office.rows("SELECT message FROM incident")
    assert "reference" in str(message)


def test_an_answer_that_the_process_cannot_go_on_with_is_kept_and_not_asked_for_again(office: Office) -> None:
    diagram = draw(
        f"start s; {SERVICE}; xor which; user work; end e; end x",
        "s>log>which which>work [=amount > 3] which>x * work>e",
    )
    office.deploy(diagram, services_py=HANDLER)
    office.open()
    office.settle()
    assert office.rows("SELECT state, attempts FROM outbox") == [("done", 1)]
    ((kind, element, message),) = office.rows("SELECT kind, element, message FROM incident")
    assert (kind, element) == ("element", "which")
    assert "amount > 3" in str(message)


def test_a_failed_service_that_is_retried_goes_on_once_its_handler_answers(office: Office) -> None:
    broken = b"import pathlib\n" + HANDLER.replace(
        b"return", b"pathlib.Path(job.inputs['seen']).read_text()\n    return"
    )
    seen = office.casepath.settings.data_dir / "tracker"
    given = f'="{seen}"'
    inputs = extension(f'<zeebe:taskDefinition type="log" retries="1" />{mapping({"seen": given})}')
    office.deploy(
        draw(f"start s; {node('service', 'log', inputs)}; user work; end e", "s>log>work>e"),
        services_py=broken,
    )
    office.open()
    office.settle()
    ((incident,),) = office.rows("SELECT id FROM incident WHERE closed_at IS NULL")
    assert isinstance(incident, UUID)
    seen.write_text("there again")
    office.casepath.engine.handle(
        RetryIncident(id=uuid4(), desk_id=office.desk_id, actor=LEAD, incident_id=incident)
    )
    office.settle()
    assert office.rows("SELECT element FROM task WHERE state = 'open'") == [("work",)]
    assert office.rows("SELECT status FROM instance") == [("running",)]
    assert office.rows("SELECT count(*) FROM incident WHERE closed_at IS NULL") == [(0,)]
