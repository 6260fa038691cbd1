"""Time as people promise it: durations, zones, working calendars, and the measures of a deadline. Pure."""

from engine.calendars.cycles import Cycle, InvalidCycle, read_cycle
from engine.calendars.durations import Duration, InvalidDuration
from engine.calendars.measures import KINDS, Measure, measure
from engine.calendars.reading import CalendarFinding, read_calendars
from engine.calendars.working import ALWAYS, Day, NeverOpens, Window, WorkingCalendar
from engine.calendars.zones import UnknownZone, instant, zone_named

__all__ = [
    "ALWAYS",
    "KINDS",
    "CalendarFinding",
    "Cycle",
    "Day",
    "Duration",
    "InvalidCycle",
    "InvalidDuration",
    "Measure",
    "NeverOpens",
    "UnknownZone",
    "Window",
    "WorkingCalendar",
    "instant",
    "measure",
    "read_calendars",
    "read_cycle",
    "zone_named",
]
