"""Running scenarios: each has a desk of its own in one scratch database, which is gone afterwards.

The engine, the tables and the server are those of production; only the clock and what lies outside are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo

from engine.catalog.findings import PackRefused
from engine.catalog.homes import home_beside
from engine.catalog.pack import MANIFEST, PackSource, read_pack
from engine.clock import VirtualClock
from engine.deployments import Deployments
from engine.errors import CasepathError
from engine.feel.values import normalise
from engine.runtime.commands import SYSTEM
from engine.scenarios import recorded
from engine.scenarios.acting import Cast, act
from engine.scenarios.expecting import Scene, differences, trace_of
from engine.scenarios.report import Report, Result
from engine.scenarios.script import ScenarioError, Script, Step, read_script
from engine.scenarios.stage import Stage, StageStuck
from engine.store import Store
from engine.store.migrate import migrate
from engine.store.scratch import scratch_database
from engine.worlds import Worlds

_ENDINGS = (".yaml", ".yml")


def run(
    paths: Iterable[Path],
    admin_database_url: str,
    *,
    packs: Sequence[Path] = (),
    inherited: bool = False,
    told: Callable[[Result], None] = lambda result: None,
) -> Report:
    """Run every scenario of files, folders or packs against a scratch database of a server.

    `admin_database_url` is a libpq URL of a role that may create databases. `packs` are more packs' folders, for
    scenarios that lie outside of their own. With `inherited`, a pack's folder also stands for the scenarios of the
    packs that it is built on, run with the pack itself. `told` hears of each result as it comes.
    """
    results = []
    with migrated_scratch(admin_database_url) as database_url:
        store = Store(database_url)
        try:
            for number, (path, heir) in enumerate(_playbill(list(paths), inherited), 1):
                results.append(_run_file(path, heir, number, store, packs))
                told(results[-1])
        finally:
            store.close()
    return Report(tuple(results))


def scenario_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the scenario files of files, folders and packs, each once, in order; a pack may have none."""
    seen: set[Path] = set()
    for path in paths:
        inside = path / "scenarios" if (path / MANIFEST).is_file() else path
        whole = inside.is_dir() or inside != path
        for it in sorted(it for it in inside.rglob("*") if it.suffix in _ENDINGS) if whole else [inside]:
            if it not in seen:
                seen.add(it)
                yield it


def _playbill(paths: Sequence[Path], inherited: bool) -> Iterator[tuple[Path, Path | None]]:
    """Yield each scenario's file, and the folder of the pack that plays it where that is not its own."""
    for path in scenario_files(paths):
        yield path, None
    for heir in paths if inherited else ():
        if (heir / MANIFEST).is_file():
            for path in scenario_files(_parents(heir)):
                yield path, heir


def _parents(folder: Path) -> Iterator[Path]:
    """Yield the folders of the packs that one is built on, the nearest first; none for what lies inside it."""
    for parent in read_pack(folder).lineage:
        if (found := home_beside(folder, parent)) is not None:
            folder = found
            yield found


@contextmanager
def migrated_scratch(admin_database_url: str) -> Iterator[str]:
    """Lend a migrated database of its own on a server; it is dropped in the end."""
    with scratch_database(admin_database_url) as name:
        database_url = make_conninfo(admin_database_url, dbname=name)
        migrate(database_url)
        yield database_url


def _run_file(path: Path, heir: Path | None, number: int, store: Store, packs: Sequence[Path]) -> Result:
    try:
        script = read_script(path)
        pack = read_pack(heir) if heir else _find_pack(script, packs)
        if heir:
            script = replace(script, pack=pack.id, title=f"{script.title} ({pack.id})")
        cast = _raise_curtain(script, pack, number, store)
    except (CasepathError, OSError, UnicodeDecodeError) as error:
        line = error.line if isinstance(error, ScenarioError) else None
        return Result(path, path.stem.replace("_", " "), "broken", line, (str(error),))
    return _play(cast)


def _find_pack(script: Script, packs: Sequence[Path]) -> PackSource:
    around = [folder for folder in script.path.resolve().parents if (folder / MANIFEST).is_file()]
    for folder in (*around, *packs):
        if (folder / MANIFEST).is_file():
            pack = read_pack(folder)
            if pack.id == script.pack:
                return pack
    raise ScenarioError(
        script.path, 1, f"Expected the pack “{script.pack}” around the file, but it is not there."
    )


def _raise_curtain(script: Script, pack: PackSource, number: int, store: Store) -> Cast:
    """Make a desk, deploy the pack on it and set the clock."""
    clock = VirtualClock(script.clock)
    desk = store.desks.add(f"scenario_{number}", script.title, pack.id, pack.time_zone, script.clock)
    try:
        Deployments(store).deploy(desk.id, pack.files, SYSTEM, note=script.title)
    except PackRefused as refusal:
        raise ScenarioError(script.path, 1, f"Expected a pack without mistakes, but:\n{refusal}") from refusal
    worlds = Worlds(store, _settings(script, pack))
    stage = Stage(store, worlds, desk.id, clock, answers=script.services)
    recorded.seed(stage.records, desk.id, script.records, script.path)
    for name, facts in script.people.items():
        stage.hire(name, facts, pack.queues)
    return Cast(script, pack, stage)


def _settings(script: Script, pack: PackSource) -> dict[str, Any]:
    """Return the settings that the scenario changes. Raises ScenarioError for one that the pack doesn't have."""
    for name in script.settings:
        if name not in pack.settings:
            known = ", ".join(sorted(pack.settings)) or "none"
            raise ScenarioError(
                script.path, 1, f"Expected a setting of the pack ({known}), but found “{name}”."
            )
    settings: dict[str, Any] = normalise(dict(script.settings))
    return settings


def _play(cast: Cast) -> Result:
    script, seen = cast.script, 0
    good = Result(script.path, script.title, "passed", steps=len(script.steps))
    for done, step in enumerate(script.steps):
        try:
            sentences, seen = _do(cast, step, seen)
        except (ScenarioError, StageStuck) as error:
            return replace(good, outcome="broken", line=step.line, sentences=(str(error),), steps=done)
        except CasepathError as error:
            sentences = [f"{step.verb}: {error}", *_fields_of(error)]
        if sentences:
            story = tuple(_trace(cast, step))
            return replace(
                good, outcome="failed", line=step.line, sentences=tuple(sentences), trace=story, steps=done
            )
    return good


def _do(cast: Cast, step: Step, seen: int) -> tuple[list[str], int]:
    """Do one step; return what is not as expected, and how many notices expectations have read."""
    if step.verb != "expect":
        return _act(cast, step), seen
    cast.stage.settle()
    row = cast.ticket(step)
    notices = [it for it in cast.stage.notices[seen:] if it.ticket == row.number]
    scene = Scene(cast.path, step, cast.stage, row, cast.stage.events.get(row.number, []), notices)
    sentences = [str(difference) for difference in differences(scene)]
    return sentences, len(cast.stage.notices) if "notices" in step.value else seen


def _act(cast: Cast, step: Step) -> list[str]:
    if step.refused is None:
        act(cast, step)
        return []
    try:
        act(cast, step)
    except ScenarioError:
        raise
    except CasepathError as refusal:
        sentence = " ".join([str(refusal), *_fields_of(refusal)])
        met = step.refused in sentence
        return [] if met else [f"refused: expected “{step.refused}”, but it is “{sentence}”"]
    return [f"refused: expected “{step.refused}”, but it was done"]


def _fields_of(error: CasepathError) -> list[str]:
    fields: dict[str, str] = getattr(error, "fields", {})
    return [f"{name}: {sentence}" for name, sentence in fields.items()]


def _trace(cast: Cast, step: Step) -> list[str]:
    place = (step.ticket or len(cast.tickets)) - 1
    number = cast.tickets[place] if 0 <= place < len(cast.tickets) else None
    return trace_of(cast.stage.events.get(number, [])) if number is not None else []
