"""The pages and the API of Casepath: `create_app` puts them together.

A request goes: `admit` (who asks, may they, was the form ours) → a view of one of the blueprints → a command through
the engine's one door, or a question to the reads → a page, or a redirect after a change. Views translate; they hold
no rules of tickets.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from webui import (
    access,
    account,
    actions,
    admission,
    audit,
    auth,
    callers,
    doing,
    errors,
    files,
    frame,
    inbox,
    incidents,
    mails,
    people,
    portal,
    questions,
    records,
    studio,
    tasks,
    tickets,
    tuning,
    uploading,
)
from webui.api import routes
from webui.ports import Casepath
from webui.serve import LARGEST_REQUEST

BLUEPRINTS = (
    auth.bp,
    inbox.bp,
    tasks.bp,
    tickets.bp,
    files.bp,
    actions.bp,
    callers.bp,
    records.bp,
    portal.bp,
    questions.bp,
    doing.bp,
    people.bp,
    account.bp,
    studio.bp,
    tuning.bp,
    audit.bp,
    incidents.bp,
    mails.bp,
    *routes.BLUEPRINTS,
)


def create_app(casepath: Casepath) -> Flask:
    """Return the WSGI application of one installation. Raises ValueError where a route has no declared roles."""
    app = Flask(__name__, static_folder="static/build", static_url_path="/static")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_REQUEST
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = timedelta(days=365)  # built files have their hash in their name
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = False
    app.extensions["casepath"] = casepath
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    uploading.install(app)
    admission.install(app)
    frame.install(app)
    errors.install(app)
    access.check_declared(app)
    return app
