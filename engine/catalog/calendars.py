"""`calendars.toml` of a pack: its working calendars, and what is wrong with them as findings of the pack."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from engine.calendars import CalendarFinding, WorkingCalendar, read_calendars
from engine.catalog.findings import PackFinding
from engine.catalog.places import Places

CALENDARS = "calendars.toml"


def pack_calendars(
    files: Mapping[str, bytes], zone: str
) -> tuple[dict[str, WorkingCalendar], list[PackFinding]]:
    """Return the calendars of a pack by id and every finding; none of both where it has no such file.

    `zone` is the pack's, for calendars that name none.
    """
    try:
        text = files.get(CALENDARS, b"").decode()
        raw = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"Expected TOML in UTF-8, but: {error}."
        return {}, [PackFinding(CALENDARS, "toml", message, "Correct the file there.")]
    calendars, findings = read_calendars(raw, Places(text), zone)
    return calendars, [_moved(it) for it in findings]


def _moved(finding: CalendarFinding) -> PackFinding:
    return PackFinding(CALENDARS, finding.rule, finding.message, finding.remedy, finding.line)
