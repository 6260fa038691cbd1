"""Contents for the little site: one page per thing that the bundle does."""

from __future__ import annotations

NAV = [
    {"label": "Inbox", "href": "/inbox", "key": "i", "active": True, "count": 7},
    {"label": "Tickets", "href": "/tickets", "key": "t", "active": False, "count": None},
    {"label": "Studio", "href": "/studio", "key": "s", "active": False, "count": None},
    {"label": "Audit", "href": "/audit", "key": "a", "active": False, "count": None},
]
FRAME = {
    "nav": NAV,
    "person": {"name": "Ann Meyer", "roles": ["agent"]},
    "desk_title": "Sample desk",
    "now": "2026-11-23T09:00:00+01:00",
}

FORM_SCHEMA = {
    "type": "default",
    "id": "work",
    "schemaVersion": 17,
    "components": [
        {"type": "text", "id": "Intro", "text": "Look at the line first."},
        {
            "type": "radio",
            "id": "Result",
            "key": "result",
            "label": "Result",
            "values": [{"label": "Solved", "value": "solved"}, {"label": "Visit needed", "value": "visit"}],
            "validate": {"required": True},
        },
        {
            "type": "textarea",
            "id": "Note",
            "key": "note",
            "label": "Note",
            "description": "What was done, in a sentence.",
            "validate": {"required": True, "minLength": 5},
        },
        {"type": "number", "id": "Minutes", "key": "minutes", "label": "Minutes worked", "validate": {"min": 0}},
        {
            "type": "checklist",
            "id": "Checks",
            "key": "checks",
            "label": "Checked",
            "values": [{"label": "Connection", "value": "line"}, {"label": "Area outage", "value": "area"}],
        },
        {
            "type": "select",
            "id": "Category",
            "key": "customer.category",
            "label": "Category",
            "values": [{"label": "Network", "value": "network"}, {"label": "Billing", "value": "billing"}],
        },
        {
            "type": "datetime",
            "id": "Visit",
            "key": "visit_on",
            "subtype": "date",
            "dateLabel": "Visit on",
            "conditional": {"hide": '=result != "visit"'},
        },
        {"type": "checkbox", "id": "Billable", "key": "billable", "label": "The customer pays for it"},
    ],
}
FORM_DATA = {"minutes": 20, "customer": {"category": "network"}, "checks": ["area"]}

TRACE = {
    "process": "reminder",
    "version": 3,
    "events": [
        {"seq": 1, "at": "2026-11-20T09:00:00+01:00", "text": "Ticket opened by phone", "elements": ["start"], "kind": "entered"},
        {"seq": 2, "at": "2026-11-20T09:00:00+01:00", "text": "Work on it begins", "elements": ["to_work", "work"], "kind": "entered"},
        {"seq": 3, "at": "2026-11-20T09:30:00+01:00", "text": "Ann Meyer completed Work on it", "elements": ["work"], "kind": "left"},
        {"seq": 4, "at": "2026-11-20T09:30:00+01:00", "text": "Not solved, so once more", "elements": ["to_solved", "solved", "again"], "kind": "taken"},
        {"seq": 5, "at": "2026-11-20T09:30:00+01:00", "text": "Work on it begins again", "elements": ["work"], "kind": "entered"},
        {"seq": 6, "at": "2026-11-20T11:00:00+01:00", "text": "Ann Meyer completed Work on it: solved", "elements": ["work", "to_solved", "solved", "to_confirm"], "kind": "left"},
        {"seq": 7, "at": "2026-11-20T11:00:00+01:00", "text": "Waiting for the customer", "elements": ["confirm"], "kind": "entered"},
    ],
    "current": ["confirm"],
    "done": ["start", "work", "solved"],
    "flows": ["to_work", "to_solved", "again", "to_confirm"],
    "cancelled": [],
}  # fmt: skip
EVENTS = [dict(event, when=event["at"][5:16].replace("T", " ")) for event in TRACE["events"]]

INBOX = """
{% extends "base.html" %}{% import "components/frame.html" as frame %}{% import "components/lists.html" as lists %}
{% from "components/deadline.html" import deadline %}{% from "components/buttons.html" import post, link, button %}
{% block title %}Inbox{% endblock %}
{% block main %}
{% call frame.page_head("Inbox", "42 open, sorted by deadline") %}{{ link("New ticket", "/new", "primary", key="n") }}{% endcall %}
<div class="columns columns-aside">
{{ lists.folders([{"label": "Mine", "href": "/inbox", "active": true, "count": 7}, {"label": "Queues", "href": "/q", "count": 12},
                  {"label": "Waiting", "href": "/w", "count": 20}, {"label": "Overdue", "href": "/o", "count": 3}], "Folders") }}
<div class="stack">
{% call lists.rows("Open tasks") %}
{% for row in rows %}
{% call lists.row("task-" ~ row.number, "/task?" ~ row.number, row.number, row.title, row.sub,
                  deadline(row.deadline), ("○", "not claimed") if row.free else ("●", "yours")) %}
{% if row.free %}<form method="post" action="/claim"><input type="hidden" name="task" value="{{ row.number }}">
{{ button("Claim", small=true, busy="Claiming …", attrs={"data-row-key": "c", "data-key-label": "Claim the row"}) }}</form>{% endif %}
{% endcall %}{% endfor %}{% endcall %}
</div></div>
{% endblock %}
"""
ROWS = [
    {"number": 4711, "title": "Router dead since Monday", "sub": "Ann Meyer · network_ops · Resolve ticket", "free": False,
     "deadline": {"state": "running", "text": "in 2 h 10 min", "exact": "Mon 23 Nov 2026, 11:10 CET", "due": "2026-11-23T11:10:00+01:00", "used": 60}},
    {"number": 4698, "title": "Refund for July", "sub": "Lead · billing · Approve", "free": True,
     "deadline": {"state": "late", "text": "25 min late", "exact": "Mon 23 Nov 2026, 08:35 CET", "due": "2026-11-23T08:35:00+01:00", "used": 100}},
    {"number": 4655, "title": "Upgrade to 100 Mbit", "sub": "Ben Koch · sales · Wait for customer", "free": True,
     "deadline": {"state": "paused", "text": "paused, 3 h 05 left", "exact": "", "used": 40}},
    {"number": 4640, "title": "Cannot log in to the customer portal since the update of last week", "sub": "Cem Ak · tier1 · Triage", "free": True,
     "deadline": {"state": "soon", "text": "in 12 min", "exact": "Mon 23 Nov 2026, 09:12 CET", "due": "2026-11-23T09:12:00+01:00", "used": 92}},
]  # fmt: skip

TASK = """
{% extends "base.html" %}{% import "components/frame.html" as frame %}{% import "components/task_form.html" as task_form %}
{% import "components/trace.html" as trace %}{% from "components/deadline.html" import deadline %}
{% from "components/buttons.html" import button, link %}{% from "components/feedback.html" import chip %}
{% block title %}Work on it{% endblock %}
{% block styles %}{{ style("form.css") }}{{ style("trace.css") }}{% endblock %}
{% block scripts %}{{ script("form.js") }}{{ script("trace.js") }}{% endblock %}
{% block main %}
{% call frame.page_head("Resolve ticket", "Ticket 4711 · High · tier 1", ("Inbox", "/inbox")) %}
{{ deadline({"state": "running", "text": "in 2 h 10 min", "exact": "Mon 23 Nov 2026, 11:10 CET", "due": "2026-11-23T11:10:00+01:00", "used": 60, "why": "/why"}) }}
{% endcall %}
<div class="columns">
{% call frame.panel("What to do") %}
{% call task_form.form(schema, "/complete", "token-1", data, errors, {"command_id": "c-1", "revision": 4}, "/draft") %}
{{ button("Complete", "primary", "Completing …", name="then", value="ticket") }}
{{ button("Complete and next", busy="Completing …", name="then", value="next") }}
{% endcall %}{% endcall %}
<div class="stack">
{% call frame.panel("The ticket") %}
<ol class="entries"><li class="entry"><p class="entry-head"><strong>Ann Meyer</strong><span>09:12</span></p><p class="entry-body">It blinks red.</p></li>
<li class="entry entry-ours"><p class="entry-head"><strong>You</strong><span>09:30</span></p><p class="entry-body">Thanks, we look at the line.</p></li>
<li class="entry entry-note"><p class="entry-head"><strong>You</strong><span>note, 09:31</span></p><p class="entry-body">Third time this month.</p></li></ol>
{% endcall %}
{% call frame.panel("Where it stands") %}{{ trace.diagram("/reminder.bpmn", "/trace.json", mini=true) }}{% endcall %}
</div></div>
{% endblock %}
"""

REPLY = """
{% extends "base.html" %}{% import "components/fields.html" as fields %}{% from "components/buttons.html" import button %}
{% block title %}Reply{% endblock %}
{% block main %}<h1>Reply</h1>
<form method="post" action="/reply" class="form" data-draft-url="/draft">{{ fields.csrf("token-1") }}
{{ fields.area("body", "Reply", required=true) }}{{ fields.check("public", "The customer sees it") }}
<div class="actions">{{ button("Send", "primary", "Sending …") }}</div><p class="draft-state" data-draft-state></p></form>
{% endblock %}
"""

AUDIT = """
{% extends "base.html" %}{% import "components/frame.html" as frame %}{% import "components/trace.html" as trace %}
{% from "components/buttons.html" import link %}
{% block title %}Audit{% endblock %}
{% block styles %}{{ style("trace.css") }}{% endblock %}
{% block scripts %}{{ script("trace.js") }}{% endblock %}
{% block main %}
{% call frame.page_head("Ticket 4711", "Router dead since Monday") %}{{ link("Verify", "/verify", "primary") }}{{ link("CSV", "/csv") }}{% endcall %}
<div class="columns columns-trace">{{ trace.timeline(events) }}{{ trace.diagram("/reminder.bpmn", "/trace.json") }}</div>
{{ trace.slider(7) }}
{% endblock %}
"""

PROCESS = {"key": "reminder", "title": "Reminder", "version": 3, "file": "reminder.bpmn"}
VERSIONS = [
    {"number": 3, "when": "20 Nov 2026", "by": "Ann Meyer", "note": "Remind sooner", "open_tickets": 12, "bpmn_href": "/reminder.bpmn"},
    {"number": 2, "when": "1 Nov 2026", "by": "Ann Meyer", "note": None, "open_tickets": 3, "bpmn_href": "/reminder.bpmn"},
]  # fmt: skip
STATES = [{"value": "open", "label": "Open"}, {"value": "waiting", "label": "Waiting"}, {"value": "closed", "label": "Closed"}]

PAGES = {
    "/inbox": (INBOX, {**FRAME, "rows": ROWS}),
    "/task": (TASK, FRAME),
    "/reply": (REPLY, FRAME),
    "/audit": (AUDIT, {**FRAME, "events": EVENTS}),
    "/studio": (
        "studio/index.html",
        {**FRAME, "processes": [dict(PROCESS, open_tickets=15, edit_href="/studio/edit", bpmn_href="/reminder.bpmn", versions=VERSIONS)]},
    ),
    "/studio/edit": (
        "studio/edit.html",
        {**FRAME, "process": PROCESS, "bpmn_url": "/reminder.bpmn", "lint_url": "/lint", "deploy_url": "/deploy",
         "index_url": "/studio", "choices": {"states": STATES, "goals": [], "templates": []}},
    ),
    "/studio/deploy": (
        "studio/deploy.html",
        {**FRAME, "process": PROCESS, "next_version": 4, "edit_url": "/studio/edit", "confirm_url": "/confirm", "bpmn": "<x/>",
         "command_id": "c-2", "moved_since": None, "open_tickets": [{"version": 3, "count": 12}, {"version": 2, "count": 3}],
         "findings": [{"rule": "timer-length", "severity": "warning", "element": "close_due", "line": 31,
                       "message": "Expected at most two days, but it is 72 h.", "remedy": "Choose another duration."}],
         "changes": [{"element": "reminder_due", "name": "48 h without answer", "what": "timer duration", "before": "PT48H", "after": "PT24H"}]},
    ),
}  # fmt: skip
