"""Operations as pages tell them to people, once they were done."""

from __future__ import annotations

from collections.abc import Mapping

DONE: Mapping[str, str] = {
    "account.close": "Account closed",
    "account.reopen": "Account reopened",
    "account.suspend": "Service suspended",
    "account.reactivate": "Service reactivated",
    "invoice.charge": "Invoice made",
    "invoice.cancel": "Invoice cancelled",
    "contract.start": "Contract begun",
    "contract.change": "Contract changed",
    "contract.revert": "Change of contract taken back",
    "contract.end": "Contract ended",
    "contract.resume": "Contract resumed",
    "stock.reserve": "Units reserved",
    "stock.release": "Reserved units released",
    "stock.issue": "Reserved units handed out",
    "stock.receive": "Units received",
    "equipment.assign": "Unit handed over",
    "equipment.return": "Unit returned",
    "equipment.write_off": "Unit written off",
    "equipment.repaired": "Unit repaired",
    "payment.record": "Payment recorded",
    "payment.refund": "Payment refunded",
    "credit.grant": "Credit granted",
    "credit.revoke": "Credit revoked",
    "appointment.book": "Visit booked",
    "appointment.cancel": "Visit cancelled",
    "appointment.done": "Visit done",
    "shipment.create": "Shipment prepared",
    "shipment.cancel": "Shipment cancelled",
    "shipment.sent": "Shipment sent",
    "card.register": "Card registered",
    "card.stop": "Card stopped",
    "card.charge": "Card charged",
    "fraud.block": "Card or address blocked",
    "fraud.lift": "Block lifted",
}


def done(operation: str) -> str:
    """Return what to call an operation that was done; one that there is none of any more keeps its name."""
    return DONE.get(operation, operation)
