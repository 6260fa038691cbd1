"""The records of a desk: accounts and what belongs to them, and the operations that change them.

An operation has a dotted name (`payment.refund`) and decides over a *book*: it reads records, refuses with a BPMN
error that a diagram may catch, or writes. What the book is made of is `engine/store`'s matter, and that an operation
is done once for each key is `engine/bookkeeping.py`'s. Nothing here knows SQL, HTTP or the wall clock.
"""

from engine.records import accounts, contracts, equipment, stock  # isort: skip
from engine.records import invoices, payments, credits, appointments, shipments  # isort: skip
from engine.records import fraud, cards  # isort: skip
from engine.records.book import Book, Row
from engine.records.entering import BY_PLURAL, entered
from engine.records.errors import CODES
from engine.records.kinds import KINDS, Kind
from engine.records.operation import OPERATIONS, Operation, operation_of

AREAS = tuple(dict.fromkeys(it.area for it in OPERATIONS.values()))

__all__ = [
    "AREAS",
    "BY_PLURAL",
    "CODES",
    "KINDS",
    "OPERATIONS",
    "Book",
    "Kind",
    "Operation",
    "Row",
    "accounts",
    "appointments",
    "cards",
    "contracts",
    "credits",
    "entered",
    "equipment",
    "fraud",
    "invoices",
    "operation_of",
    "payments",
    "shipments",
    "stock",
]
