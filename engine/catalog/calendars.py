"""`calendars.toml` of a pack: its working calendars, and what is wrong with them as findings of the pack."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence

from engine.calendars import CalendarFinding, WorkingCalendar, read_calendars
from engine.catalog.findings import PackFinding
from engine.catalog.layers import Layer
from engine.catalog.places import Places

CALENDARS = "calendars.toml"


def pack_calendars(
    layers: Sequence[Layer], zone: str
) -> tuple[dict[str, WorkingCalendar], list[PackFinding]]:
    """Return the calendars of a pack and of those it is built on by id, and every finding.

    A calendar is the nearest layer's as a whole: half of the hours of each would be nobody's. `zone` is the pack's,
    for calendars that name none.
    """
    calendars: dict[str, WorkingCalendar] = {}
    findings: list[PackFinding] = []
    for layer in reversed(layers):
        own, slips = _calendars_of(layer, zone)
        calendars |= own
        findings += slips
    return calendars, findings


def _calendars_of(layer: Layer, zone: str) -> tuple[dict[str, WorkingCalendar], list[PackFinding]]:
    file = f"{layer.prefix}{CALENDARS}"
    try:
        text = layer.files.get(CALENDARS, b"").decode()
        raw = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"Expected TOML in UTF-8, but: {error}."
        return {}, [PackFinding(file, "toml", message, "Correct the file there.")]
    calendars, findings = read_calendars(raw, Places(text), zone)
    return calendars, [_moved(it, file) for it in findings]


def _moved(finding: CalendarFinding, file: str) -> PackFinding:
    return PackFinding(file, finding.rule, finding.message, finding.remedy, finding.line)
