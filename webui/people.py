"""The people page: who works here, with which roles and queues, and the links and tokens handed out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import InvalidInput
from webui import access, frame, identity, notices, opening, times
from webui.forms import line, summary

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.get("")
@access.only(*access.PEOPLE)
def people() -> ResponseReturnValue:
    """List everybody, those who left at the end."""
    return _page()


@bp.post("")
@access.only(*access.PEOPLE)
def add() -> ResponseReturnValue:
    """Add a person and show the one-time link by which they choose their password."""
    typed = {name: line(name) for name in ("name", "login", "email", "phone")}
    given = {"roles": request.form.getlist("roles"), "queues": request.form.getlist("queues")}
    who = identity.who()
    try:
        _demand_known(given["roles"])
        link = identity.casepath().people.add(who.desk_id, by=who.actor, **typed, **given)
    except InvalidInput as refusal:
        return make_response(_page(typed={**typed, **given}, wrong=refusal.fields), 422)
    return _page(link=_address(link), added=typed["name"])


@bp.get("/<uuid:person_id>")
@access.only(*access.PEOPLE)
def person(person_id: UUID) -> ResponseReturnValue:
    """Show one person, to be changed."""
    return _person_page(person_id)


@bp.post("/<uuid:person_id>")
@access.only(*access.PEOPLE)
def change(person_id: UUID) -> ResponseReturnValue:
    """Change a person's name, roles and queues."""
    who, roles = identity.who(), request.form.getlist("roles")
    typed = {name: line(name) for name in ("name", "email", "phone")}
    try:
        _demand_known(roles)
        identity.casepath().people.change(
            who.desk_id, person_id, by=who.actor, roles=roles, queues=request.form.getlist("queues"), **typed
        )
    except InvalidInput as refusal:
        return make_response(_person_page(person_id, wrong=refusal.fields), 422)
    return notices.after(redirect(url_for("people.people")), "changed")


@bp.post("/<uuid:person_id>/active")
@access.only(*access.PEOPLE)
def set_active(person_id: UUID) -> ResponseReturnValue:
    """Let a person in again, or keep them out: their sessions and tokens end at once."""
    who = identity.who()
    active = request.form.get("active") == "yes"
    identity.casepath().people.set_active(who.desk_id, person_id, active, by=who.actor)
    return notices.after(redirect(url_for("people.people")), "changed")


@bp.post("/<uuid:person_id>/link")
@access.only(*access.PEOPLE)
def link(person_id: UUID) -> ResponseReturnValue:
    """Make a new one-time link by which a person chooses a new password."""
    who = identity.who()
    token = identity.casepath().people.link(who.desk_id, person_id, by=who.actor)
    return _person_page(person_id, link=_address(token))


@bp.post("/<uuid:person_id>/tokens")
@access.only(*access.PEOPLE)
def add_token(person_id: UUID) -> ResponseReturnValue:
    """Make an API token that acts for a person, and show it this once."""
    who, name = identity.who(), line("token_name")
    if not name:
        return make_response(_person_page(person_id, wrong={"token_name": "Say what the token is for."}), 422)
    secret = identity.casepath().people.create_token(who.desk_id, person_id, name, by=who.actor)
    return _person_page(person_id, token=secret)


@bp.post("/<uuid:person_id>/tokens/<uuid:token_id>/revoke")
@access.only(*access.PEOPLE)
def revoke_token(person_id: UUID, token_id: UUID) -> ResponseReturnValue:
    """End a token."""
    who = identity.who()
    identity.casepath().people.revoke_token(who.desk_id, token_id, by=who.actor)
    return notices.after(redirect(url_for("people.person", person_id=person_id)), "revoked")


def _page(
    typed: dict[str, Any] | None = None, wrong: dict[str, str] | None = None, link: str = "", added: str = ""
) -> str:
    desk_id = identity.desk_id()
    return render_template(
        "people/people.html",
        people=identity.casepath().reads.people(desk_id),
        typed=typed or {},
        wrong=wrong or {},
        errors=summary(wrong or {}),
        link=link,
        added=added,
        roles=_roles(),
        queues=opening.queues(desk_id),
    )


def _person_page(
    person_id: UUID, wrong: dict[str, str] | None = None, link: str = "", token: str = ""
) -> str:
    casepath, desk_id = identity.casepath(), identity.desk_id()
    now, place = casepath.clock.now(), frame.place()
    tokens = casepath.reads.tokens(desk_id, person_id)
    return render_template(
        "people/person.html",
        one=casepath.reads.person(desk_id, person_id),
        tokens=[{"it": it, "made": times.short(it.created_at, now, place)} for it in tokens],
        wrong=wrong or {},
        errors=summary(wrong or {}),
        link=link,
        token=token,
        roles=_roles(),
        queues=opening.queues(desk_id),
    )


def _roles() -> list[dict[str, str]]:
    return [{"value": role, "label": f"{role}: {about}"} for role, about in access.ROLES.items()]


def _demand_known(roles: list[str]) -> None:
    if not roles or set(roles) - set(access.ROLES):
        raise InvalidInput(
            "Expected at least one role, but none was chosen.", {"roles": "Choose at least one role."}
        )


def _address(token: str) -> str:
    base: str = identity.casepath().settings.base_url or request.host_url.rstrip("/")
    return f"{base}{url_for('auth.welcome', token=token)}"
