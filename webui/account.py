"""One's own account: choosing another password, and seeing one's skills and availability."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import Forbidden, InvalidInput
from webui import access, identity, limits, notices, presence
from webui.forms import summary

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
@access.only(*access.EVERYONE)
def account() -> ResponseReturnValue:
    """Show who one is here, and the form for another password."""
    return _page({})


@bp.post("")
@access.only(*access.EVERYONE)
def change_password() -> ResponseReturnValue:
    """Change one's password by giving the old one; every other log-in ends."""
    who, people = identity.who(), identity.casepath().people
    new = request.form.get("new", "")
    limits.count("password", str(who.person_id), most=10)
    try:
        entered = people.log_in(who.desk_id, who.login, request.form.get("old", ""))
        people.change(entered.person, who.actor, password=_demand(new))
    except Forbidden:
        return make_response(_page({"old": "Expected your password of now, but this is not it."}), 422)
    except InvalidInput as refusal:
        return make_response(_page({"new": refusal.fields.get("password", str(refusal))}), 422)
    entered = people.log_in(who.desk_id, who.login, new)
    response = notices.after(redirect(url_for("account.account")), "changed")
    identity.set_session_cookie(response, entered.secret)
    return response


@bp.post("/presence")
@access.only(*access.EVERYONE)
def set_presence() -> ResponseReturnValue:
    """Say that one is away, or there again."""
    who = identity.who()
    try:
        presence.change(identity.casepath().reads.person(who.desk_id, who.person_id))
    except InvalidInput as refusal:
        return make_response(_page(refusal.fields), 422)
    return notices.after(redirect(url_for("account.account")), "changed")


def _demand(password: str) -> str:
    if not password:
        raise InvalidInput(
            "Expected a new password, but it is empty.", {"password": "Choose a new password."}
        )
    return password


def _page(wrong: dict[str, str]) -> str:
    who = identity.who()
    person = identity.casepath().reads.person(who.desk_id, who.person_id)
    return render_template(
        "auth/account.html",
        one=person,
        wrong=wrong,
        errors=summary(wrong),
        presence=presence.shown(person),
        works=access.may(person.roles, access.WORK),
    )
