"""A queue that nobody has: the people page names it, because what lies there is seen by leads alone."""

from __future__ import annotations


def test_the_people_page_names_the_queues_that_nobody_has_until_somebody_has_them(visit, office) -> None:
    admin = visit("ada", "admin")
    assert "Nobody has these queues" in admin.get("/people").text
    office.person("ann", "agent", queues=("tier1", "tier2"))
    page = admin.get("/people").text
    notice = page.partition("Nobody has these queues")[2].partition("</div>")[0]
    assert "Give each to somebody." in notice and "Tier 1" not in notice and "Knowledge base" in notice
    office.person("bea", "lead", queues=("knowledge",))
    assert "Nobody has these queues" not in admin.get("/people").text


def test_an_unknown_setting_names_those_that_are_alike(visit, office) -> None:
    answer = visit("olga", "owner").get("/settings/confirm.close_aftr")
    assert answer.status_code == 404
    assert "Alike: confirm.close_after" in answer.text
