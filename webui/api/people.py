"""People and tokens by the API, for those who may change them on the people page."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from engine.errors import Conflict, InvalidInput
from webui import access, identity, presence
from webui.api import asking, records
from webui.api.declare import operation


@operation("GET", "/people", "List the people of the desk", roles=access.PEOPLE, answer="People")
def list_people() -> Any:
    return {"items": [records.person(it) for it in identity.casepath().reads.people(identity.desk_id())]}


@operation(
    "POST",
    "/people",
    "Add a person; their password is made up and told this once",
    roles=access.PEOPLE,
    body="NewPerson",
    answer="AddedPerson",
    status=201,
)
def add_person(body: dict[str, Any]) -> Any:
    common, people = asking.common(), identity.casepath().people
    added, password = people.add(common["desk_id"], common["actor"], id=common["id"], **body)
    return {**records.person(added), "password": password}


@operation(
    "POST",
    "/people/{id}",
    "Change a person's name, addresses, roles or queues, or whether they work here",
    roles=access.PEOPLE,
    body="PersonChange",
    answer="Person",
)
def change_person(id: UUID, body: dict[str, Any]) -> Any:
    common, casepath = asking.common(), identity.casepath()
    person = casepath.reads.person(common["desk_id"], id)
    if body.pop("revision", person.revision) != person.revision:
        raise Conflict(f"Expected {person.name} as you saw them, but somebody has changed them since.")
    return records.person(casepath.people.change(person, common["actor"], **body))


@operation(
    "POST",
    "/people/{id}/availability",
    "Say that a person is away, until a moment or for good, or there again",
    roles=access.TEAM,
    body="Availability",
    answer="Person",
)
def set_availability(id: UUID, body: dict[str, Any]) -> Any:
    return _present(id, body)


@operation(
    "POST",
    "/availability",
    "Say that you are away, until a moment or for good, or there again",
    roles=access.EVERYONE,
    body="Availability",
    answer="Person",
)
def set_own_availability(body: dict[str, Any]) -> Any:
    return _present(identity.who().person_id, body)


def _present(id: UUID, body: dict[str, Any]) -> Any:
    common, casepath = asking.common(), identity.casepath()
    person = casepath.reads.person(common["desk_id"], id)
    if not body["away"]:
        return records.person(casepath.people.set_back(person, common["actor"]))
    until = presence.judged(_moment(body.get("until")))
    return records.person(casepath.people.set_away(person, common["actor"], until=until))


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        moment = datetime.min
    if moment is not None and moment.tzinfo is None:
        sentence = f"Expected a moment with its zone such as 2026-12-04T09:30:00+01:00, but found “{text}”."
        raise InvalidInput("Expected to know until when.", {"until": sentence})
    return moment


@operation("GET", "/tokens", "List tokens, without their secrets", roles=access.PEOPLE, answer="Tokens")
def list_tokens() -> Any:
    return {"items": [records.token(it) for it in identity.casepath().reads.tokens(identity.desk_id())]}


@operation(
    "POST",
    "/tokens",
    "Make a token that acts for a person; its secret is told this once",
    roles=access.PEOPLE,
    body="NewToken",
    answer="AddedToken",
    status=201,
)
def add_token(body: dict[str, Any]) -> Any:
    common, people = asking.common(), identity.casepath().people
    secret = people.create_token(common["desk_id"], common["actor"], id=common["id"], **body)
    return {"id": common["id"], "name": body["name"], "secret": secret}


@operation("POST", "/tokens/{id}/revoke", "End a token", roles=access.PEOPLE, answer="Revoked")
def revoke_token(id: UUID) -> Any:
    common = asking.common()
    identity.casepath().people.revoke_token(common["desk_id"], common["actor"], id)
    return {"id": id}
