"""Log-in, log-out, and the one-time link that makes a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import Forbidden, InvalidInput, NotFound
from webui import access, frame, identity, keeping, limits, notices
from webui.errors import TooMany
from webui.forms import line, summary

bp = Blueprint("auth", __name__)


@bp.get("/")
@access.public
def home() -> ResponseReturnValue:
    """Lead each person to where their work begins."""
    return redirect(_first_page(g.who) if g.who else url_for("auth.login"))


@bp.get("/login")
@access.public
def login() -> ResponseReturnValue:
    """Show the log-in, unless somebody is logged in already."""
    wanted = request.args.get("next", "")
    if g.who:
        return redirect(wanted if keeping.is_local(wanted) else _first_page(g.who))
    return render_template("auth/login.html", **keeping.log_in_page(next=wanted))


@bp.post("/login")
@access.public
def log_in() -> ResponseReturnValue:
    """Log a person in and lead them to where they wanted to go, or to the form that waits for them."""
    kept, wanted, login_name = request.form.get("kept", ""), line("next"), line("login")
    try:
        limits.check("log-in", limits.address(), most=50)
        limits.check("log-in", f"{line('desk')} {login_name}", most=10)
        desk = identity.casepath().desk(line("desk") or None)
        entered = identity.casepath().people.log_in(desk.id, login_name, request.form.get("password", ""))
    except (Forbidden, TooMany, NotFound) as refusal:
        return _refused(refusal, kept, wanted)
    limits.forget("log-in", f"{line('desk')} {login_name}")
    g.session_token, g.who = entered.secret, identity.of_person(entered.person)
    response = keeping.offered(kept) or make_response(
        redirect(wanted if keeping.is_local(wanted) else _first_page(g.who))
    )
    return identity.set_session_cookie(identity.remember_desk(response, desk.key), entered.secret)


@bp.post("/logout")
@access.public
def logout() -> ResponseReturnValue:
    """End the session in the database and forget its cookie."""
    if g.session_token:
        identity.casepath().people.log_out(g.session_token)
    response = make_response(redirect(url_for("auth.login")))
    response.delete_cookie(identity.SESSION_COOKIE)
    return notices.after(response, "logged_out")


@bp.get("/welcome/<token>")
@access.public
def welcome(token: str) -> ResponseReturnValue:
    """Let the holder of a one-time link say who they are."""
    invitation = identity.casepath().people.invitation(token)
    return _welcome_page(invitation, {}, {})


@bp.post("/welcome/<token>")
@access.public
def accept(token: str) -> ResponseReturnValue:
    """Make the person of a one-time link and log them in."""
    people = identity.casepath().people
    values = {name: line(name) for name in ("name", "email", "login")}
    try:
        entered = people.accept(token, password=request.form.get("password", ""), **values)
    except InvalidInput as refusal:
        return make_response(_welcome_page(people.invitation(token), values, refusal.fields), 422)
    who = identity.of_person(entered.person)
    return identity.set_session_cookie(make_response(redirect(_first_page(who))), entered.secret)


def _refused(refusal: Exception, kept: str, wanted: str) -> ResponseReturnValue:
    """Show the log-in again; a wrong try counts for the name and for the address."""
    if not isinstance(refusal, TooMany):
        for whose in (limits.address(), f"{line('desk')} {line('login')}"):
            limits.note("log-in", whose)
    page = keeping.log_in_page(
        desk=line("desk"),
        login=line("login"),
        kept=kept,
        next=wanted,
        errors=summary({"login": _with_desk(refusal)}),
    )
    response = make_response(
        render_template("auth/login.html", **page), 429 if isinstance(refusal, TooMany) else 401
    )
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.seconds)
    return response


def _with_desk(refusal: Exception) -> str:
    """Return what was refused; where there are several desks, also at which one."""
    desks = identity.casepath().reads.desks()
    titles = [desk.title for desk in desks if desk.key == line("desk") and len(desks) > 1]
    if not titles or not isinstance(refusal, Forbidden):
        return str(refusal)
    return f"{refusal} You asked to be let in at {titles[0]}; choose another desk if yours is another one."


def _welcome_page(invitation: Any, values: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    title = frame.desk(invitation.desk_id).title
    return render_template(
        "auth/welcome.html", desk_title=title, values=values, wrong=wrong, errors=summary(wrong)
    )


def _first_page(who: identity.Who) -> str:
    """Agents begin at the inbox, owners at the studio, auditors at the audit, admins with people."""
    for roles, endpoint in _FIRST_PAGES:
        if access.may(who.roles, roles):
            return url_for(endpoint)
    raise Forbidden("Expected a person with a role, but this one has none; an admin can give one.")


_FIRST_PAGES = (
    (access.WORK, "inbox.inbox"),
    (access.DESIGN, "studio.processes"),
    (access.AUDIT, "audit.search"),
    (access.PEOPLE, "people.people"),
)
