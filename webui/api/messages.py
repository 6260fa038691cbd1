"""Messages and signals by the API: to one ticket, to whoever waits for a key, to everybody who listens."""

from __future__ import annotations

from typing import Any

from engine.correlation import Broadcast, Sending, message_id, time_to_live
from engine.errors import InvalidInput
from engine.runtime.commands import DeliverMessage
from webui import access, identity
from webui.api import asking, records
from webui.api.declare import operation
from webui.api.schemas import MESSAGE_STATES, PAGING

_FILTERS = {"state": {"type": "string", "enum": MESSAGE_STATES}, **PAGING}


@operation(
    "POST",
    "/messages",
    "Send a message: to a ticket, or to the one that waits for its key, now or within its time to live",
    roles=access.WORK,
    body="Message",
    answer="MessageOutcome",
)
def send_message(body: dict[str, Any]) -> Any:
    if "ticket" in body.get("correlation", {}):
        return _to_ticket(body)
    return records.sent(
        identity.casepath().messages.send(
            Sending(
                **_common(body),
                key=body.get("correlation", {}).get("key"),
                time_to_live=time_to_live(body.get("time_to_live")),
            )
        )
    )


@operation(
    "GET",
    "/messages",
    "List messages that were sent by key, the newest first",
    roles=access.READ,
    answer="Messages",
    query=_FILTERS,
)
def list_messages(query: dict[str, Any]) -> Any:
    reads = identity.casepath().reads
    page = reads.messages(identity.desk_id(), state=query.get("state"), **asking.page_limits(query))
    return {"items": [records.message(it) for it in page.items], "next": page.next}


@operation(
    "POST",
    "/signals",
    "Send a signal to every ticket that listens for it; processes that begin with it open a ticket each",
    roles=access.WORK,
    body="Signal",
    answer="SignalOutcome",
)
def send_signal(body: dict[str, Any]) -> Any:
    heard = identity.casepath().signals.send(Broadcast(**_common(body)))
    return {"command": heard.id, "reached": heard.reached, "repeated": heard.repeated}


def _to_ticket(body: dict[str, Any]) -> Any:
    """One for a ticket is taken at once or refused: it has no time to live, and its command's id is its own."""
    sentence = "Expected none for a message to a ticket, but there is one."
    wrong = {name: sentence for name in body if name in ("id", "time_to_live")}
    if wrong:
        raise InvalidInput("Expected a message to a ticket, which is taken at once or refused.", wrong)
    command = DeliverMessage(
        **asking.common(),
        ticket=body["correlation"]["ticket"],
        name=body["name"],
        key=body["correlation"].get("key"),
        payload=body.get("payload", {}),
    )
    return records.delivered(asking.handle(command))


def _common(body: dict[str, Any]) -> dict[str, Any]:
    """Return what messages and signals share; without a sender's own id, the `Idempotency-Key` makes one."""
    own = body.get("id")
    common = asking.common()
    id = common["id"] if own is None else message_id(own)
    return {**common, "id": id, "name": body["name"], "payload": body.get("payload", {})}
