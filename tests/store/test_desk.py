"""A desk's own data: people, what lets them in, deployments, and the desk's chain that tells of all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from engine.errors import Conflict, InvalidInput, NotFound
from engine.reads import Reads
from engine.store import ApiToken, Person, ProcessVersion, Session, Snapshot
from tests.store.hand import ANN, Hand


def person(hand: Hand, login: str = "ann") -> Person:
    return Person(
        hand.desk_id, uuid4(), login, "Ann Meyer", None, None, "argon", ["agent"], ["tier1"], True, hand.now
    )


def snapshot(hand: Hand, number: int, origin: str = "owner") -> Snapshot:
    return Snapshot(hand.desk_id, uuid4(), "a_pack", number, b"#", hand.now, "Ann", "", origin)


def test_a_person_is_found_by_login_in_any_case_of_letters(hand: Hand) -> None:
    ann = person(hand)
    hand.store.people.add(ann)
    assert (
        hand.store.people.by_login(hand.desk_id, "ANN") == ann == hand.store.people.get(hand.desk_id, ann.id)
    )
    assert hand.store.people.by_login(hand.desk_id + 1, "ann") is None
    with pytest.raises(InvalidInput) as refused:
        hand.store.people.add(person(hand, "Ann"))
    assert "login" in refused.value.fields


def test_two_who_change_the_same_person_do_not_overwrite_each_other(hand: Hand) -> None:
    ann = person(hand)
    hand.store.people.add(ann)
    hand.store.people.change(replace(ann, roles=["lead"]))
    with pytest.raises(Conflict, match="Anne as you saw them"):
        hand.store.people.change(replace(ann, name="Anne"))
    assert hand.store.people.get(hand.desk_id, ann.id).roles == ["lead"]


def test_a_session_ends_by_itself_by_log_out_and_with_its_person(hand: Hand) -> None:
    who, sessions = uuid4(), hand.store.sessions
    session = Session(hand.desk_id, who, hand.now, hand.now + timedelta(hours=1), hand.now)
    hashes = [uuid4().bytes for _ in range(3)]
    for id_hash in hashes:
        sessions.add(id_hash, session)
    assert sessions.get(hashes[0], hand.now) == session
    assert sessions.get(hashes[0], hand.now + timedelta(hours=1)) is None
    sessions.seen(hashes[0], hand.now, hand.now + timedelta(hours=9))
    assert sessions.get(hashes[0], hand.now + timedelta(hours=8)) is not None
    sessions.end(hashes[0])
    assert sessions.get(hashes[0], hand.now) is None
    sessions.end_all(hand.desk_id, who)
    assert [sessions.get(id_hash, hand.now) for id_hash in hashes[1:]] == [None, None]


def test_a_revoked_token_lets_nobody_in(hand: Hand) -> None:
    token = ApiToken(hand.desk_id, uuid4(), uuid4(), "script", hand.now, None)
    secret = uuid4().bytes
    hand.store.tokens.add(token, secret)
    assert hand.store.tokens.get(secret) == token
    assert hand.store.tokens.revoke(hand.desk_id, token.id, hand.now)
    assert hand.store.tokens.get(secret) is None
    assert not hand.store.tokens.revoke(hand.desk_id, token.id, hand.now)


def test_an_invitation_is_used_once_and_in_time(hand: Hand) -> None:
    invitations, one, late = hand.store.invitations, uuid4().bytes, uuid4().bytes
    for token_hash in (one, late):
        invitations.add(token_hash, hand.desk_id, ["owner"], hand.now + timedelta(hours=1))
    assert invitations.use(one, hand.now).roles == ["owner"]
    assert invitations.use(one, hand.now) is None
    assert invitations.use(late, hand.now + timedelta(hours=2)) is None


def test_a_deployed_pack_comes_back_as_it_was(hand: Hand) -> None:
    pack, files = snapshot(hand, 1), {"bpmn/a.bpmn": b"<a/>", "pack.toml": b"id = 1", "copy": b"<a/>"}
    version = ProcessVersion(hand.desk_id, "a", 1, pack.id, b"#", "A", "bpmn/a.bpmn", hand.now)
    with hand.store.desk_unit(hand.desk_id) as unit:
        unit.catalogue.add_snapshot(pack, files)
        unit.catalogue.add_versions([version])
    catalogue = hand.store.catalogue
    assert catalogue.snapshot(hand.desk_id, pack.id) == (files, {"a": 1})
    assert catalogue.latest_snapshot(hand.desk_id, "a") == pack.id
    assert catalogue.latest(hand.desk_id, "a_pack") == pack
    assert catalogue.latest(hand.desk_id, "a_pack", "bundle") is None
    assert Reads(hand.store).diagram(hand.desk_id, "a", 1) == b"<a/>"
    with pytest.raises(NotFound):
        catalogue.snapshot(hand.desk_id, uuid4())


def test_two_deployments_of_one_number_leave_one(hand: Hand) -> None:
    hand.store.catalogue.add_snapshot(snapshot(hand, 1), {"a": b"1"})
    with pytest.raises(Conflict, match="deployment 1 of a_pack"), hand.store.desk_unit(hand.desk_id) as unit:
        unit.catalogue.add_snapshot(snapshot(hand, 1), {"a": b"2"})
    assert len(hand.store.catalogue.snapshots(hand.desk_id)) == 1


def test_a_process_history_counts_the_tickets_that_keep_their_version(hand: Hand) -> None:
    for number in (1, 2):
        pack = snapshot(hand, number)
        version = ProcessVersion(hand.desk_id, "helpdesk", number, pack.id, b"#", "Helpdesk", "a", hand.now)
        hand.store.catalogue.add_snapshot(pack, {"a": b"1"})
        hand.store.catalogue.add_versions([version])
    hand.open()
    reads = Reads(hand.store)
    history, newest = reads.process_history(hand.desk_id, "helpdesk"), reads.processes(hand.desk_id)
    assert [(it.version, it.open_tickets) for it in history] == [(2, 0), (1, 1)]
    assert [(it.version, it.open_tickets) for it in newest] == [(2, 1)]


def test_what_a_desk_does_stands_in_its_own_chain(hand: Hand) -> None:
    ann = person(hand)
    with hand.store.desk_unit(hand.desk_id) as unit:
        unit.people.add(ann)
        unit.note("person_added", ANN, {"person": str(ann.id), "roles": ann.roles}, values={"name": ann.name},
                  at=hand.now, recorded_at=hand.now)  # fmt: skip
    with hand.store.desk_unit(hand.desk_id) as unit:
        unit.note("logged_in", ANN, {"person": str(ann.id)}, at=hand.now, recorded_at=hand.now)
    added, logged_in = Reads(hand.store).desk_trail(hand.desk_id)
    assert (added.seq, added.data["what"], added.values) == (1, "person_added", {"name": "Ann Meyer"})
    assert (logged_in.seq, logged_in.data["person_name"]) == (2, "Ann Meyer")
    assert Reads(hand.store).verify_desk(hand.desk_id).ok


def test_a_desk_unit_that_fails_leaves_no_trace(hand: Hand) -> None:
    with pytest.raises(RuntimeError), hand.store.desk_unit(hand.desk_id) as unit:
        unit.people.add(person(hand))
        unit.note("person_added", ANN, {}, at=hand.now, recorded_at=hand.now)
        raise RuntimeError
    assert hand.store.people.all(hand.desk_id) == []
    assert Reads(hand.store).desk_trail(hand.desk_id) == []


def test_a_draft_is_kept_for_each_task_and_person(hand: Hand) -> None:
    task, ann, bob = uuid4(), uuid4(), uuid4()
    drafts = hand.store.drafts
    drafts.keep(hand.desk_id, task, ann, {"note": "half a"})
    drafts.keep(hand.desk_id, task, ann, {"note": "half a sentence", "amount": 1.5})
    assert drafts.of(hand.desk_id, task, bob) is None
    assert drafts.of(hand.desk_id, task, ann)["note"] == "half a sentence"
    drafts.drop(hand.desk_id, task, ann)
    assert drafts.of(hand.desk_id, task, ann) is None


def test_a_line_of_a_log_is_marked_once(hand: Hand) -> None:
    command = uuid4()
    for _ in range(2):
        hand.store.replays.mark(hand.desk_id, "abc", 2, 7, command)
    assert hand.store.replays.lines(hand.desk_id, "abc") == {2: 7}
