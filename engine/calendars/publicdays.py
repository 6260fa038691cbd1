"""Public holidays of a country, from the package `holidays`; one year at a time, when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import ModuleType

from engine.errors import CasepathError

ENGLISH = "en_US"


class UnknownHolidays(CasepathError):
    """A country, subdivision or category that the package doesn't have; `known` are those that it has."""

    def __init__(self, what: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"Expected a {what} with known holidays, but “{name}” is none.")
        self.what = what
        self.known = known


@dataclass(frozen=True)
class PublicHolidays:
    """Holidays of a country, by its ISO 3166 code; a subdivision adds its own, categories are those of the package.

    Raises UnknownHolidays when made with a name that the package doesn't have.
    """

    country: str
    subdivision: str | None = None
    categories: tuple[str, ...] = ("public",)

    def __post_init__(self) -> None:
        countries = _package().list_supported_countries()
        if self.country not in countries:
            raise UnknownHolidays("country", self.country, tuple(sorted(countries)))
        it = _package().country_holidays(self.country)
        aliases = tuple(getattr(it, "subdivisions_aliases", None) or ())
        subdivisions = (*it.subdivisions, *aliases)
        if self.subdivision is not None and self.subdivision not in subdivisions:
            raise UnknownHolidays("subdivision", self.subdivision, tuple(map(str, it.subdivisions)))
        for category in self.categories:
            if category not in it.supported_categories:
                raise UnknownHolidays("category", category, tuple(map(str, it.supported_categories)))

    def on(self, day: date) -> str | None:
        """Return the name of the holiday, in English where the package has it; None on other days."""
        return _year(self, day.year).get(day)

    def dates(self, year: int) -> list[date]:
        """Return the holidays of a year, in order."""
        return sorted(_year(self, year))


@lru_cache(maxsize=512)
def _year(given: PublicHolidays, year: int) -> Mapping[date, str]:
    kind = type(_package().country_holidays(given.country))
    language = ENGLISH if ENGLISH in kind.supported_languages else None
    found = _package().country_holidays(
        given.country,
        subdiv=given.subdivision,
        years=year,
        expand=False,
        language=language,
        categories=given.categories,
    )
    return {day: name for day, name in found.items() if day.year == year}


def _package() -> ModuleType:
    # Imported when the first calendar asks: it takes a quarter of a second, and most commands need no holiday.
    import holidays

    return holidays
