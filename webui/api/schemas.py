"""What the API takes and gives, as JSON Schema: the components of the OpenAPI document.

Requests are judged by them before a view is entered (`judge.py`); tests judge every answer by the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

TEXT: Schema = {"type": "string", "maxLength": 100_000}
LINE: Schema = {"type": "string", "minLength": 1, "maxLength": 500}
ID: Schema = {"type": "string", "format": "uuid"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
NUMBER: Schema = {"type": "integer", "minimum": 1}
FIELDS: Schema = {"type": "object", "description": "Values by the name of their field."}


def or_null(schema: Schema) -> Schema:
    """Return a schema that also takes null."""
    return {**schema, "type": [schema["type"], "null"]}


def listed(items: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def reference(name: str) -> Schema:
    """Return a reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def record(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """Return the schema of an object with these properties and no others."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def page_of(name: str) -> Schema:
    """Return the schema of one page of a list; `next` is the cursor of the following one."""
    return record({"items": listed(reference(name)), "next": or_null(TEXT)})


PAGING: Mapping[str, Schema] = {
    "cursor": {**LINE, "description": "The `next` of the page before."},
    "limit": {"type": "integer", "minimum": 1, "maximum": 200, "description": "50 unless said."},
}

_REQUESTER = record({"name": LINE}, {"email": or_null(LINE), "phone": or_null(LINE)})
_PERSON: dict[str, Schema] = {
    "id": ID,
    "login": LINE,
    "name": LINE,
    "email": or_null(LINE),
    "phone": or_null(LINE),
    "roles": listed(LINE),
    "queues": listed(LINE),
    "skills": listed(LINE),
    "active": {"type": "boolean"},
    "revision": NUMBER,
}
_AWAY: dict[str, Schema] = {
    "away": {"type": "boolean", "description": "Until `away_until`, or for good where that is null."},
    "away_until": or_null(MOMENT),
}
_INCIDENT: dict[str, Schema] = {
    "id": ID,
    "ticket": NUMBER,
    "element": or_null(TEXT),
    "scope": {**TEXT, "description": "The path of ids to the element's level, with / between."},
    "kind": LINE,
    "message": TEXT,
    "phase": {**or_null(LINE), "description": "Of an element: enter, finish or leave."},
    "opened_at": MOMENT,
    "closed_at": or_null(MOMENT),
    "how": {**or_null(LINE), "description": "Of a closed one: retried, skipped, moved, cancelled or over."},
}
GOAL_STATUS: Schema = {
    "type": "string",
    "enum": ["running", "paused", "met", "met late", "breached", "ended"],
}
MESSAGE_STATES = ["waiting", "delivered", "expired", "refused"]
_REPEATED: Schema = {
    "type": "boolean",
    "description": "True where this key had been used: nothing was done again.",
}
_GOAL_TARGET = record(
    {
        "amount": {**LINE, "description": "ISO 8601; P1D of business days is one of them."},
        "counted": {"type": "string", "enum": ["elapsed", "working", "business_days", "rolled_forward"]},
        "counted_so": {**LINE, "description": "The way of counting in words."},
        "source": {**TEXT, "description": "Where the number is from: “text S3-21”, “default D-07”."},
        "decision": TEXT,
        "rule": {**TEXT, "description": "Ids of the rules that matched."},
        "rule_note": {**TEXT, "description": "What the table says beside these rules; may be empty."},
    }
)
_GOAL_CALENDAR = record(
    {
        "id": LINE,
        "title": LINE,
        "zone": LINE,
        "version": {**LINE, "description": "By which the goal counts."},
        "latest_version": {**LINE, "description": "Whose hours and days are told here."},
        "hours": {**LINE, "description": "The week in words."},
        "special_days": listed(record({"day": {**LINE, "description": "YYYY-MM-DD"}, "hours": LINE})),
    }
)
MAIL_STATE: Schema = {
    "type": "string",
    "enum": ["received", "opened", "replied", "noted", "dropped", "set_aside", "dismissed"],
}
MAIL_NATURE: Schema = {
    "type": "string",
    "enum": ["ordinary", "out_of_office", "automatic", "bounce", "list", "loop", "flood"],
}
_SEEN: Schema = {
    "type": "string",
    "enum": ["set_aside", "dropped", "dismissed"],
    "description": "The `state` in which the mail was seen; refused where somebody was quicker.",
}
FILE_NAME: Schema = {**LINE, "description": "Its name; must be there. What could do harm is taken out of it."}
_SIZE: Schema = {"type": "integer", "minimum": 0, "description": "In bytes."}
_SENT_FILES: Schema = {
    "type": "array",
    "items": ID,
    "description": "Files that this token sent to `/files` within a day.",
}
_FILE: dict[str, Schema] = {"id": ID, "name": LINE, "media_type": LINE, "size": _SIZE, "sha256": LINE}
_MAIL: dict[str, Schema] = {
    "id": ID,
    "message_id": TEXT,
    "sender": TEXT,
    "sender_name": TEXT,
    "recipient": TEXT,
    "subject": TEXT,
    "size": _SIZE,
    "sha256": LINE,
    "nature": MAIL_NATURE,
    "state": MAIL_STATE,
    "reason": TEXT,
    "found_by": or_null(LINE),
    "received_at": MOMENT,
    "ticket": or_null(NUMBER),
    "entry": or_null(ID),
    "decided_at": {**or_null(MOMENT), "description": "When somebody took it up or dismissed it by hand."},
    "decided_by_name": or_null(TEXT),
    "decided_why": {**or_null(TEXT), "description": "The reason of a dismissal."},
}
_LINK_KIND: Schema = {"type": "string", "enum": ["follows", "duplicate_of", "caused_by"]}
_SETTING: Schema = {"type": ["string", "number", "boolean"]}
_ACTOR = record({"kind": LINE, "id": TEXT, "name": TEXT})

COMPONENTS: dict[str, Schema] = {
    "Requester": _REQUESTER,
    "Actor": _ACTOR,
    "NewTicket": record(
        {"channel": LINE, "subject": LINE, "description": TEXT, "requester": reference("Requester")},
        {
            "desk": {**LINE, "description": "Key of the desk; only the desk of the token is possible."},
            "process": {**LINE, "description": "Key of the process; the desk's first one unless said."},
            "category": or_null(LINE),
            "priority": or_null(LINE),
            "fields": FIELDS,
            "external_ref": or_null(LINE),
            "attachments": _SENT_FILES,
        },
    ),
    "Ticket": record(
        {
            "number": NUMBER,
            "status": LINE,
            "label": LINE,
            "queue": or_null(LINE),
            "category": or_null(LINE),
            "priority": or_null(LINE),
            "subject": TEXT,
            "description": TEXT,
            "channel": LINE,
            "requester": {**_REQUESTER, "type": ["object", "null"]},
            "process": LINE,
            "version": NUMBER,
            "opened_at": MOMENT,
            "updated_at": MOMENT,
            "closed_at": or_null(MOMENT),
            "external_ref": or_null(TEXT),
            "fields": FIELDS,
        }
    ),
    "Tickets": page_of("Ticket"),
    "NewEntry": record(
        {"body": {**TEXT, "minLength": 1}},
        {
            "public": {
                "type": "boolean",
                "description": "Whether the customer may read it; false unless said.",
            },
            "kind": {"type": "string", "enum": ["reply", "note", "call"]},
            "attachments": _SENT_FILES,
        },
    ),
    "Entry": record(
        {
            "id": ID,
            "at": MOMENT,
            "kind": LINE,
            "public": {"type": "boolean"},
            "author": reference("Actor"),
            "body": TEXT,
        }
    ),
    "Entries": record({"items": listed(reference("Entry"))}),
    "NewLink": record({"kind": _LINK_KIND, "other": {**NUMBER, "description": "The other ticket's number."}}),
    "Link": record(
        {
            "kind": _LINK_KIND,
            "outward": {
                "type": "boolean",
                "description": "Whether the asked ticket says it of the other one; else the other one of it.",
            },
            "linked_at": MOMENT,
            "ticket": record({"number": NUMBER, "subject": TEXT, "status": LINE, "label": LINE}),
        }
    ),
    "Links": record({"items": listed(reference("Link"))}),
    "Attachment": record(
        {
            "id": ID,
            "entry": or_null(ID),
            "name": LINE,
            "media_type": LINE,
            "size": _SIZE,
            "sha256": LINE,
            "added_at": MOMENT,
            "public": {"type": "boolean", "description": "Whether the customer may have it."},
            "href": LINE,
        }
    ),
    "Attachments": record({"items": listed(reference("Attachment"))}),
    "SentFile": record(_FILE),
    "ReceivedMail": record(_MAIL),
    "MailSeen": record(
        {
            **_MAIL,
            "text": TEXT,
            "quoted": {**TEXT, "description": "The history that the sender's program repeated."},
            "left_out": listed(TEXT),
            "headers": listed(record({"name": LINE, "text": TEXT})),
            "attachments": listed(record({**_FILE, "href": LINE})),
        }
    ),
    "OpenMail": record({"seen": _SEEN, "subject": LINE, "requester": reference("Requester")}),
    "AddMail": record(
        {
            "seen": _SEEN,
            "ticket": NUMBER,
            "kind": {
                "type": "string",
                "enum": ["reply", "note"],
                "description": "`reply`: words of the customer, for which the process may wait.",
            },
        }
    ),
    "DismissMail": record({"seen": _SEEN, "reason": {**TEXT, "minLength": 1, "maxLength": 1_000}}),
    "ReceivedMails": record({"items": listed(reference("ReceivedMail")), "next": or_null(TEXT)}),
    "Task": record(
        {
            "id": ID,
            "ticket": NUMBER,
            "element": LINE,
            "name": TEXT,
            "form": or_null(LINE),
            "queue": or_null(LINE),
            "candidate_groups": listed(LINE),
            "assignee": or_null(ID),
            "state": {"type": "string", "enum": ["open", "completed", "cancelled"]},
            "priority": or_null(LINE),
            "opened_at": MOMENT,
            "due_at": or_null(MOMENT),
            "closed_at": or_null(MOMENT),
            "closed_by": or_null(TEXT),
            "revision": {"type": "integer"},
            "skills": listed(LINE),
            "reason": {**or_null(TEXT), "description": "Why Casepath chose the assignee, or nobody."},
        }
    ),
    "Tasks": page_of("Task"),
    "TaskStep": record({}, {"revision": {"type": "integer", "description": "The task as it was seen."}}),
    "Assignment": record({"person": ID}, {"revision": {"type": "integer"}}),
    "Completion": record({}, {"fields": FIELDS, "revision": {"type": "integer"}}),
    "Actions": record(
        {
            "items": listed(
                record(
                    {
                        "id": ID,
                        "element": LINE,
                        "label": LINE,
                        "form": or_null(LINE),
                        "groups": listed(LINE),
                        "preview": {**listed(TEXT), "description": "What will come of it."},
                        "taken_back": listed(record({"activity": LINE, "handler": LINE})),
                        "until": {**or_null(LINE), "description": "The element that makes it too late."},
                    }
                )
            )
        }
    ),
    "Settings": record(
        {
            "items": listed(
                record(
                    {
                        "key": LINE,
                        "title": TEXT,
                        "value": _SETTING,
                        "given": {**_SETTING, "description": "The pack's own value."},
                        "unit": TEXT,
                        "source": LINE,
                        "choices": listed(_SETTING),
                        "uses": listed(record({"file": LINE, "place": LINE})),
                    }
                )
            )
        }
    ),
    "SettingsChange": record(
        {
            "values": {
                "type": "object",
                "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
                "description": "By key; null takes the pack's own value again.",
            },
            "note": {**LINE, "description": "Why; it is kept."},
        },
        {"for_open": {"type": "boolean", "description": "For open tickets, too; false unless said."}},
    ),
    "ActionTaken": record({}, {"fields": FIELDS}),
    "Outcome": record({"command": ID, "ticket": NUMBER, "repeated": _REPEATED}),
    "Repaired": record(
        {"command": ID, "ticket": NUMBER, "repeated": _REPEATED},
        {"incident": {**or_null(ID), "description": "At which it stands again; left out when repeated."}},
    ),
    "Message": record(
        {"name": LINE},
        {
            "correlation": record({}, {"ticket": NUMBER, "key": or_null(LINE)}),
            "payload": FIELDS,
            "time_to_live": {**LINE, "description": "ISO 8601 days and time; PT1H unless said."},
            "id": {**LINE, "description": "What the sender calls it; the same id is sent once."},
        },
    ),
    "MessageOutcome": record(
        {
            "command": ID,
            "state": {"type": "string", "enum": MESSAGE_STATES},
            "ticket": or_null(NUMBER),
            "expires_at": or_null(MOMENT),
            "repeated": _REPEATED,
        }
    ),
    "SentMessage": record(
        {
            "id": ID,
            "name": LINE,
            "key": or_null(TEXT),
            "payload": FIELDS,
            "state": {"type": "string", "enum": MESSAGE_STATES},
            "sent_by": TEXT,
            "sent_at": MOMENT,
            "expires_at": MOMENT,
            "ended_at": or_null(MOMENT),
            "ticket": or_null(NUMBER),
            "error": or_null(TEXT),
        }
    ),
    "Messages": page_of("SentMessage"),
    "Signal": record(
        {"name": LINE},
        {
            "payload": FIELDS,
            "id": {**LINE, "description": "What the sender calls it; the same id is sent once."},
        },
    ),
    "SignalOutcome": record(
        {
            "command": ID,
            "reached": {"type": "integer", "minimum": 0, "description": "How many tickets listened."},
            "repeated": _REPEATED,
        }
    ),
    "Person": record(_PERSON | _AWAY),
    "People": record({"items": listed(reference("Person"))}),
    "AddedPerson": record({**_PERSON, **_AWAY, "password": LINE}),
    "NewPerson": record(
        {"login": LINE, "name": LINE, "roles": listed(LINE)},
        {"queues": listed(LINE), "skills": listed(LINE), "email": or_null(LINE), "phone": or_null(LINE)},
    ),
    "PersonChange": record({}, {name: it for name, it in _PERSON.items() if name not in ("id", "login")}),
    "Availability": record({"away": {"type": "boolean"}}, {"until": or_null(MOMENT)}),
    "FoundAccount": record(
        {"number": LINE, "name": LINE, "email": or_null(LINE), "phone": or_null(LINE), "status": LINE}
    ),
    "Accounts": record({"items": listed(reference("FoundAccount"))}),
    "Account": record(
        {
            **dict.fromkeys(("number", "name", "currency", "status", "owed", "credit"), LINE),
            **dict.fromkeys(("email", "phone", "address", "area"), or_null(LINE)),
            "high_value": {"type": "boolean"},
            "opened_at": MOMENT,
            "closed_at": or_null(MOMENT),
            "records": {
                "type": "object",
                "description": "Lists by the words for many: contracts, invoices, …",
            },
        }
    ),
    "NewRecords": record({"records": listed(FIELDS)}),
    "ImportedRecords": record({"imported": {"type": "integer", "minimum": 0}}),
    "Token": record(
        {"id": ID, "name": LINE, "person": ID, "created_at": MOMENT, "revoked_at": or_null(MOMENT)}
    ),
    "Tokens": record({"items": listed(reference("Token"))}),
    "NewToken": record({"login": LINE, "name": LINE}),
    "AddedToken": record({"id": ID, "name": LINE, "secret": LINE}),
    "Revoked": record({"id": ID}),
    "Deadline": record(
        {
            "kind": {"type": "string", "enum": ["task", "timer"]},
            "id": ID,
            "element": LINE,
            "name": or_null(TEXT),
            "since": MOMENT,
            "due_at": MOMENT,
            "cycle": or_null(TEXT),
        }
    ),
    "GoalLine": record(
        {
            "status": {"type": "string", "enum": ["running", "paused", "met"]},
            "since": MOMENT,
            "until": {**or_null(MOMENT), "description": "null: until now."},
            "counts_from": {**MOMENT, "description": "Later than `since` where the next opening counts."},
            "reason": TEXT,
            "terms": {**LINE, "description": "What held then."},
            "version": TEXT,
            "used": {**or_null(LINE), "description": "By the terms that hold last, ISO 8601."},
            "sum": {**or_null(LINE), "description": "Until its end, ISO 8601."},
            "recorded": {"type": "boolean", "description": "Counted by another version of the calendar."},
        }
    ),
    "GoalRound": record(
        {
            "round": NUMBER,
            "status": GOAL_STATUS,
            "due_at": or_null(MOMENT),
            "ended_at": or_null(MOMENT),
            "lines": listed(reference("GoalLine")),
        }
    ),
    "Goal": record(
        {
            "goal": LINE,
            "title": LINE,
            "status": GOAL_STATUS,
            "paused": {"type": "boolean"},
            "reason": {**TEXT, "description": "Why the present interval began; empty when it is over."},
            "due_at": or_null(MOMENT),
            "warn_at": or_null(MOMENT),
            "left": {**or_null(LINE), "description": "As the target is counted, ISO 8601."},
            "late": {**or_null(LINE), "description": "As the target is counted, without pauses."},
            "target": or_null(_GOAL_TARGET),
            "missed_by": {**or_null(LINE), "description": "The terms of a breach, where others hold since."},
            "calendar": or_null(_GOAL_CALENDAR),
            "next_change": or_null(record({"at": MOMENT, "opens": {"type": "boolean"}})),
            "rounds": listed(reference("GoalRound")),
        }
    ),
    "Deadlines": record(
        {"now": MOMENT, "items": listed(reference("Deadline")), "goals": listed(reference("Goal"))}
    ),
    "TrailEvent": record(
        {
            "seq": NUMBER,
            "kind": LINE,
            "at": MOMENT,
            "recorded_at": MOMENT,
            "actor": {**_ACTOR, "type": ["object", "null"]},
            "text": TEXT,
            "elements": listed(LINE),
            "data": FIELDS,
            "hash": LINE,
        }
    ),
    "Trace": record(
        {
            "ticket": NUMBER,
            "process": LINE,
            "version": NUMBER,
            "events": listed(reference("TrailEvent")),
            "current": listed(LINE),
            "done": listed(LINE),
            "flows": listed(LINE),
            "cancelled": listed(LINE),
            "called": listed(reference("CalledPath")),
        }
    ),
    "CalledPath": record(
        {
            "scope": LINE,
            "element": LINE,
            "process": LINE,
            "version": NUMBER,
            "current": listed(LINE),
            "done": listed(LINE),
            "flows": listed(LINE),
            "cancelled": listed(LINE),
        }
    ),
    "Version": record({"key": LINE, "version": NUMBER, "title": TEXT, "hash": LINE, "deployed_at": MOMENT}),
    "Process": record(
        {
            "key": LINE,
            "title": TEXT,
            "version": NUMBER,
            "open_tickets": {"type": "integer"},
            "versions": listed(reference("Version")),
        }
    ),
    "Processes": record({"items": listed(reference("Process"))}),
    "Diagram": record({"bpmn": {"type": "string", "maxLength": 5_000_000, "description": "BPMN 2.0 XML."}}),
    "Deployment": record(
        {"bpmn": {"type": "string", "maxLength": 5_000_000, "description": "BPMN 2.0 XML."}}, {"note": TEXT}
    ),
    "Finding": record(
        {
            "file": {**or_null(TEXT), "description": "The pack's file; null for the diagram itself."},
            "rule": LINE,
            "severity": {"type": "string", "enum": ["error", "warning"]},
            "element": or_null(TEXT),
            "line": or_null({"type": "integer"}),
            "message": TEXT,
            "remedy": TEXT,
            "path": {
                **listed(TEXT),
                "description": "Ids of elements and flows, from a start event to the place.",
            },
        }
    ),
    "Findings": record({"items": listed(reference("Finding"))}),
    "Incident": record(_INCIDENT),
    "Incidents": record({"items": listed(reference("Incident"))}),
    "IncidentSeen": record(
        {
            **_INCIDENT,
            "variables": {**FIELDS, "description": "What is visible where the incident is."},
            "targets": listed(record({"element": LINE, "name": TEXT, "type": LINE})),
            "unreadable": {**or_null(TEXT), "description": "Why nothing can be seen, if so."},
        }
    ),
    "Retry": record({}, {"variables": {**FIELDS, "description": "Written before it is tried again."}}),
    "Reason": record({"reason": LINE}),
    "Move": record({"target": {**LINE, "description": "The id of an element."}, "reason": LINE}),
    "Problem": {
        "type": "object",
        "description": "RFC 9457.",
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "instance": TEXT,
            "errors": listed(record({"field": TEXT, "detail": TEXT})),
        },
        "required": ["type", "title", "status", "detail"],
    },
}
