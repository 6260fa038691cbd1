"""What a ticket or an entry says of the mail that it was made of, and of the files that came with it.

`mail` of a command is made by `engine.mailroom`: mail (its id with us), message_id, raw (SHA-256 of the whole mail,
in hex), outcome, nature, found_by, reason, brought_by; where a person took the mail up, also `by` and `by_name`, and
`was`, the outcome that it had. `attachments` is by id: name, size in bytes, sha256 in hex. The bytes themselves are
kept before the step, and belong to the ticket when it is committed.
"""

from __future__ import annotations

from typing import Any

from engine.runtime.commands import AddEntry, OpenTicket

_CHAINED = ("mail", "raw", "outcome", "nature", "found_by", "reason", "brought_by")
_TAKEN_UP = ("was", "by")


def came_by(command: OpenTicket | AddEntry) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the event of a command holds beside its own facts: for its data, and for its values.

    Ids and hashes are chained as they are. A message id and the names of files may tell who somebody is, so they
    can be erased.
    """
    data: dict[str, Any] = {}
    values: dict[str, Any] = {}
    if command.mail:
        data["mail"] = {name: command.mail.get(name) for name in _CHAINED}
        if isinstance(command, OpenTicket):  # an answer to a closed ticket becomes one that follows it
            data["mail"]["outcome"] = "opened"
        values["message_id"] = command.mail["message_id"]
        if "by" in command.mail:
            data["mail"] |= {name: command.mail[name] for name in _TAKEN_UP}
            values["mail_by"] = command.mail["by_name"]
    if command.attachments:
        data["attachments"] = [
            {"attachment": id, "size": int(file["size"]), "sha256": file["sha256"]}
            for id, file in command.attachments.items()
        ]
        values["attachment_names"] = [file["name"] for file in command.attachments.values()]
    return data, values
