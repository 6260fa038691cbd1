"""Several things at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable


def at_once(*work: Callable[[], object]) -> list[Exception]:
    """Do several things at the same moment; return what they raised."""
    gate, raised = threading.Barrier(len(work)), []

    def run(one: Callable[[], object]) -> None:
        gate.wait()
        try:
            one()
        except Exception as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised
