"""The settings of the desk: every number and word with its unit, source and uses, and how it came to be as it is."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.catalog.findings import PackRefused
from engine.catalog.settings import Setting, unknown
from engine.errors import InvalidInput, NotFound
from engine.tuning import Change, Tuned
from webui import access, frame, identity, notices, times
from webui.forms import line, summary

bp = Blueprint("tuning", __name__, url_prefix="/settings")
YES_NO = [{"value": "true", "label": "Yes"}, {"value": "false", "label": "No"}]
FOR_OPEN = [
    {"value": "no", "label": "For tickets opened from now on; open ones keep what they were promised"},
    {"value": "yes", "label": "For open tickets, too; a task or timer that has begun keeps its moment"},
]


@bp.get("")
@access.only(*access.READ)
def settings() -> ResponseReturnValue:
    """List every setting, and what was changed lately."""
    found = {it.setting.key: it for it in _settings()}
    return render_template(
        "settings/settings.html",
        settings=[_row(it) for it in found.values()],
        changes=[_change(it, found) for it in _changes()],
        may_change=access.may(identity.who().roles, access.DESIGN),
    )


@bp.get("/<key>")
@access.only(*access.READ)
def setting(key: str) -> ResponseReturnValue:
    """Show one setting: where it is used, how it was changed, and the form that changes it."""
    return _page(key, {}, {})


@bp.post("/<key>")
@access.only(*access.DESIGN)
def change(key: str) -> ResponseReturnValue:
    """Change a setting, or take the pack's own value again."""
    who, found = identity.who(), _find(key)
    typed = {name: line(name) for name in ("value", "note", "for_open")}
    wanted = None if request.form.get("intent") == "reset" else _value(found.setting, typed["value"])
    tuning, desk = identity.casepath().tuning, frame.desk(who.desk_id)
    try:
        tuning.change(
            desk.id,
            desk.pack,
            {key: wanted},
            who.actor,
            note=typed["note"],
            for_open=typed["for_open"] == "yes",
        )
    except InvalidInput as refusal:
        wrong = {"value" if name == key else name: sentence for name, sentence in refusal.fields.items()}
        return _page(key, typed, wrong)
    except PackRefused as refusal:
        return _page(key, typed, {"value": " ".join(f"{it.message} {it.remedy}" for it in refusal.findings)})
    return notices.after(redirect(url_for("tuning.setting", key=key)), "changed")


def _page(key: str, typed: Mapping[str, str], wrong: Mapping[str, str]) -> ResponseReturnValue:
    found = _find(key)
    page = render_template(
        "settings/setting.html",
        row=_row(found),
        uses=found.uses,
        changes=[_change(it, {key: found}) for it in _changes() if key in it.values],
        options=_options(found.setting),
        value=typed.get("value", _typed(found.setting.value)),
        typed=typed,
        wrong=wrong,
        errors=summary(wrong),
        for_open=FOR_OPEN,
        open_tickets=identity.casepath().tuning.open_tickets(identity.desk_id()),
        may_change=access.may(identity.who().roles, access.DESIGN),
    )
    return make_response(page, 422 if wrong else 200)


def _settings() -> list[Tuned]:
    desk = frame.desk(identity.desk_id())
    return identity.casepath().tuning.settings(desk.id, desk.pack)


def _changes() -> list[Change]:
    desk = frame.desk(identity.desk_id())
    return identity.casepath().tuning.changes(desk.id, desk.pack)


def _find(key: str) -> Tuned:
    known = {it.setting.key: it for it in _settings()}
    if key not in known:
        raise NotFound(unknown(known, key))
    return known[key]


def _row(it: Tuned) -> dict[str, Any]:
    setting = it.setting
    return {
        "key": setting.key,
        "title": setting.title or setting.key,
        "value": _shown(setting, setting.value),
        "given": _shown(setting, setting.given) if setting.is_changed else "",
        "source": setting.source,
        "uses": len(it.uses),
        "unit": setting.unit,
    }


def _change(it: Change, known: Mapping[str, Tuned]) -> dict[str, Any]:
    return {
        "when": times.exact(it.at, frame.place()),
        "by": it.by,
        "note": it.note,
        "whom": "open tickets, too" if it.for_open else "new tickets",
        "values": [
            (
                known[key].setting.title or key if key in known else key,
                *(_shown(known[key].setting if key in known else None, value) for value in pair),
            )
            for key, pair in it.values.items()
        ],
    }


def _shown(setting: Setting | None, value: Any) -> str:
    """Return a value with its unit, as people read it; a duration in words, too."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    unit = setting.unit if setting else ""
    if unit == "ISO 8601":
        return f"{times.length(str(value))} ({value})"
    return f"{_typed(value)} {unit}".strip()


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _options(setting: Setting) -> list[dict[str, str]]:
    if isinstance(setting.value, bool):
        return YES_NO
    return [{"value": _typed(it), "label": _shown(setting, it)} for it in setting.choices]


def _value(setting: Setting, text: str) -> Any:
    """Return what was typed as a value of the setting's kind; a text that is none stays one, to be refused."""
    if isinstance(setting.value, bool):
        return {"true": True, "false": False}.get(text, text)
    if not isinstance(setting.value, Decimal):
        return text
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return text
    return number if number.is_finite() else text
