"""Whatever somebody types, no table ever holds a card number."""

from __future__ import annotations

from uuid import UUID, uuid4

from engine.correlation import Sending
from engine.runtime.commands import SYSTEM, AddEntry, CompleteTask, OpenTicket, Requester
from tests.office import Office, office, settings
from tests.parts.runtime.worlds import LEAD
from tests.parts.spiff.drawing import draw

__all__ = ["office", "settings"]

CARD = "4111 1111 1111 1111"
BARE = CARD.replace(" ", "")


def every_value(office: Office) -> str:
    """All that the database holds, as text; bytes as the text they are of."""
    tables = office.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    told = []
    for (table,) in tables:
        columns = office.rows(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s", table
        )
        for name, kind in columns:
            shown = f"encode({name}, 'escape')" if kind == "bytea" else f"{name}::text"
            told += [str(row[0]) for row in office.rows(f'SELECT {shown} FROM "{table}"')]
    return "\n".join(told)


def test_a_card_number_typed_anywhere_is_kept_nowhere(office: Office) -> None:
    office.deploy(draw("start s; user work; user more; end e", "s>work>more>e"))
    handle, desk = office.casepath.engine.handle, office.desk_id
    handle(
        OpenTicket(
            id=uuid4(), desk_id=desk, actor=SYSTEM, process="p", channel="web", subject=f"Card {CARD}",
            description=f"It is {BARE}!", requester=Requester("Cara", "cara@example.com", "+39 06 5550 1234"),
            fields={"card": BARE, "nested": [{"number": int(BARE)}]},
        )
    )  # fmt: skip
    handle(AddEntry(id=uuid4(), desk_id=desk, actor=LEAD, ticket=1, kind="note", public=False, body=CARD))
    ((task,),) = office.rows("SELECT id FROM task")
    assert isinstance(task, UUID)
    office.casepath.drafts.keep(desk, task, uuid4(), {"note": CARD})
    handle(CompleteTask(id=uuid4(), desk_id=desk, actor=LEAD, task_id=task, fields={"note": CARD}))
    office.casepath.messages.send(
        Sending(id=uuid4(), desk_id=desk, actor=SYSTEM, name="paid", key="k", payload={"card": CARD})
    )
    everything = every_value(office)
    assert CARD not in everything and BARE not in everything
    assert everything.count("Visa •••• 1111") >= 6


def test_the_ticket_shows_brand_and_last_four(office: Office) -> None:
    office.deploy(draw("start s; user work; end e", "s>work>e"))
    office.casepath.engine.handle(
        OpenTicket(
            id=uuid4(), desk_id=office.desk_id, actor=SYSTEM, process="p", channel="web", subject=f"Card {CARD}",
            description="", requester=Requester("Cara"),
        )
    )  # fmt: skip
    assert office.rows("SELECT subject FROM ticket") == [("Card Visa •••• 1111",)]


def test_the_same_command_again_is_known_although_it_was_masked(office: Office) -> None:
    office.deploy(draw("start s; user work; end e", "s>work>e"))
    command = OpenTicket(
        id=uuid4(), desk_id=office.desk_id, actor=SYSTEM, process="p", channel="web", subject=CARD,
        description="", requester=Requester("Cara"),
    )  # fmt: skip
    office.casepath.engine.handle(command)
    assert office.casepath.engine.handle(command).repeated
