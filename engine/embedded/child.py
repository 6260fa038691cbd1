"""Runs a Python module that ends with its parent, on every system.

The parent holds the other end of our standard input and never writes to it. When it ends, however that happens,
we read the end of that pipe and stop the module, first in good order, then at once.

    python -m engine.embedded.child MODULE ARGUMENTS…
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading

PATIENCE_SECONDS = 20


def watch_parent() -> None:
    """Wait for the end of the parent, then end this process."""
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(PATIENCE_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Run the module named on the command line as the main program."""
    threading.Thread(target=watch_parent, name="watch-parent", daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
