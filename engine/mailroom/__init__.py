"""Mail in: a mail is kept whole, then sorted, and what comes of it goes through the one door.

Nothing is acknowledged before it is durable, and everything has one outcome: a ticket was opened, a reply or a note
was added, or the mail was dropped or set aside with a reason that is kept. Of the last two, people decide by hand.
"""

from engine.mailroom.addresses import AddressBook
from engine.mailroom.by_hand import WAITING, ByHand, Hand
from engine.mailroom.mailroom import Incoming, Mailroom, Receipt, TooLarge

__all__ = ["WAITING", "AddressBook", "ByHand", "Hand", "Incoming", "Mailroom", "Receipt", "TooLarge"]
