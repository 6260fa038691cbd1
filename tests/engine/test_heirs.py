"""Desks that are built on a base: deployed anew with it, each by itself, with all that the desk made its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.catalog.pack import PackSource, read_pack
from engine.deployments import Deployments
from engine.heirs import Heirs
from engine.people import operator
from engine.store import Desk
from tests.engine.test_command_line import Run, facts, run
from tests.office import MONDAY, Office
from tests.packs.family import BASE, DESK, FORM, HANDLER, asking, write_family, write_pack

__all__ = ["run"]
ENQUIRY = "bpmn/enquiry.bpmn"


def deployed(office: Office, folder: Path, key: str) -> Desk:
    """Deploy a pack at a desk with this key."""
    pack = read_pack(folder)
    desk = office.casepath.store.desks.add(key, pack.title, pack.id, pack.time_zone, MONDAY)
    office.casepath.deployments.deploy(desk.id, pack.files, operator())
    return desk


def newest(office: Office, desk: Desk, pack: str = "desk") -> PackSource:
    return office.casepath.worlds.newest_pack(desk.id, pack)


def changed_base(folder: Path, **files: str | bytes) -> PackSource:
    """Write a base with other files (`bpmn__enquiry_bpmn`) beside the family's; return it."""
    named = {path.replace("__", "/").replace("_bpmn", ".bpmn"): it for path, it in files.items()}
    write_family(folder, base=named)
    return read_pack(folder / "base")


def test_a_deployed_desk_knows_what_it_inherits_when_its_folders_are_gone(
    office: Office, tmp_path: Path
) -> None:
    desk = deployed(office, write_family(tmp_path), "one")
    for file in tmp_path.rglob("*.*"):
        file.unlink()
    pack = newest(office, desk)
    assert pack.lineage == ("core", "base")
    snapshot = office.casepath.store.catalogue.latest(desk.id, "desk")
    assert snapshot is not None
    world = office.casepath.worlds.of(desk.id, snapshot.id)
    assert set(world.forms) == {"ask"} and "enquiry" in world.program.processes
    assert set(office.casepath.worlds.handlers(desk.id, snapshot.id)) == {"greet", "part"}


def test_the_nearest_handler_of_a_type_answers(office: Office, tmp_path: Path) -> None:
    own = write_family(tmp_path, desk={"services.py": HANDLER % ("greet", "desk")})
    desk = deployed(office, own, "one")
    snapshot = office.casepath.store.catalogue.latest(desk.id, "desk")
    assert snapshot is not None
    handlers = office.casepath.worlds.handlers(desk.id, snapshot.id)
    assert handlers["greet"](None) == {"by": "desk"}  # type: ignore[arg-type]


def test_an_inherited_diagram_that_is_edited_becomes_the_packs_own(office: Office, tmp_path: Path) -> None:
    desk = deployed(office, write_family(tmp_path), "one")
    deployments: Deployments = office.casepath.deployments
    edited = asking("ask", "check")
    assert deployments.deploy_diagram(desk.id, "enquiry", edited, operator()).versions == {"enquiry": 2}
    pack = newest(office, desk)
    assert pack.under("bpmn") == {ENQUIRY: edited}
    assert pack.files[f"extends/base/{ENQUIRY}"] == asking("ask")
    again = asking("check")
    deployments.deploy_diagram(desk.id, "enquiry", again, operator())
    assert newest(office, desk).under("bpmn") == {ENQUIRY: again}


def test_every_heir_is_deployed_anew_and_keeps_what_is_its_own(office: Office, tmp_path: Path) -> None:
    folder = write_family(tmp_path / "first")
    one, two = deployed(office, folder, "one"), deployed(office, folder, "two")
    alone = deployed(office, Path("processes/generic_desk"), "alone")
    edited = asking("ask", "check")
    office.casepath.deployments.deploy_diagram(two.id, "enquiry", edited, operator())
    base = changed_base(tmp_path / "second", bpmn__enquiry_bpmn=asking("look", "ask"))
    heirs = Heirs(office.casepath.store, office.casepath.deployments)
    assert [it.desk.key for it in heirs.of("base")] == ["one", "two"]
    done = {
        it.heir.desk.key: it.deployed for it in heirs.deploy(heirs.of("base"), base, operator(), note="Look")
    }
    assert done["one"] and done["one"].versions == {"enquiry": 2}
    assert done["two"] and done["two"].versions == {}
    assert newest(office, one).under("bpmn") == {f"extends/base/{ENQUIRY}": asking("look", "ask")}
    assert newest(office, two).under("bpmn") == {ENQUIRY: edited}
    assert office.casepath.store.catalogue.latest(alone.id, "generic_desk").number == 1  # type: ignore[union-attr]


def test_an_heir_that_is_refused_keeps_what_it_has_and_stops_nobody(office: Office, tmp_path: Path) -> None:
    strict = DESK + '[states]\nonly = "Only"\n'
    one = deployed(office, write_family(tmp_path / "a", desk={"pack.toml": strict}), "one")
    two = deployed(office, write_family(tmp_path / "b"), "two")
    diagram = asking("ask").replace(b'id="ask"', b'id="ask" casepath:state="closed"')
    base = changed_base(tmp_path / "c", bpmn__enquiry_bpmn=diagram)
    heirs = Heirs(office.casepath.store, office.casepath.deployments)
    refused, good = heirs.deploy(heirs.of("base"), base, operator())
    assert (refused.heir.desk.key, refused.deployed) == ("one", None)
    assert "base: bpmn/enquiry.bpmn" in str(refused.refusal) and "“closed”" in str(refused.refusal)
    assert good.deployed and good.deployed.versions == {"enquiry": 2}
    assert newest(office, one).under("bpmn") == {f"extends/base/{ENQUIRY}": asking("ask")}
    assert newest(office, two).under("bpmn") == {f"extends/base/{ENQUIRY}": diagram}


def test_an_heir_that_somebody_deploys_meanwhile_is_not_taken_back(office: Office, tmp_path: Path) -> None:
    desk = deployed(office, write_family(tmp_path), "one")
    heirs = Heirs(office.casepath.store, office.casepath.deployments)
    found = heirs.of("base")
    office.casepath.deployments.deploy_diagram(desk.id, "enquiry", asking("ask", "check"), operator())
    (outcome,) = heirs.deploy(found, read_pack(tmp_path / "base"), operator())
    assert outcome.deployed is None and "quicker" in str(outcome.refusal)


def test_calendars_and_settings_of_a_base_count_for_open_tickets(office: Office, tmp_path: Path) -> None:
    renamed = asking("ask", key="p")
    folder = write_family(tmp_path / "a", base={ENQUIRY: renamed, "pack.toml": BASE.replace("enquiry", "p")})
    desk = deployed(office, folder, "one")
    office.desk_id = desk.id
    office.open()
    later = BASE.replace("enquiry", "p").replace("= 4", "= 5")
    base = changed_base(tmp_path / "b", bpmn__enquiry_bpmn=renamed, **{"pack.toml": later})
    heirs = Heirs(office.casepath.store, office.casepath.deployments)
    list(heirs.deploy(heirs.of("base"), base, operator()))
    assert [it.desk_id for it in office.casepath.store.watch.behind(10)] == [desk.id]


def test_what_a_desk_changed_of_its_settings_stays_where_it_can(office: Office, tmp_path: Path) -> None:
    more = BASE + '"ask.again" = { value = 2, unit = "h", source = "text 9" }\n'
    desk = deployed(office, write_family(tmp_path / "a", base={"pack.toml": more}), "one")
    changes = b'"ask.within" = 6\n"ask.again" = 3\n'
    changed = {**newest(office, desk).files, "settings.toml": changes}
    office.casepath.deployments.deploy(desk.id, changed, operator())
    heirs = Heirs(office.casepath.store, office.casepath.deployments)
    (outcome,) = heirs.deploy(heirs.of("base"), changed_base(tmp_path / "b"), operator())
    assert outcome.deployed and list(outcome.deployed.lost) == ["ask.again"]
    settings = newest(office, desk).settings
    assert settings["ask.within"].value == 6 and "ask.again" not in settings


def test_deploying_a_base_names_the_desks_before_and_deploys_each(run: Run, tmp_path: Path) -> None:
    folder = write_family(tmp_path)
    assert run("deploy", folder)[0] == 0
    write_pack(tmp_path / "base", {ENQUIRY: asking("look", "ask")})
    status, out, err = run("deploy", tmp_path / "base", "--note", "Look first")
    assert (status, err) == (0, "")
    named, done = out.splitlines()
    assert named == "Built on base, each is deployed anew: desk"
    assert done == "Deployed A desk, number 2: enquiry@2"
    assert [it["process"] for it in versions(run)] == ["enquiry", "enquiry"]


def test_a_base_that_breaks_a_desk_is_refused_there_with_status_1(run: Run, tmp_path: Path) -> None:
    assert run("deploy", write_family(tmp_path))[0] == 0
    write_pack(tmp_path / "base", {ENQUIRY: asking("ask").replace(b'"ask"', b'"missing"')})
    status, out, _ = run("deploy", tmp_path / "base")
    assert status == 1
    assert "Refused for A desk, which keeps what it has:" in out
    assert "base: bpmn/enquiry.bpmn" in out
    status, out, _ = run("deploy", tmp_path / "base", "--json")
    assert status == 1 and '"refused"' in out


def test_a_base_on_which_no_desk_is_built_is_said_to_be_deployed_nowhere(run: Run, tmp_path: Path) -> None:
    write_family(tmp_path)
    status, _, err = run("deploy", tmp_path / "base")
    assert status == 1 and "Expected a desk whose pack is built on base" in err


def test_a_pack_with_a_desk_takes_its_heirs_along_only_when_asked(run: Run, tmp_path: Path) -> None:
    write_family(tmp_path)
    assert run("deploy", tmp_path / "core")[0] == run("deploy", tmp_path / "desk")[0] == 0
    write_pack(tmp_path / "core", {"forms/ask.form": FORM % "another_answer"})
    status, out, _ = run("deploy", tmp_path / "core")
    assert status == 0 and "Built on core, not touched without --heirs: desk" in out
    assert "Deployed A trade, number 2" in out and "A desk" not in out
    status, out, _ = run("deploy", tmp_path / "core", "--heirs")
    assert status == 0 and "Deployed A desk, number 2: enquiry@2" in out


def test_a_refused_pack_leaves_no_empty_desk(run: Run, office: Office, tmp_path: Path) -> None:
    write_family(tmp_path, base={ENQUIRY: asking("ask").replace(b'"ask"', b'"missing"')})
    assert run("deploy", tmp_path / "desk")[0] == 1
    assert office.casepath.store.desks.by_key("desk") is None


def test_an_inherited_diagram_is_exported_as_it_was_deployed(run: Run, tmp_path: Path) -> None:
    assert run("deploy", write_family(tmp_path))[0] == 0
    assert run("export", "enquiry@1") == (0, asking("ask").decode(), "")


def versions(run: Run) -> list[Mapping[str, object]]:
    found = facts(run, "pack", "list", "--deployed")
    assert isinstance(found, list)
    return found
