"""Nothing typed is lost when a log-in ends: the form waits beside the log-in and is offered again after it.

Somebody sends a form, and the session is over. The log-in page comes as the answer and carries what was typed in one
hidden field; after logging in, a page shows it and asks whether to send it now. The command's id is kept with it, so
a form that had arrived after all is not done twice.
"""

from __future__ import annotations

import re
from typing import Any

import orjson
from flask import Response, make_response, render_template, request

from webui import csrf, identity

_NEVER = {csrf.FIELD, "password"}
_SILENT = {"command_id", "revision", "next", "bpmn", "intent", "kept_file", "seen"}
MOST_BYTES = 1_000_000
# Browsers read "//host", "/\\host" and a tab between the slashes as another site.
_LOCAL = re.compile(r"/(?![/\\])[^\\\s]*")


def kept_from_form() -> dict[str, Any]:
    """Return what the log-in page shows and carries for the form that could not be taken."""
    address = request.full_path.rstrip("?")
    fields = [(name, value) for name, value in typed() if name not in _NEVER]
    return log_in_page(kept=orjson.dumps([address, fields]).decode(), next="")


def typed() -> list[tuple[str, str]]:
    """Return what a form was sent with; of files, which can't be carried along, the names to choose again."""
    names = ", ".join(it.filename for it in request.files.values() if it.filename)
    again = [("files_to_attach_again", names)] if names else []
    return [*request.form.items(multi=True), *again]


def log_in_page(**more: Any) -> dict[str, Any]:
    """Return the values of the log-in page; the desk is that of its address (`?desk=`), else the last one here."""
    desks = identity.casepath().reads.desks()
    listed = [{"value": desk.key, "label": desk.title} for desk in desks]
    title = desks[0].title if len(desks) == 1 else ""
    known = [desk.key for desk in desks]
    chosen = [
        key
        for key in (request.args.get("desk"), request.cookies.get(identity.DESK_COOKIE), *known)
        if key in known
    ][:1]
    values = {"desks": listed, "desk": "".join(chosen), "desk_title": title}
    return {**values, "login": "", "next": "", "kept": "", "errors": [], **more}


def offered(kept: str) -> Response | None:
    """Return the page that offers to send a kept form, or None where nothing sound was kept."""
    if not kept or len(kept) > MOST_BYTES:
        return None
    try:
        address, fields = orjson.loads(kept)
        pairs = [(str(name), str(value)) for name, value in fields]
    except (ValueError, TypeError):
        return None
    return resume(str(address), pairs) if is_local(str(address)) else None


def resume(address: str, fields: list[tuple[str, str]]) -> Response:
    """Return the page that shows what was typed and asks whether to send it."""
    kept = [(name, value) for name, value in fields if name not in _NEVER]
    back = address.rsplit("/", 1)[0] or "/"
    page = render_template("auth/resume.html", action=address, kept=kept, silent=_SILENT, back=back)
    return make_response(page, 403)


def is_local(address: str) -> bool:
    """Say whether an address stays on this site."""
    return bool(_LOCAL.fullmatch(address))
