"""Card numbers in mails: masked before anything is kept, wherever they stand readably.

The door masks what a command says. A mail is also kept whole, with its files, and there the digits are looked for in
the bytes. A number inside base64 or inside a file of another format than text can't be seen and stays.
"""

from __future__ import annotations

from dataclasses import replace

from engine.cards import masked_bytes, without_card_numbers
from engine.mail import Attachment, Letter


def masked_letter(letter: Letter) -> Letter:
    """Return a letter whose lines, history and text files show no card number; its text is masked by the door."""
    return replace(
        letter,
        subject=without_card_numbers(letter.subject),
        quoted=without_card_numbers(letter.quoted),
        left_out=tuple(without_card_numbers(it) for it in letter.left_out),
        sender=replace(letter.sender, name=without_card_numbers(letter.sender.name)),
        attachments=tuple(map(masked_file, letter.attachments)),
    )


def masked_file(file: Attachment) -> Attachment:
    """Return a file whose name, and content where it is text, show no card number."""
    readable = file.media_type.startswith(("text/", "message/"))
    content = masked_bytes(file.content) if readable else file.content
    return replace(file, name=without_card_numbers(file.name), content=content)
