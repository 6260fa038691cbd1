"""A little site of the real templates over the real bundle, with made-up contents and no application behind it.

The modules of the bundle promise certain behaviour to whatever server renders their markup; here that markup comes
from the templates themselves, and the server only records what it is sent. Every answer carries the policy that
`base.html` describes, so that a page which breaks it shows in the browser's console.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

import jinja2
from markupsafe import Markup, escape

HERE = Path(__file__).parent
TEMPLATES = HERE.parents[2] / "webui" / "templates"
CONTENTS = json.loads((HERE / "contents.json").read_text(encoding="utf-8"))
PAGES: dict[str, dict] = CONTENTS["pages"]
DIAGRAM = (HERE / "reminder.bpmn").read_text(encoding="utf-8")
POLICY = (
    "default-src 'none'; script-src 'self'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'"
)
STRICT = POLICY + "; style-src 'self'"
DRAWING = POLICY + "; style-src 'self' 'unsafe-inline'"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".bpmn": "application/xml"}


@dataclass
class Received:
    """One POST as it came in."""

    path: str
    headers: dict[str, str]
    body: str

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The body as a form, blanks kept."""
        return parse_qsl(self.body, keep_blank_values=True)

    def values(self, name: str) -> list[str]:
        """All values posted under `name`."""
        return [value for key, value in self.pairs if key == name]


@dataclass
class Site:
    """What the pages are served from; tests set what it answers and read what it received."""

    build: Path
    received: list[Received] = field(default_factory=list)
    data: dict = field(default_factory=lambda: dict(CONTENTS["data"]))
    errors: dict = field(default_factory=dict)
    refuse_drafts: bool = False
    notices: list[tuple[str, str]] = field(default_factory=list)
    theme: str = "system"
    address: str = ""

    def posts(self, path: str) -> list[Received]:
        """What was posted to `path`, oldest first."""
        return [post for post in self.received if post.path == path]

    def serve(self) -> ThreadingHTTPServer:
        """Begin to serve on a free port; the caller shuts it down."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, self))
        self.address = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, daemon=True).start()
        return server

    def render(self, path: str) -> str | None:
        """The page at `path`, or None."""
        page = PAGES.get(path)
        if page is None:
            return None
        manifest = json.loads((self.build / "manifest.json").read_text())
        env = jinja2.Environment(
            loader=jinja2.FileSystemLoader([TEMPLATES, HERE / "templates"]), autoescape=True
        )
        env.filters["markdown"] = lambda text: Markup("<p>{}</p>").format(escape(text))
        env.globals.update(
            asset=lambda name: "/static/" + manifest[name],
            csrf_token=lambda: "token-1",
            get_flashed_messages=lambda with_categories: self.notices,
            theme=self.theme,
        )
        form = {"schema": CONTENTS["schema"], "data": self.data, "errors": self.errors}
        return env.get_template(page["template"]).render(
            **CONTENTS["frame"], **form, **page, blocks=[block()]
        )


def block() -> dict:
    """The trace's timeline, all of it in the root scope."""
    trace = CONTENTS["trace"]
    lines = [
        {
            **event,
            "when": event["at"][5:16].replace("T", " "),
            "sheet": "",
            "elements": list(dict.fromkeys(step[3] for step in trace["steps"] if step[0] == number)),
        }
        for number, event in enumerate(trace["events"])
    ]
    return {"where": "", "depth": 0, "sheet": "", "process": "", "lines": lines}


class Handler(BaseHTTPRequestHandler):
    """Serves the site's pages and files, and records what is posted."""

    def __init__(self, site: Site, *args: object) -> None:
        self.site = site
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        page = self.site.render(path)
        if page is not None:
            self.answer(page, "text/html", policy=DRAWING if draws(page) else STRICT)
        elif path == "/reminder.bpmn":
            self.answer(DIAGRAM, "application/xml")
        elif path == "/trace.json":
            self.answer(json.dumps(CONTENTS["trace"]), "application/json")
        elif path.startswith("/static/") and (self.site.build / path.removeprefix("/static/")).is_file():
            file = self.site.build / path.removeprefix("/static/")
            self.answer(file.read_text(encoding="utf-8"), TYPES.get(file.suffix, "text/plain"))
        else:
            self.answer("Nothing here", "text/plain", 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        path = urlsplit(self.path).path
        self.site.received.append(Received(path, dict(self.headers), body))
        if path == "/draft":
            self.answer("", "text/plain", 503 if self.site.refuse_drafts else 200)
        elif path == "/lint":
            self.answer(json.dumps({"findings": findings_of(body)}), "application/json")
        else:
            self.answer(f"<!doctype html><title>Kept</title><h1>Kept {escape(path)}</h1>", "text/html")

    def answer(self, text: str, kind: str, status: int = 200, policy: str = STRICT) -> None:
        """Send `text` under the content policy."""
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""


def draws(page: str) -> bool:
    """Whether a page stands under the wider style policy: it loads a drawing library."""
    return bool(re.search(r"/static/(form|trace|studio)-\w+\.js", page))


def findings_of(xml: str) -> list[dict]:
    """A stand-in for the lint: a timer of 0 is an error, one of 72 h a warning."""
    found = []
    if "PT0S" in xml:
        found.append(finding("error", "reminder_due", "Expected a duration above zero, but it is PT0S."))
    if "PT72H" in xml:
        found.append(finding("warning", "close_due", "Expected at most two days, but it is 72 h."))
    return found


def finding(severity: str, element: str, message: str) -> dict:
    return {
        "rule": "timer-length",
        "severity": severity,
        "element": element,
        "line": 31,
        "message": message,
        "remedy": "Choose another duration.",
    }
