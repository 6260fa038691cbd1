"""A send task links its ticket to the one that it tells of; a wrong number is refused with the whole step."""

from __future__ import annotations

from uuid import uuid4

import pytest

from engine.errors import InvalidInput
from engine.runtime.commands import CompleteTask
from tests.office import Office
from tests.parts.runtime.worlds import LEAD
from tests.parts.spiff.drawing import draw, node

TELL = node(
    "send", "tell", casepath_template="t", casepath_relation="caused_by", casepath_relatedTicket="=cause"
)
LETTER = b"Subject: It is known\nTo: {{ ticket.requester.email }}\n\nWe are at it.\n"


@pytest.fixture
def telling(office: Office) -> Office:
    """A desk with two tickets, of which the second says by which ticket it is caused."""
    office.deploy(
        draw(f"start s; user look; {TELL}; user wait; end e", "s>look>tell>wait>e"), templates__t_md=LETTER
    )
    office.open()
    office.open()
    return office


def look(office: Office, cause: object) -> None:
    ((task,),) = office.rows(
        "SELECT id FROM task WHERE ticket_number = 2 AND element = 'look' AND state = 'open'"
    )
    command = CompleteTask(
        id=uuid4(),
        desk_id=office.desk_id,
        actor=LEAD,
        task_id=task,
        fields={"cause": cause},  # type: ignore[arg-type]
    )
    office.casepath.engine.handle(command)


def test_who_is_told_of_another_ticket_is_linked_to_it(telling: Office) -> None:
    look(telling, 1)
    links = "SELECT ticket_number, kind, other_number FROM ticket_link"
    assert telling.rows(links) == [(2, "caused_by", 1)]
    assert telling.rows("SELECT count(*) FROM outbox WHERE kind = 'mail'") == [(1,)]


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        (2, "Expected the number of another ticket, but 2 is this one."),
        (99, "Expected the number of a ticket of this desk, but there is no ticket 99."),
        (-1, "Expected the number of a ticket, but got -1."),
        (10**12, "Expected the number of a ticket, but got 1000000000000."),
    ],
)
def test_a_link_to_no_other_ticket_takes_the_whole_step_back(
    telling: Office, cause: object, sentence: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        look(telling, cause)
    assert refused.value.fields == {"tell": sentence}
    assert telling.rows("SELECT element FROM task WHERE ticket_number = 2 AND state = 'open'") == [("look",)]
    assert telling.rows("SELECT count(*) FROM outbox WHERE kind = 'mail'") == [(0,)]
