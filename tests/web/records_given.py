"""Records that the pages and the API are looked at with."""

RECORDS = {
    "accounts": [
        {
            "number": "A-1001",
            "name": "Ann Meyer",
            "email": "ann@example.com",
            "phone": "+39 06 555 0101",
            "address": "Via Roma 1",
            "currency": "EUR",
        },
        {"number": "A-1002", "name": "Anna <b>Bold</b>", "currency": "JPY", "status": "closed"},
    ],
    "contracts": [{"account": "A-1001", "package": "Fibre 100", "price": 29.9, "starts_on": "2026-01-01"}],
    "stock": [{"model": "router_x", "title": "Router X", "quantity": 1}],
    "equipment": [{"serial": "SN-77", "model": "router_x", "account": "A-1001"}],
    "invoices": [{"number": "INV-9", "account": "A-1001", "amount": 1250, "reason": "Year"}],
    "payments": [{"account": "A-1001", "amount": 49.5, "card": "4111 1111 1111 1111", "reference": "BANK-3"}],
    "shipments": [{"account": "A-1001", "items": ["router_x"]}],
}
