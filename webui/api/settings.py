"""Settings by the API: read them with their uses, and change them."""

from __future__ import annotations

from typing import Any

from engine.tuning import Tuned
from webui import access, frame, identity
from webui.api.declare import operation


@operation("GET", "/settings", "List the desk's settings", roles=access.READ, answer="Settings")
def list_settings() -> Any:
    desk = frame.desk(identity.desk_id())
    return {"items": [_setting(it) for it in identity.casepath().tuning.settings(desk.id, desk.pack)]}


@operation(
    "POST",
    "/settings",
    "Change settings, for new tickets or for open ones too",
    roles=access.DESIGN,
    body="SettingsChange",
    answer="Settings",
)
def change_settings(body: dict[str, Any]) -> Any:
    who = identity.who()
    desk = frame.desk(who.desk_id)
    identity.casepath().tuning.change(
        desk.id, desk.pack, body["values"], who.actor, note=body["note"], for_open=body.get("for_open", False)
    )
    return list_settings()


def _setting(it: Tuned) -> dict[str, Any]:
    setting = it.setting
    return {
        "key": setting.key,
        "title": setting.title,
        "value": setting.value,
        "given": setting.given if setting.is_changed else setting.value,
        "unit": setting.unit,
        "source": setting.source,
        "choices": list(setting.choices),
        "uses": [{"file": use.file, "place": use.place} for use in it.uses],
    }
