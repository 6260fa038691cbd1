"""The OpenAPI document and the routes say the same."""

import re
from pathlib import Path

from flask import Flask

from webui import access
from webui.api.answers import KINDS
from webui.api.declare import OPERATIONS, PREFIX
from webui.api.openapi import document
from webui.api.schemas import COMPONENTS


def described(app: Flask) -> dict:
    return document(OPERATIONS, "http://localhost", "1")


def test_every_route_of_the_api_stands_in_the_document_and_the_other_way_round(app: Flask) -> None:
    routes = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule).removeprefix(PREFIX))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    paths = described(app)["paths"]
    assert routes == {(method.upper(), path) for path, methods in paths.items() for method in methods}


def test_every_operation_says_the_roles_that_its_route_asks_for(app: Flask) -> None:
    for declared in OPERATIONS:
        assert access.roles_of(app, f"api.{declared.name}") == frozenset(declared.roles)


def test_every_reference_leads_to_a_component(app: Flask) -> None:
    names = set(re.findall(r"#/components/schemas/(\w+)", str(described(app))))
    assert names <= set(COMPONENTS)
    assert set(COMPONENTS) - names == set()


def test_every_path_parameter_is_described(app: Flask) -> None:
    for path, methods in described(app)["paths"].items():
        for operation in methods.values():
            named = {it["name"] for it in operation["parameters"] if it["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path))


def test_every_post_takes_an_idempotency_key_and_every_problem_is_a_problem(app: Flask) -> None:
    for methods in described(app)["paths"].values():
        for method, operation in methods.items():
            names = {it["name"] for it in operation["parameters"]}
            assert ("Idempotency-Key" in names) == (method == "post")
            problems = [it for status, it in operation["responses"].items() if status >= "400"]
            assert all("application/problem+json" in it["content"] for it in problems)


def test_the_document_is_served_to_anybody(app: Flask) -> None:
    answer = app.test_client().get(f"{PREFIX}/openapi.json")
    assert answer.status_code == 200
    assert answer.json["openapi"] == "3.1.0"


def test_the_page_of_the_reference_lists_every_operation_with_its_roles_and_every_problem() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "rest.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(\w+ /\S*)` \|.*\| ([\w, ]+) \|$", page, re.MULTILINE))
    assert listed == {(f"{it.method} {it.path}", ", ".join(it.roles)) for it in OPERATIONS}
    problems = set(re.findall(r"^\| (\d+) \| `([\w-]+)` \|", page, re.MULTILINE))
    assert problems == {(str(kind.status), name) for name, kind in KINDS.items()}
