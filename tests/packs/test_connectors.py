"""`[connectors]` of a pack: good ones are read, bad ones are findings with their place and remedy."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.catalog.check import check_pack
from engine.catalog.connectors import Connector
from engine.catalog.findings import PackFinding
from engine.catalog.pack import PackSource
from tests.parts.spiff.drawing import draw, extension, mapping, node

MANIFEST = """id = "till"
title = "Till"
[states]
new = "New"
[queues]
tier1 = { title = "Tier 1" }
[connectors]
"""
GOOD = 'url = "https://pay.example/v1/", secret = "PAY_SECRET"'
REFUND = {"account": '="A-1"', "amount": "=1", "currency": '="EUR"'}


def pack(
    connectors: str, *, type: str = "payment.refund", services: str = "", inputs: object = None
) -> PackSource:
    asked = f'<zeebe:taskDefinition type="{type}" />{mapping(inputs or REFUND)}'
    diagram = draw(f"start s; {node('service', 'pay', extension(asked))}; end e", "s>pay>e")
    files = {"pack.toml": (MANIFEST + connectors).encode(), "bpmn/p.bpmn": diagram}
    return PackSource.from_files(files | ({"services.py": services.encode()} if services else {}))


def findings(connectors: str, **more: object) -> tuple[PackFinding, ...]:
    """What is found, but for the picture that the diagram lacks."""
    found = check_pack(pack(connectors, **more))  # type: ignore[arg-type]
    return tuple(it for it in found if it.rule != "drawn")


def test_a_service_of_a_connected_area_needs_no_handler() -> None:
    assert findings(f"payment = {{ {GOOD} }}") == ()
    assert pack(f'payment = {{ {GOOD}, timeout = "PT3S" }}').connectors == {
        "payment": Connector("payment", "https://pay.example/v1", "PAY_SECRET", timedelta(seconds=3))
    }


def test_a_service_of_another_area_does() -> None:
    (found,) = findings(f"credit = {{ {GOOD} }}")
    assert (found.rule, found.element) == ("unknown-service", "pay")
    assert "Expected a service named “payment.refund”" in found.message


def test_areas_of_ones_own_can_go_out_too() -> None:
    assert findings(f"crm = {{ {GOOD} }}", type="crm.look_up") == ()


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/pay", "http://[::1]/pay", "http://localhost/pay"])
def test_plain_http_is_for_the_machine_itself(url: str) -> None:
    assert findings(f'payment = {{ url = "{url}", secret = "PAY_SECRET" }}') == ()


@pytest.mark.parametrize(
    ("said", "rule", "message"),
    [
        (f"paymnet = {{ {GOOD} }}", "connector", "but nothing asks for “paymnet.…”"),
        (
            f"desk = {{ {GOOD} }}",
            "connector",
            "Expected the area of services such as payment, but found “desk”",
        ),
        (
            "payment = 7",
            "connector",
            "Expected connector “payment” to have an url and a secret, but it is 7.",
        ),
        (
            'payment = { url = "http://pay.example", secret = "PAY_SECRET" }',
            "connector-url",
            "to have an address that begins with https, but it is 'http://pay.example'.",
        ),
        (
            'payment = { url = "http://127.0.0.1.example", secret = "PAY_SECRET" }',
            "connector-url",
            "to have an address that begins with https",
        ),
        ('payment = { secret = "PAY_SECRET" }', "connector-url", "but it is None."),
        (
            'payment = { url = "ftp://pay.example", secret = "S" }',
            "connector-url",
            "to have an address such as",
        ),
        ('payment = { url = "https://", secret = "S" }', "connector-url", "to have an address such as"),
        ('payment = { url = "https://a:b/", secret = "S" }', "connector-url", "to have an address such as"),
        (
            'payment = { url = "https://me:pw@pay.example", secret = "S" }',
            "connector-url",
            "without query, fragment and password",
        ),
        (
            'payment = { url = "https://pay.example?x=1", secret = "S" }',
            "connector-url",
            "without query, fragment and password",
        ),
        (
            'payment = { url = "https://pay.example" }',
            "connector-secret",
            "the environment variable of its secret",
        ),
        (
            'payment = { url = "https://pay.example", secret = "s3cr3t!" }',
            "connector-secret",
            "the environment variable of its secret",
        ),
        (f'payment = {{ {GOOD}, timeout = "soon" }}', "connector-timeout", "but its timeout is 'soon'."),
        (f'payment = {{ {GOOD}, timeout = "PT0S" }}', "connector-timeout", "but its timeout is 'PT0S'."),
        (f'payment = {{ {GOOD}, timeout = "PT91S" }}', "connector-timeout", "for at most 90 seconds"),
        (f"payment = {{ {GOOD}, timeout = 5 }}", "connector-timeout", "but its timeout is 5."),
        (
            f"payment = {{ {GOOD}, retries = 5 }}",
            "unknown-key",
            "one of url, secret, timeout, but found “retries”",
        ),
    ],
)
def test_a_bad_connector_is_found_at_its_line_with_a_remedy(said: str, rule: str, message: str) -> None:
    found = next(it for it in findings(said) if it.rule == rule)
    assert message in found.message
    assert (found.file, found.line, found.severity) == ("pack.toml", 8, "error")
    assert found.remedy


def test_inputs_that_an_operation_lacks_or_does_not_know_are_warned_of() -> None:
    found = findings(f"payment = {{ {GOOD} }}", inputs={"account": "=1", "acount": "=1", "amount": "=1"})
    assert [(it.rule, it.severity) for it in found] == [("operation-input", "warning")] * 2
    assert "hand payment.refund the input “currency”" in found[0].message
    assert "but “pay” hands it “acount”" in found[1].message
