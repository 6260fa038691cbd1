"""A pack's samples, as its `samples.yaml` says them: people, records, and what was done to tickets and when.

    people:
      ann: {name: Ann Agent, roles: [agent], queues: [tier1]}
    given: {accounts: [...]}
    story:
      - {ago: PT2H, ticket: upload, open: {subject: Upload stops, requester: {name: Per, email: per@example.com}}}
      - {ago: PT1H, ticket: upload, claim: {task: triage, as: ann}}

A step is a scenario's step; `ago` says how long before the start it was done, `ticket` gives the ticket a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import yaml

from engine.errors import InvalidInput
from engine.feel import parse_duration
from engine.scenarios.script import Step

FILE = "samples.yaml"


@dataclass(frozen=True)
class Deed:
    """Something somebody did to a sample ticket, and how long ago."""

    ago: timedelta
    ticket: str
    step: Step


@dataclass(frozen=True)
class Samples:
    """People by their log-in names, records by the words for many, and deeds in order of time."""

    people: Mapping[str, Mapping[str, Any]]
    records: Mapping[str, Any]
    deeds: tuple[Deed, ...]


def read_samples(source: bytes) -> Samples:
    """Read a `samples.yaml`. Raises InvalidInput for one that can't be read."""
    try:
        content = yaml.safe_load(source)
        deeds = [_deed(number, dict(raw)) for number, raw in enumerate(content.get("story") or [], 1)]
    except (yaml.YAMLError, AttributeError, TypeError, ValueError, KeyError) as error:
        raise InvalidInput(f"Expected people, given and a story in {FILE}, but: {error}.") from error
    ordered = sorted(deeds, key=lambda deed: -deed.ago)
    return Samples(content.get("people") or {}, content.get("given") or {}, tuple(ordered))


def _deed(number: int, raw: dict[str, Any]) -> Deed:
    ago, ticket = parse_duration(str(raw.pop("ago"))), str(raw.pop("ticket"))
    ((verb, value),) = raw.items()
    return Deed(ago.timedelta, ticket, Step(number, verb, value))  # type: ignore[union-attr]
