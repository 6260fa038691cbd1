"""What people of the desk reply leaves by mail, if their pack has a template for it; and whose page a mail names."""

from __future__ import annotations

import email
import mailbox
from email.message import Message
from uuid import uuid4

import pytest

from engine.runtime.commands import Actor, AddEntry
from engine.uploads import Sent
from tests.office import Office
from tests.parts.runtime.worlds import ANN
from tests.parts.spiff.drawing import draw, node

REPLY = b"Subject: Ticket {{ ticket.number }}\n\n{{ reply.body }}\n\n{{ reply.by }}\n"
TO_LEADS = b"Subject: Look at {{ ticket.number }}\nTo: leads@desk.example\n\nPlease look.\n"
WORKING = draw("start s; user work; end e", "s>work>e")
WARNING = draw(
    f"start s; {node('send', 'warn', casepath_template='t_warn')}; user work; end e", "s>warn>work>e"
)
CUSTOMER = Actor("customer", "c", "Cara")


def mails(office: Office) -> list[Message]:
    office.settle()
    box = mailbox.Maildir(office.casepath.settings.data_dir / "mail")
    return [email.message_from_bytes(box.get_bytes(key)) for key in box.keys()]  # noqa: SIM118


def say(office: Office, who: Actor, kind: str = "reply", *, public: bool = True) -> None:
    command = AddEntry(
        id=uuid4(),
        desk_id=office.desk_id,
        actor=who,
        ticket=1,
        kind=kind,
        public=public,
        body="It is *done*.",
    )  # type: ignore[arg-type]
    office.casepath.engine.handle(command)


def text(mail: Message) -> str:
    return mail.get_payload()[0].get_payload(decode=True).decode()  # type: ignore[index,union-attr]


def test_a_reply_with_a_file_says_that_the_page_has_it(office: Office) -> None:
    office.deploy(WORKING, templates__t_reply_md=REPLY)
    office.open()
    kept = office.casepath.uploads.keep(office.desk_id, uuid4(), uuid4(), Sent("a.txt", b"1"))
    command = AddEntry(
        id=uuid4(), desk_id=office.desk_id, actor=ANN, ticket=1, kind="reply", public=True, body="See it.",
        attachments={str(kept.id): kept.told},
    )  # fmt: skip
    office.casepath.engine.handle(command)
    (mail,) = mails(office)
    assert "A file came with this reply, to be had on the page of your request." in text(mail)
    assert not any(it.get_filename() for it in mail.walk())


def test_a_public_reply_leaves_once_in_its_writers_name_and_can_be_answered(office: Office) -> None:
    office.deploy(WORKING, templates__t_reply_md=REPLY)
    office.open()
    say(office, ANN)
    (mail,) = mails(office)
    assert (mail["To"], mail["Subject"]) == ("cara@example.com", "Ticket 1")
    assert text(mail).startswith("It is *done*.\n\nAnn\n")
    assert "/follow/" in text(mail)
    assert mail["Auto-Submitted"] is None
    assert len(mails(office)) == 1


@pytest.mark.parametrize(
    ("who", "kind", "public"), [(ANN, "note", False), (ANN, "call", True), (CUSTOMER, "reply", True)]
)
def test_nothing_else_that_is_said_leaves(office: Office, who: Actor, kind: str, public: bool) -> None:
    office.deploy(WORKING, templates__t_reply_md=REPLY)
    office.open()
    say(office, who, kind, public=public)
    assert mails(office) == []


def test_without_the_template_the_customer_reads_replies_on_the_page(office: Office) -> None:
    office.deploy(WORKING)
    office.open()
    say(office, ANN)
    assert mails(office) == []


def test_who_has_no_address_gets_no_mail_and_the_reply_stands(office: Office) -> None:
    office.deploy(WORKING, templates__t_reply_md=REPLY)
    office.open(email=None)
    say(office, ANN)
    assert mails(office) == []
    assert office.rows("SELECT count(*) FROM trail WHERE kind = 'mail_omitted'") == [(1,)]
    assert office.rows("SELECT body FROM entry") == [("It is *done*.",)]


def test_only_the_customer_gets_the_customers_own_address(office: Office) -> None:
    office.deploy(WARNING, templates__t_warn_md=TO_LEADS)
    office.open()
    (mail,) = mails(office)
    assert mail["To"] == "leads@desk.example"
    assert "/follow/" not in text(mail)
    assert text(mail).rstrip().endswith("/tickets/1")
    assert mail["Auto-Submitted"] == "auto-generated"
