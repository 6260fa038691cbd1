"""The facts of a `pack.toml`, each judged; an unknown key is a finding, because a typing error looks like one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.catalog.assigning import BY_QUEUE, Assign, check_assigns, read_assign
from engine.catalog.connectors import Connector, read_connectors
from engine.catalog.findings import PackFinding
from engine.catalog.goals import read_goals
from engine.catalog.layers import PACK_ID
from engine.catalog.mailing import read_addresses
from engine.catalog.places import Whereabouts
from engine.catalog.settings import Setting, as_value, objection
from engine.goals import Goal

_ID = PACK_ID
_TEXTS = ("id", "title", "time_zone", "extends", "process")
_LABELS = ("states", "categories", "priorities", "tiers", "roles", "channels", "skills")
KEYS = (*_TEXTS, "base", *_LABELS, "mail", "queues", "settings", "goals", "connectors")
_SOURCE = re.compile(r"(text|default)\b.*\w")


@dataclass(frozen=True)
class Queue:
    """Where tasks lie: its key, what people read, the roles whose members see it, and how its tasks find people."""

    key: str
    title: str
    roles: tuple[str, ...] = ()
    assign: Assign = field(default_factory=Assign)


@dataclass(frozen=True)
class Manifest:
    """Everything that a `pack.toml` says, together with those of the packs that it is built on.

    `base` marks a pack of shared parts that has no desk of its own.
    """

    id: str
    title: str
    time_zone: str
    extends: str | None
    base: bool
    process: str | None
    states: Mapping[str, str]
    categories: Mapping[str, str]
    priorities: Mapping[str, str]
    tiers: Mapping[str, str]
    queues: Mapping[str, Queue]
    roles: Mapping[str, str]
    channels: Mapping[str, str]
    skills: Mapping[str, str]
    settings: Mapping[str, Setting]
    goals: Mapping[str, Goal]
    mail: tuple[str, ...]
    connectors: Mapping[str, Connector]

    @property
    def labels(self) -> dict[str, dict[str, str]]:
        """What people read for the keys of each vocabulary, by the names that expressions have for these."""
        return {
            "category": dict(self.categories),
            "channel": dict(self.channels),
            "goal": {key: goal.title for key, goal in self.goals.items()},
            "priority": dict(self.priorities),
            "queue": {key: queue.title for key, queue in self.queues.items()},
            "role": dict(self.roles),
            "skill": dict(self.skills),
            "state": dict(self.states),
            "tier": dict(self.tiers),
        }


def read_manifest(raw: Mapping[str, Any], places: Whereabouts) -> tuple[Manifest, list[PackFinding]]:
    """Return the facts and what is wrong with them; wrong ones are left out."""
    reader = _Reader(raw, places)
    reader.refuse_unknown(raw, KEYS)
    texts = {name: reader.text(name, "Expected a text, but it is none.") for name in _TEXTS}
    labels = {name: reader.labels(name) for name in _LABELS}
    goals, wrong = read_goals(raw, places)
    manifest = Manifest(
        id=reader.id(texts["id"]),
        title=texts["title"] or texts["id"] or "",
        time_zone=reader.time_zone(texts["time_zone"] or "UTC"),
        extends=texts["extends"],
        base=reader.flag("base"),
        process=texts["process"],
        queues=reader.queues(labels["roles"]),
        settings=reader.settings(),
        goals=goals,
        mail=read_addresses(reader.table("mail"), reader.wrong),
        connectors=read_connectors(reader.table("connectors"), reader.wrong),
        **labels,
    )
    values = {key: setting.value for key, setting in manifest.settings.items()}
    check_assigns({key: queue.assign for key, queue in manifest.queues.items()}, values, reader.wrong)
    return manifest, [*reader.findings, *wrong]


class _Reader:
    """Reads one manifest; collects findings with their lines."""

    def __init__(self, raw: Mapping[str, Any], places: Whereabouts) -> None:
        self.raw = raw
        self.places = places
        self.findings: list[PackFinding] = []

    def refuse_unknown(self, found: Mapping[str, Any], known: tuple[str, ...], *path: str) -> None:
        for key in found:
            if key not in known:
                message = f"Expected one of {', '.join(known)}, but found “{key}”."
                self.wrong("unknown-key", message, "Correct or remove the key.", *path, key)

    def text(self, name: str, message: str) -> str | None:
        value = self.raw.get(name)
        if value is None or isinstance(value, str):
            return value
        self.wrong("type", message, f'Write {name} = "…".', name)
        return None

    def flag(self, name: str) -> bool:
        value = self.raw.get(name, False)
        if not isinstance(value, bool):
            self.wrong(
                "type", f"Expected true or false, but {name} is {value!r}.", f"Write {name} = true.", name
            )
        return value is True

    def id(self, value: str | None) -> str:
        if value is None or not _ID.fullmatch(value):
            message = f"Expected an id of small letters, digits and underscores, but it is {value!r}."
            self.wrong("id", message, 'Write id = "your_pack".', "id")
        return value or ""

    def time_zone(self, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            message = f"Expected a time zone of the IANA database, but “{name}” is none."
            self.wrong("time-zone", message, 'Write one such as "Europe/Rome" or "UTC".', "time_zone")
            return "UTC"
        return name

    def table(self, *path: str) -> Mapping[str, Any]:
        found: Any = self.raw
        for part in path:
            found = found.get(part, {})
        if isinstance(found, Mapping):
            return found
        self.wrong(
            "type", f"Expected a table, but “{'.'.join(path)}” is none.", f"Write [{'.'.join(path)}].", *path
        )
        return {}

    def labels(self, name: str) -> dict[str, str]:
        labels: dict[str, str] = {}
        for key, label in self.table(name).items():
            if isinstance(label, str) and _ID.fullmatch(key):
                labels[key] = label
            else:
                message = f"Expected a key of small letters with its label, but found {key} = {label!r}."
                self.wrong("label", message, f'Write {key.lower()} = "…".', name, key)
        return labels

    def queues(self, roles: Mapping[str, str]) -> dict[str, Queue]:
        return {key: self._queue(key, roles) for key in self.table("queues")}

    def _queue(self, key: str, roles: Mapping[str, str]) -> Queue:
        found = self.table("queues", key)
        self.refuse_unknown(found, ("title", "roles", "assign"), "queues", key)
        listed = found.get("roles", [])
        if not isinstance(listed, list):
            message = f"Expected a list of roles, but queue “{key}” has {listed!r}."
            self.wrong("type", message, 'Write roles = ["…"].', "queues", key, "roles")
            listed = []
        named = tuple(map(str, listed))
        for role in named:
            if role not in roles:
                message = f"Expected a role of the pack, but queue “{key}” names “{role}”."
                self.wrong("unknown-role", message, "Add it under [roles].", "queues", key, "roles")
        assign = read_assign(key, found.get("assign", BY_QUEUE), self.wrong)
        return Queue(key, str(found.get("title", key)), named, assign)

    def settings(self) -> dict[str, Setting]:
        found = {key: self._setting(key) for key in self.table("settings")}
        return {key: setting for key, setting in found.items() if setting is not None}

    def _setting(self, key: str) -> Setting | None:
        found = self.table("settings", key)
        self.refuse_unknown(found, ("value", "unit", "source", "title", "choices"), "settings", key)
        value, source = as_value(found.get("value")), str(found.get("source", ""))
        if value is None:
            message = f"Expected setting “{key}” to have a value, but it has {found.get('value')!r}."
            self.wrong("setting", message, "Write { value = …, unit = …, source = … }.", "settings", key)
            return None
        if not _SOURCE.fullmatch(source):
            message = f"Expected setting “{key}” to say where it comes from, but its source is “{source}”."
            self.wrong("source", message, 'Write source = "text …" or source = "default …".', "settings", key)
        choices = tuple(map(as_value, found.get("choices") or ()))
        setting = Setting(
            key, value, str(found.get("unit", "")), source, str(found.get("title", "")), choices
        )
        if (sentence := objection(setting, value)) is not None:
            self.wrong("setting", sentence, "Correct the value, or what it may be.", "settings", key)
        return setting

    def wrong(self, rule: str, message: str, remedy: str, *path: str) -> None:
        file, line = self.places.at(*path)
        self.findings.append(PackFinding(file, rule, message, remedy, line))
