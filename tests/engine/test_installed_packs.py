"""Packs that are installed as Python packages: found, deployed, extended and rehearsed by their ids."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.catalog.findings import PackRefused
from engine.catalog.homes import Home, find_pack, known_packs
from engine.catalog.pack import read_pack
from engine.errors import NotFound
from engine.installing import prepare_installation
from tests.engine.test_command_line import Run, facts, run
from tests.office import Office
from tests.packs.family import CORE, DESK, FILES, write_pack
from tests.packs.wheels import build_wheel, install_wheel

__all__ = ["run"]
# Ids of their own: a bundled pack of the same id would come first.
GROUND = {
    **FILES["base"],
    "pack.toml": str(FILES["base"]["pack.toml"]).replace('"base"', '"wheel_ground"'),
    "scenarios/asked.yaml": str(FILES["base"]["scenarios/asked.yaml"]).replace("base", "wheel_ground"),
}
TRADE = {
    **FILES["core"],
    "pack.toml": CORE.replace('"core"', '"wheel_trade"').replace('"base"', '"wheel_ground"'),
}

PLAIN = str(FILES["base"]["pack.toml"]).replace('"base"', '"plain"').replace("base = true", "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which two packs were installed, the one built on the other."""
    folder = tmp_path_factory.mktemp("wheels")
    install_wheel(build_wheel(folder, GROUND, "wheel_ground", "2.1"), folder / "site")
    return install_wheel(build_wheel(folder, TRADE, "wheel_trade"), folder / "site")


@pytest.fixture
def installed(site: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, on the path of modules."""
    monkeypatch.syspath_prepend(site)
    return site


def test_an_installed_pack_is_known_without_being_imported(installed: Path) -> None:
    found = {home.id: home for home in known_packs()}
    assert {"generic_desk", "wheel_ground", "wheel_trade"} <= set(found)
    assert (found["wheel_ground"].origin, found["generic_desk"].origin) == ("wheel-ground 2.1", "bundled")
    assert found["wheel_trade"].folder == installed / "wheel_trade"
    assert "wheel_ground" not in sys.modules


def test_a_parent_that_is_only_installed_is_found(installed: Path, tmp_path: Path) -> None:
    own = {**FILES["desk"], "pack.toml": DESK.replace('"core"', '"wheel_trade"')}
    pack = read_pack(write_pack(tmp_path / "desk", own))
    assert pack.lineage == ("wheel_trade", "wheel_ground")
    assert list(pack.under("bpmn")) == ["extends/wheel_ground/bpmn/enquiry.bpmn"]


def test_without_its_package_the_parent_is_missed(tmp_path: Path) -> None:
    own = {**FILES["desk"], "pack.toml": DESK.replace('"core"', '"wheel_trade"')}
    with pytest.raises(PackRefused, match="“wheel_trade”, on which “desk” is built"):
        read_pack(write_pack(tmp_path / "desk", own))


def test_packs_are_listed_with_where_they_come_from(installed: Path, run: Run) -> None:
    rows = {row["pack"]: row for row in facts(run, "pack", "list")}  # type: ignore[attr-defined]
    assert (rows["wheel_trade"]["extends"], rows["wheel_trade"]["base"]) == ("wheel_ground", False)
    assert (rows["wheel_ground"]["from"], rows["wheel_ground"]["base"]) == ("wheel-ground 2.1", True)
    assert rows["generic_desk"]["from"] == "bundled"
    assert "wheel-trade 1.0" in run("pack", "list")[1]


def test_an_installed_pack_is_checked_deployed_and_rehearsed_by_its_id(installed: Path, run: Run) -> None:
    assert run("pack", "check", "wheel_trade")[0] == 0
    assert run("deploy", "wheel_trade")[1] == "Deployed A trade, number 1: enquiry@1\n"
    assert (
        run("deploy", "wheel_ground")[1].splitlines()[-1] == "Deployed A trade, number 2: no process changed"
    )
    status, out, _ = run("scenario", "run", "wheel_ground")
    assert status == 0 and "Asked and answered" in out
    assert run("scenario", "run", "wheel_trade")[0] == 1  # it has none of its own
    status, out, _ = run("scenario", "run", "wheel_trade", "--inherited")
    assert status == 0 and "Asked and answered (wheel_trade)" in out


def test_another_process_finds_it_too(installed: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path.cwd()), str(installed)])}
    command = [sys.executable, "-m", "engine.cli", "pack", "check", "wheel_trade"]
    assert subprocess.run(command, env=environment, timeout=120).returncode == 0


def test_up_makes_a_desk_of_an_installed_pack_and_none_of_a_base(
    office: Office, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(office, monkeypatch, {"wheel_ground", "wheel_trade"})
    assert [desk.key for desk in office.casepath.store.desks.all()] == ["wheel_trade"]
    assert prepare(office, monkeypatch, {"wheel_ground", "wheel_trade"}) == []


def test_a_desk_whose_pack_brings_no_sample_people_has_a_link_for_its_first_owner(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = write_pack(tmp_path / "plain", {**GROUND, "pack.toml": PLAIN})
    homes = [Home("plain", plain, "here", {})]
    monkeypatch.setattr("engine.installing.known_packs", lambda: homes)
    told = prepare_installation(office.casepath.settings, samples=True)
    assert [line.split("/welcome/")[0] for line in told if "Shared processes: http" in line] == [
        f"First owner of Shared processes: {office.casepath.settings.base_url}"
    ]


def test_up_goes_on_without_a_pack_that_is_refused(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = Home(
        "lost", write_pack(tmp_path / "lost", {"pack.toml": 'id = "lost"\nextends = "gone"\n'}), "lost 1", {}
    )
    monkeypatch.setattr("engine.installing.known_packs", lambda: [lost, *known_packs()[:1]])
    lines = prepare_installation(office.casepath.settings, samples=False)
    assert lines[0].startswith("Not deployed: lost (lost 1).\npack.toml:2: error: Expected the pack “gone”")
    assert office.casepath.store.desks.by_key("lost") is None


@pytest.mark.parametrize("leads_to", ["nowhere_at_all", "nowhere_at_all.inside", "json:loads", "json"])
def test_an_entry_that_leads_to_no_pack_is_told_to_who_uses_it_and_to_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leads_to: str
) -> None:
    facts = {"METADATA": "Metadata-Version: 2.1\nName: broken\nVersion: 3\n"}
    facts["entry_points.txt"] = f"[casepath.packs]\nbroken = {leads_to}\n"
    write_pack(tmp_path / "broken-3.dist-info", dict(facts))
    monkeypatch.syspath_prepend(tmp_path)
    assert [home.origin for home in known_packs() if home.id == "broken"] == ["broken 3"]
    assert read_pack(find_pack("generic_desk")).id == "generic_desk"
    with pytest.raises(PackRefused, match=r"Expected a pack with a pack\.toml"):
        read_pack(find_pack("broken"))


def test_a_name_that_is_no_pack_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(NotFound, match=r"generic_desk.*but got 'nowhere'"):
        find_pack("nowhere")


def prepare(office: Office, monkeypatch: pytest.MonkeyPatch, packs: set[str]) -> list[str]:
    """Prepare an installation with only these packs; return what it says of deployments."""
    homes = [home for home in known_packs() if home.id in packs]
    monkeypatch.setattr("engine.installing.known_packs", lambda: homes)
    told = prepare_installation(office.casepath.settings, samples=False)
    return [line for line in told if "eployed" in line]
