"""Deploying on the real database: what one owner deployed is not taken back by the next one's diagram."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from engine.errors import Conflict
from engine.people import operator
from tests.office import MANIFEST, MONDAY, Office
from tests.parts.spiff.drawing import draw


def drawn(process: str, tasks: str) -> bytes:
    steps = ">".join(("s", *tasks.split(), "e"))
    users = "; ".join(f"user {it}" for it in tasks.split())
    return draw(f"start s; {users}; end e", steps).replace(b'id="p"', f'id="{process}"'.encode())


def test_a_diagram_from_the_studio_joins_the_pack_as_it_was_deployed_last(office: Office) -> None:
    deployments = office.casepath.deployments
    desk = office.casepath.store.desks.add("wk", "Workers", "wk", "UTC", MONDAY)
    pack = {"pack.toml": MANIFEST, "bpmn/p.bpmn": drawn("p", "work"), "bpmn/q.bpmn": drawn("q", "ask")}
    deployments.deploy(desk.id, pack, operator())
    newer_p = deployments.with_diagram(desk.id, "p", drawn("p", "work check"))
    assert deployments.deploy(desk.id, newer_p, operator()).versions == {"p": 2}
    renamed = MANIFEST.replace(b'new = "New"', b'new = "Fresh"')
    assert deployments.deploy(desk.id, {**newer_p, "pack.toml": renamed}, operator()).versions == {
        "p": 3,
        "q": 2,
    }
    newer_q = deployments.with_diagram(desk.id, "q", drawn("q", "ask again"))
    assert deployments.deploy(desk.id, newer_q, operator()).versions == {"q": 3}
    assert newer_q["pack.toml"] == renamed
    assert newer_q["bpmn/p.bpmn"] == newer_p["bpmn/p.bpmn"]


def test_a_process_that_moved_to_another_file_is_replaced_there(office: Office) -> None:
    deployments = office.casepath.deployments
    office.deploy(drawn("p", "work"))
    files = deployments.files(office.desk_id, "p")
    moved = {"pack.toml": files["pack.toml"], "bpmn/moved.bpmn": files["bpmn/p.bpmn"]}
    deployments.deploy(office.desk_id, moved, operator())
    changed = drawn("p", "work check")
    assert deployments.with_diagram(office.desk_id, "p", changed) == {**moved, "bpmn/moved.bpmn": changed}


def test_of_two_diagrams_deployed_at_once_none_is_taken_back_unseen(office: Office) -> None:
    deployments = office.casepath.deployments
    desk = office.casepath.store.desks.add("wk", "Workers", "wk", "UTC", MONDAY)
    names = ("p", "q", "r", "t")
    pack = {f"bpmn/{it}.bpmn": drawn(it, "work") for it in names}
    deployments.deploy(desk.id, {"pack.toml": MANIFEST, **pack}, operator())

    def deployed(name: str) -> bool:
        try:
            deployments.deploy_diagram(desk.id, name, drawn(name, "work check"), operator())
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(len(names)) as pool:
        done = dict(zip(names, pool.map(deployed, names), strict=True))
    files = deployments.files(desk.id, "p")
    assert any(done.values())
    assert {it: b'"check"' in files[f"bpmn/{it}.bpmn"] for it in names} == done
