"""The people page: who works here, with which roles, queues and skills, who is away, and links and tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import Forbidden, InvalidInput
from engine.people import queues_of_nobody
from webui import access, frame, identity, notices, opening, presence, times
from webui.forms import line, summary

bp = Blueprint("people", __name__, url_prefix="/people")


@dataclass(frozen=True)
class Shown:
    """A secret that is shown this once: what it is, the secret, and what to say about it."""

    title: str
    secret: str
    about: str


@bp.get("")
@access.only(*access.TEAM)
def people() -> ResponseReturnValue:
    """List everybody, those who left at the end."""
    return _page()


@bp.post("")
@access.only(*access.PEOPLE)
def add() -> ResponseReturnValue:
    """Add a person, and show this once the password that was made up for them."""
    typed = {name: line(name) for name in ("name", "login", "email", "phone")}
    given = {"roles": request.form.getlist("roles"), "queues": request.form.getlist("queues")}
    who = identity.who()
    try:
        _demand_role(given["roles"])
        added, password = identity.casepath().people.add(
            who.desk_id, who.actor, roles=given["roles"], queues=given["queues"], **typed
        )
    except InvalidInput as refusal:
        return make_response(_page(typed={**typed, **given}, wrong=refusal.fields), 422)
    return _page(shown=Shown(f"Password of {added.name}", password, f"They log in as {added.login}."))


@bp.post("/link")
@access.only(*access.PEOPLE)
def invite() -> ResponseReturnValue:
    """Make a one-time link by which somebody adds themselves with the chosen roles."""
    who, roles = identity.who(), request.form.getlist("link_roles")
    try:
        _demand_role(roles, "link_roles")
    except InvalidInput as refusal:
        return make_response(_page(wrong=refusal.fields), 422)
    secret = identity.casepath().people.invite(who.desk_id, who.actor, roles)
    return _page(shown=Shown("One-time link", _address(secret), "It works once, for three days."))


@bp.get("/<uuid:person_id>")
@access.only(*access.TEAM)
def person(person_id: UUID) -> ResponseReturnValue:
    """Show one person, to be changed: by a lead only their skills and availability."""
    return _person_page(_find(person_id))


@bp.post("/<uuid:person_id>")
@access.only(*access.PEOPLE)
def change(person_id: UUID) -> ResponseReturnValue:
    """Change a person's name, roles and queues."""
    who, one = identity.who(), _find(person_id)
    typed: dict[str, Any] = {name: line(name) or None for name in ("email", "phone")}
    typed |= {
        "name": line("name"),
        "roles": request.form.getlist("roles"),
        "queues": request.form.getlist("queues"),
    }
    try:
        _demand_role(typed["roles"])
        identity.casepath().people.change(one, who.actor, **typed)
    except (InvalidInput, Forbidden) as refusal:
        wrong = getattr(refusal, "fields", {"roles": str(refusal)})
        return make_response(_person_page(one, typed, wrong), 422)
    return notices.after(redirect(url_for("people.people")), "changed")


@bp.post("/<uuid:person_id>/active")
@access.only(*access.PEOPLE)
def set_active(person_id: UUID) -> ResponseReturnValue:
    """Let a person in again, or keep them out: their sessions end at once, their tokens rest."""
    active = request.form.get("active") == "yes"
    identity.casepath().people.change(_find(person_id), identity.who().actor, active=active)
    return notices.after(redirect(url_for("people.people")), "changed")


@bp.post("/<uuid:person_id>/skills")
@access.only(*access.TEAM)
def set_skills(person_id: UUID) -> ResponseReturnValue:
    """Change what a person can do."""
    skills = sorted(set(request.form.getlist("skills")))
    identity.casepath().people.change(_find(person_id), identity.who().actor, skills=skills)
    return notices.after(redirect(url_for("people.person", person_id=person_id)), "changed")


@bp.post("/<uuid:person_id>/presence")
@access.only(*access.TEAM)
def set_presence(person_id: UUID) -> ResponseReturnValue:
    """Say that somebody is away, or there again."""
    one = _find(person_id)
    try:
        presence.change(one)
    except InvalidInput as refusal:
        return make_response(_person_page(one, wrong=refusal.fields), 422)
    return notices.after(redirect(url_for("people.person", person_id=person_id)), "changed")


@bp.post("/<uuid:person_id>/password")
@access.only(*access.PEOPLE)
def new_password(person_id: UUID) -> ResponseReturnValue:
    """Make up a new password for a person and show it this once."""
    one, password = _find(person_id), secrets.token_urlsafe(12)
    identity.casepath().people.change(one, identity.who().actor, password=password)
    return _person_page(
        _find(person_id), shown=Shown(f"New password of {one.name}", password, "The old one no longer works.")
    )


@bp.post("/<uuid:person_id>/tokens")
@access.only(*access.PEOPLE)
def add_token(person_id: UUID) -> ResponseReturnValue:
    """Make an API token that acts for a person, and show it this once."""
    who, one, name = identity.who(), _find(person_id), line("token_name")
    if not name:
        wrong = {"token_name": "Say what the token is for."}
        return make_response(_person_page(one, wrong=wrong), 422)
    secret = identity.casepath().people.create_token(who.desk_id, who.actor, login=one.login, name=name)
    return _person_page(one, shown=Shown("Token", secret, "Keep it now; it is not shown again."))


@bp.post("/<uuid:person_id>/tokens/<uuid:token_id>/revoke")
@access.only(*access.PEOPLE)
def revoke_token(person_id: UUID, token_id: UUID) -> ResponseReturnValue:
    """End a token."""
    who = identity.who()
    identity.casepath().people.revoke_token(who.desk_id, who.actor, token_id)
    return notices.after(redirect(url_for("people.person", person_id=person_id)), "revoked")


def _find(person_id: UUID) -> Any:
    return identity.casepath().reads.person(identity.desk_id(), person_id)


def _page(
    typed: dict[str, Any] | None = None, wrong: dict[str, str] | None = None, shown: Shown | None = None
) -> str:
    desk_id = identity.desk_id()
    everybody = identity.casepath().reads.people(desk_id)
    return render_template(
        "people/people.html",
        people=everybody,
        typed=typed or {},
        wrong=wrong or {},
        errors=summary(wrong or {}),
        shown=shown,
        roles=_roles(),
        queues=opening.queues(desk_id),
        lonely=queues_of_nobody([it["value"] for it in opening.queues(desk_id)], everybody),
        presence={it.id: presence.shown(it) for it in everybody},
        may_change=_may_change(),
    )


def _person_page(
    one: Any,
    typed: dict[str, Any] | None = None,
    wrong: dict[str, str] | None = None,
    shown: Shown | None = None,
) -> str:
    casepath = identity.casepath()
    now, place = casepath.clock.now(), frame.place()
    tokens = [it for it in casepath.reads.tokens(one.desk_id, one.id) if not it.revoked_at]
    return render_template(
        "people/person.html",
        one=one,
        values=typed or vars(one),
        tokens=[{"it": it, "made": times.short(it.created_at, now, place)} for it in tokens],
        wrong=wrong or {},
        errors=summary(wrong or {}),
        shown=shown,
        roles=_roles(),
        queues=opening.queues(one.desk_id),
        skills=presence.skills(one),
        presence=presence.shown(one),
        may_change=_may_change(),
    )


def _may_change() -> bool:
    return access.may(identity.who().roles, access.PEOPLE)


def _roles() -> list[dict[str, str]]:
    return [{"value": role, "label": f"{role.capitalize()}: {about}"} for role, about in access.ROLES.items()]


def _demand_role(roles: list[str], field: str = "roles") -> None:
    if not roles:
        raise InvalidInput(
            "Expected at least one role, but none was chosen.", {field: "Choose at least one role."}
        )


def _address(secret: str) -> str:
    base: str = identity.casepath().settings.base_url or request.host_url.rstrip("/")
    return f"{base}{url_for('auth.welcome', token=secret)}"
