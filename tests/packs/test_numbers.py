"""Every number that a document gives is held by a story: changed by one unit, some story of its pack fails."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from engine.catalog.pack import read_pack
from engine.catalog.settings import Setting
from engine.scenarios.report import Result
from engine.scenarios.runner import run
from tests.packs.conftest import DESK

PACKS = DESK.parent
_LAST_NUMBER = re.compile(r"(\d+)(\D*)$")


class Failed(Exception):
    """A story that does not hold any more."""


def stop_at_a_failure(result: Result) -> None:
    """End a run with the first story that fails; one that can't be played proves nothing."""
    assert result.outcome != "broken", result.sentences
    if result.outcome == "failed":
        raise Failed(result.title)


def numbers() -> Iterator[tuple[Path, Setting]]:
    """Yield each number that the text of a pack's own document gives."""
    for folder in sorted(path.parent for path in PACKS.glob("*/pack.toml")):
        pack = read_pack(folder)
        for key in pack.layers[0].manifest.get("settings", {}):
            setting = pack.settings[key]
            if setting.source.startswith("text") and one_more(setting) is not None:
                yield folder, setting


def one_more(setting: Setting) -> str | None:
    """Return a number or duration as TOML, one unit larger; None for a word."""
    if isinstance(setting.value, Decimal):
        return format(setting.value + 1, "f")
    if setting.unit == "ISO 8601":
        return '"' + _LAST_NUMBER.sub(lambda it: f"{int(it[1]) + 1}{it[2]}", setting.value) + '"'
    return None


def changed(text: str, setting: Setting) -> str:
    """Return a pack.toml with the value of one setting one unit larger."""
    line = re.compile(rf'^("{re.escape(setting.key)}" = {{.*?\bvalue = )("[^"]*"|[\d.]+)', re.MULTILINE)
    after, times = line.subn(lambda it: f"{it[1]}{one_more(setting)}", text)
    assert times == 1, f"Expected one line that sets {setting.key}."
    return after


@pytest.mark.parametrize(
    ("folder", "setting"), [pytest.param(*it, id=f"{it[0].name}-{it[1].key}") for it in numbers()]
)
def test_a_number_of_the_text_is_held_by_a_story(
    folder: Path, setting: Setting, tmp_path: Path, admin_database_url: str
) -> None:
    shutil.copytree(PACKS, tmp_path / "processes")
    pack = tmp_path / "processes" / folder.name
    manifest = pack / "pack.toml"
    manifest.write_text(changed(manifest.read_text(), setting))
    with pytest.raises(Failed):
        run([pack], admin_database_url, told=stop_at_a_failure)
