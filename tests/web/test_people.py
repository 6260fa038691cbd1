"""The people page: adding, changing, keeping out, links and tokens."""

import re

from tests.web.conftest import PASSWORD


def secret_of(page: str) -> str:
    return re.search(r'id="shown-secret" value="([^"]+)"', page)[1]


def add(visitor, **more: object):
    typed = {
        "name": "Ben",
        "login": "ben",
        "email": "",
        "phone": "",
        "roles": "agent",
        "queues": ["tier1", "tier2"],
    }
    return visitor.post("/people", **(typed | more))


def test_an_added_person_logs_in_with_the_password_that_is_shown_once(visit, office) -> None:
    admin = visit("ada", "admin")
    page = add(admin).text
    password = secret_of(page)
    assert password not in admin.get("/people").text
    ben = visit()
    assert ben.log_in("ben", password).location == "/inbox"
    person = office.casepath.people.log_in(office.desk.id, "ben", password).person
    assert (person.roles, person.queues) == (["agent"], ["tier1", "tier2"])


def test_a_person_without_a_role_or_with_a_taken_login_is_told_at_the_field(visit) -> None:
    admin = visit("ada", "admin")
    nobody = add(admin, roles=[])
    assert nobody.status_code == 422
    assert 'href="#field-roles"' in nobody.text
    taken = add(admin, login="ADA")
    assert taken.status_code == 422
    assert 'href="#field-login"' in taken.text
    assert 'value="Ben"' in taken.text


def test_a_one_time_link_makes_a_person_with_its_roles(visit, office) -> None:
    page = visit("ada", "admin").post("/people/link", page="/people", link_roles=["agent", "lead"]).text
    address = secret_of(page)
    newcomer = visit()
    answer = newcomer.post(
        address[address.index("/welcome/") :], name="Cleo", login="cleo", password=PASSWORD
    )
    assert answer.location == "/inbox"
    person = office.casepath.people.log_in(office.desk.id, "cleo", PASSWORD).person
    assert person.roles == ["agent", "lead"]


def test_roles_and_queues_are_changed(visit, office) -> None:
    admin = visit("ada", "admin")
    ben = office.person("ben", "agent", queues=("tier1",))
    here = f"/people/{ben.id}"
    admin.post(
        here, name="Ben Brown", email="ben@example.com", phone="", roles=["agent", "auditor"], queues="tier2"
    )
    changed = office.casepath.reads.person(office.desk.id, ben.id)
    assert (changed.name, changed.roles, changed.queues) == ("Ben Brown", ["agent", "auditor"], ["tier2"])


def test_somebody_kept_out_can_not_log_in_until_let_in_again(visit, office) -> None:
    admin, ben = visit("ada", "admin"), office.person("ben")
    here = f"/people/{ben.id}"
    admin.post(f"{here}/active", page=here, active="no")
    assert visit().log_in("ben").status_code == 401
    admin.post(f"{here}/active", page=here, active="yes")
    assert visit().log_in("ben").status_code == 302


def test_the_last_admin_can_not_give_the_role_away(visit, office) -> None:
    admin = visit("ada", "admin")
    here = f"/people/{office.people['ada'].id}"
    answer = admin.post(here, name="Ada", email="", phone="", roles="agent")
    assert answer.status_code == 422
    assert "last one" in answer.text


def test_a_new_password_replaces_the_old_one(visit, office) -> None:
    admin, ben = visit("ada", "admin"), office.person("ben")
    here = f"/people/{ben.id}"
    password = secret_of(admin.post(f"{here}/password", page=here).text)
    assert visit().log_in("ben", PASSWORD).status_code == 401
    assert visit().log_in("ben", password).status_code == 302


def test_a_token_works_until_it_is_revoked(visit, office, app) -> None:
    admin, ben = visit("ada", "admin"), office.person("ben")
    here = f"/people/{ben.id}"
    secret = secret_of(admin.post(f"{here}/tokens", page=here, token_name="Monitoring").text)
    ask = {"Authorization": f"Bearer {secret}"}
    assert app.test_client().get("/api/v1/tickets", headers=ask).status_code == 200
    (token,) = office.casepath.reads.tokens(office.desk.id, ben.id)
    admin.post(f"{here}/tokens/{token.id}/revoke", page=here)
    assert app.test_client().get("/api/v1/tickets", headers=ask).status_code == 401


def test_people_of_another_desk_can_not_be_seen(visit, office, casepath) -> None:
    other = casepath.store.desks.add("far_away", "Far away", "none", "UTC", office.desk.created_at)
    stranger, _ = casepath.people.add(other.id, casepath.operator, login="eve", name="Eve", roles=["agent"])
    assert visit("ada", "admin").get(f"/people/{stranger.id}").status_code == 404


def test_a_person_changes_their_own_password_by_giving_the_old_one(visit) -> None:
    ben, elsewhere = visit("ben"), visit("ben")
    wrong = ben.post("/account", old="not it", new="another long one")
    assert wrong.status_code == 422
    assert 'href="#field-old"' in wrong.text
    short = ben.post("/account", old=PASSWORD, new="short")
    assert 'href="#field-new"' in short.text
    assert ben.post("/account", old=PASSWORD, new="another long one").location == "/account"
    assert "The changes were saved." in ben.get("/account").text
    assert elsewhere.get("/inbox").location.startswith("/login"), "other log-ins end"
    assert visit().log_in("ben", "another long one").status_code == 302
