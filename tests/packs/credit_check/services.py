"""Answers of a credit agency that knows one person less than everybody."""

from engine.services import Job, handler


@handler("credit")
def credit(job: Job) -> dict[str, int]:
    if job.inputs["customer"] == "nobody":
        raise LookupError("no such customer")
    return {"limit": 100}
