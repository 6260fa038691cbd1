"""The inbox: folders, order by deadline, claiming and releasing, without any script."""

import re
from datetime import timedelta


def rows(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<span class="num">(\d+)</span> <strong>', page)]


def test_a_task_of_my_queue_is_offered_and_claimed(visit, office) -> None:
    number = office.open_ticket()
    visitor = visit("ann", queues=("tier1",))
    queues = visitor.get("/inbox?folder=queues").text
    assert rows(queues) == [number]
    assert "in 4 h" in queues

    task = office.task(number)
    claimed = visitor.post(
        f"/tasks/{task.id}/claim", page="/inbox?folder=queues", back="/inbox?folder=queues"
    )
    assert claimed.location == "/inbox?folder=queues"
    following = visitor.get(claimed.location).text
    assert "The task is yours." in following
    assert rows(following) == []
    assert rows(visitor.get("/inbox").text) == [number]
    assert "The task is yours." not in visitor.get("/inbox").text


def test_a_released_task_is_back_in_its_queue(visit, office) -> None:
    number = office.open_ticket()
    visitor = visit("ann", queues=("tier1",))
    office.claim(number, "ann")
    visitor.post(f"/tasks/{office.task(number).id}/release", page="/inbox")
    assert rows(visitor.get("/inbox?folder=queues").text) == [number]


def test_the_second_to_claim_is_told_and_nothing_is_changed(visit, office) -> None:
    number = office.open_ticket()
    bob = visit("bob", queues=("tier1",))
    office.person("ann", "agent", queues=("tier1",), name="Ann Agent")
    office.claim(number, "ann")
    answer = bob.post(f"/tasks/{office.task(number).id}/claim", page="/inbox?folder=all", back="/inbox")
    assert answer.status_code == 409
    assert "to be free, but Ann Agent has held it since 12:00 UTC on 23 November 2026." in answer.text
    assert "Nothing was changed." in answer.text
    assert "What you typed" not in answer.text


def test_who_saw_a_task_before_it_was_claimed_is_told_who_holds_it(visit, office) -> None:
    number = office.open_ticket()
    bob = visit("bob", queues=("tier1",))
    office.person("ann", "agent", queues=("tier1",), name="Ann Agent")
    office.claim(number, "ann")
    answer = bob.post(
        f"/tasks/{office.task(number).id}/claim", page="/inbox?folder=all", back="/inbox", revision="1"
    )
    assert answer.status_code == 409
    assert "as you saw it, but Ann Agent has held it since 12:00 UTC on 23 November 2026." in answer.text


def test_a_task_of_another_queue_is_not_offered(visit, office) -> None:
    office.open_ticket()
    assert rows(visit("bob", queues=("tier2",)).get("/inbox?folder=queues").text) == []


def test_the_nearest_deadline_is_on_top(visit, office) -> None:
    later = office.open_ticket("Second")
    office.forward(timedelta(hours=-1))
    first = office.open_ticket("First")
    office.forward(timedelta(hours=1))
    assert rows(visit("ann", queues=("tier1",)).get("/inbox?folder=queues").text) == [first, later]


def test_a_task_whose_deadline_has_passed_is_overdue(visit, office) -> None:
    number = office.open_ticket()
    office.forward(timedelta(hours=4, minutes=25))
    page = visit("ann", queues=("tier1",)).get("/inbox?folder=overdue").text
    assert rows(page) == [number]
    assert "25 min late" in page


def test_a_ticket_without_an_open_task_waits(visit, office) -> None:
    visitor = visit("lea", "lead", queues=("tier1", "tier2"))
    number = office.open_ticket()
    triaged(office, number, "lea")
    office.complete(number, "lea", result="ask", question="Which colour does it blink?")
    page = visitor.get("/inbox?folder=waiting").text
    assert rows(page) == [number]
    assert "Pending customer" in page


def test_an_empty_folder_says_what_will_appear_there(visit) -> None:
    assert "Nothing is in your hands" in visit("ann").get("/inbox").text


def test_a_long_folder_is_read_page_by_page_without_a_gap(visit, office, monkeypatch) -> None:
    monkeypatch.setattr("webui.inbox.PAGE_SIZE", 3)
    numbers = [office.open_ticket(f"Number {index}") for index in range(5)]
    visitor = visit("ann", queues=("tier1",))
    first = visitor.get("/inbox?folder=queues").text
    following = re.search(r'href="(/inbox\?folder=queues&amp;cursor=[^"]+)"', first)
    second = visitor.get(following[1].replace("&amp;", "&")).text
    assert rows(first) + rows(second) == numbers


def test_an_unknown_folder_is_not_found(visit) -> None:
    assert visit("ann").get("/inbox?folder=other").status_code == 404


def triaged(office, number: int, login: str) -> None:
    office.complete(
        number,
        login,
        category="bug_report",
        impact="medium",
        urgency="medium",
        sla_tier="standard",
        product_service=None,
    )
