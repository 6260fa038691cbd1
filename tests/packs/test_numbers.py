"""Every number that a document gives is held by a story: one unit more, and some story of its pack fails.

Numbers are settings whose source is the text, and durations and amounts in rows of decision tables whose annotation
begins with the text. A story that tells of the same things is played first, because one that fails is enough.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import unescape

import pytest

from engine.catalog.pack import read_pack
from engine.catalog.settings import Setting
from engine.scenarios.report import Result
from engine.scenarios.runner import run
from tests.packs.conftest import DESK

PACKS = DESK.parent
_LAST_NUMBER = re.compile(r"(\d+)(\D*)$")
_ROW = re.compile(r"<rule id=\"(\w+)\">.*?</rule>", re.DOTALL)
_OF_THE_TEXT = re.compile(r"<description>\s*text\b", re.IGNORECASE)
_CELL = re.compile(r"(?<=<text>)[^<]+(?=</text>)")
_AMOUNT = re.compile(r'duration\("([^"]+)"\)|"[^"]*"|(?<![\w.])(?!0\b)(\d+(?:\.\d+)?)(?![\w.])')
_WORD = re.compile(r"[a-z]{4,}")
_IN_EVERY_STORY = frozenset(
    {
        "text",
        "rule",
        "default",
        "input",
        "entry",
        "output",
        "duration",
        "within",
        "after",
        "elapsed",
        "working",
    }
)
# At the upper end of what its document allows: more of it does not count, which a story of its own tells.
_AT_ITS_END = frozenset({"confirm.close_after"})


class Failed(Exception):
    """A story that does not hold any more."""


@dataclass(frozen=True)
class Number:
    """A number of a pack's document: the file that says it, how to say one more, and what it is about."""

    pack: Path
    file: str
    name: str
    change: Callable[[str], str]
    about: frozenset[str]

    @property
    def id(self) -> str:
        return f"{self.pack.name}-{self.name}"

    def tells_of_it(self, story: Path) -> int:
        """Return how much a story is about the number; least where it sets the number itself."""
        told = f"{story.stem} {story.read_text()}".lower()
        said = sum(1 for word in self.about if word in told)
        return -1 if re.search(rf"^settings:.*\b{re.escape(self.name)}:", told, re.MULTILINE) else said


def stop_at_a_failure(result: Result) -> None:
    """End a run with the first story that fails; one that can't be played proves nothing."""
    assert result.outcome != "broken", result.sentences
    if result.outcome == "failed":
        raise Failed(result.title)


def numbers() -> Iterator[Number]:
    """Yield each number that the text of a pack's own document gives."""
    for folder in sorted(path.parent for path in PACKS.glob("*/pack.toml")):
        pack = read_pack(folder)
        for key in pack.layers[0].manifest.get("settings", {}):
            setting = pack.settings[key]
            if setting.source.startswith("text") and one_more(setting) is not None:
                yield of_setting(folder, setting)
        for table in sorted(folder.glob("dmn/*.dmn")):
            yield from in_table(folder, table)


def of_setting(folder: Path, setting: Setting) -> Number:
    """Return the number that a setting is."""

    def change(text: str) -> str:
        line = re.compile(rf'^("{re.escape(setting.key)}" = {{.*?\bvalue = )("[^"]*"|[\d.]+)', re.MULTILINE)
        after, times = line.subn(lambda it: f"{it[1]}{one_more(setting)}", text)
        assert times == 1, f"Expected one line that sets {setting.key}."
        return after

    return Number(folder, "pack.toml", setting.key, change, words(f"{setting.key} {setting.title}"))


def in_table(folder: Path, table: Path) -> Iterator[Number]:
    """Yield the numbers in the rows of a decision table whose annotation begins with the text."""
    text = table.read_text()
    for row in _ROW.finditer(text):
        if not _OF_THE_TEXT.search(row[0]):
            continue
        for cell in _CELL.finditer(text, row.start(), row.end()):
            for found in _AMOUNT.finditer(unescape(cell[0], {"&quot;": '"'})):
                if said := found[1] or found[2]:
                    name = f"{row[1]}-{said}"
                    yield Number(
                        folder, f"dmn/{table.name}", name, in_place(cell.span(), said), words(row[0])
                    )


def in_place(span: tuple[int, int], said: str) -> Callable[[str], str]:
    """Return what says one more than `said` within a part of a text."""
    more = _LAST_NUMBER.sub(lambda it: f"{int(it[1]) + 1}{it[2]}", said)
    return lambda text: text[: span[0]] + text[slice(*span)].replace(said, more, 1) + text[span[1] :]


def one_more(setting: Setting) -> str | None:
    """Return a number or duration as TOML, one unit larger, at its end one smaller; None for a word."""
    step = -1 if setting.key in _AT_ITS_END else 1
    if isinstance(setting.value, Decimal):
        return format(setting.value + step, "f")
    if setting.unit == "ISO 8601":
        return '"' + _LAST_NUMBER.sub(lambda it: f"{int(it[1]) + step}{it[2]}", setting.value) + '"'
    return None


def words(text: str) -> frozenset[str]:
    """Return the words by which a story can tell of something."""
    cells = re.sub(r"<[^>]+>", " ", text).lower().replace("_", " ")
    return frozenset(_WORD.findall(cells)) - _IN_EVERY_STORY


@pytest.mark.parametrize("number", [pytest.param(it, id=it.id) for it in numbers()])
def test_a_number_of_the_text_is_held_by_a_story(
    number: Number, tmp_path: Path, admin_database_url: str
) -> None:
    shutil.copytree(PACKS, tmp_path / "processes")
    pack = tmp_path / "processes" / number.pack.name
    file = pack / number.file
    file.write_text(number.change(file.read_text()))
    stories = sorted((pack / "scenarios").glob("*.yaml"), key=number.tells_of_it, reverse=True)
    with pytest.raises(Failed):
        run(stories, admin_database_url, told=stop_at_a_failure)
