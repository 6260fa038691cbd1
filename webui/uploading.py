"""Files that a form is sent with: taken out of the request, kept, and shown again where the form comes back.

A view says by `welcome` that it takes files; only such views read requests of more than a form's size. What is too
large for a file is still read up to twice the limit, so that the page can come back with a sentence and all that was
typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask, current_app, request

from engine.uploads import Laid, Most, Sent
from webui import identity
from webui.files import size_words
from webui.forms import command_id, new_command_id

View = TypeVar("View", bound=Callable[..., Any])

FIELD, KEPT = "files", "kept_file"
LARGEST = "CASEPATH_LARGEST_WITH_FILES"
MEGABYTE = 1 << 20
_WITHOUT_FILES = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Field:
    """The field for files on a form: what is kept already (id, name, size), and the limits."""

    most: Most
    kept: tuple[tuple[str, str, str], ...] = ()

    @property
    def help(self) -> str:
        """The limits in a sentence."""
        each, together = self.most.each // MEGABYTE, self.most.together // MEGABYTE
        return f"At most {self.most.count} files of up to {each} MB each, {together} MB together."


@dataclass(frozen=True)
class Form:
    """A form that takes files. `id` is its command's, and stays the same while the form comes back with errors."""

    id: UUID
    laid: Laid = field(default_factory=Laid)

    @property
    def files(self) -> Field:
        """Its field for files."""
        kept = ((str(it.id), it.name, size_words(it.size)) for it in self.laid.files)
        return Field(identity.casepath().uploads.most, tuple(kept))

    @property
    def attachments(self) -> Mapping[str, Any]:
        """What its command says of the files that go with it."""
        return self.laid.told

    def wrong(self) -> dict[str, str]:
        """What is wrong with its files, by the field's name; empty where nothing is."""
        return {FIELD: " ".join(self.laid.wrong)} if self.laid.wrong else {}


def welcome(view: View) -> View:
    """Declare that a view takes files."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def install(app: Flask) -> None:
    """Say how many bytes a request with files may have: twice what is taken, so that more can be explained."""
    most: Most = app.extensions["casepath"].uploads.most
    app.config[LARGEST] = 2 * (most.together + MEGABYTE)


def admit() -> None:
    """Let a request be as large as its view takes it; before anything reads it."""
    if _takes_files():
        request.max_content_length = current_app.config[LARGEST]


def most_megabytes() -> int:
    """Return how much may be sent at once to the address of this request."""
    if _takes_files():
        most: Most = identity.casepath().uploads.most
        return most.together // MEGABYTE
    return (request.max_content_length or 0) // MEGABYTE


def _takes_files() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "takes_files", False)) and request.mimetype != _WITHOUT_FILES


def sent(desk_id: int) -> Form:
    """Return the form that this request was sent from; its files are kept, beside those it kept before and wants."""
    form = command_id()
    files = [Sent(it.filename or "", it.read()) for it in request.files.getlist(FIELD) if it.filename]
    return Form(form, identity.casepath().uploads.lay(desk_id, form, files, _wanted()))


def blank() -> Form:
    """Return a form that nobody has filled in yet."""
    return Form(UUID(new_command_id()))


def _wanted() -> list[UUID]:
    found = []
    for text in request.form.getlist(KEPT):
        try:
            found.append(UUID(text))
        except ValueError:
            continue  # no page of ours wrote it
    return list(dict.fromkeys(found))
