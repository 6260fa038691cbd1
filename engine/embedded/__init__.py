"""PostgreSQL and Valkey of our own, so that one command is enough to run Casepath.

They are the real servers, taken from wheels; nothing is emulated. One *keeper* process per data folder owns
both. Every command that needs them holds a connection to the keeper for as long as it runs, and the kernel
closes that connection however the command ends, so the keeper always knows when the last user has left; then
it stops Valkey, then PostgreSQL, and ends. Neither server listens on a network port.

Start reading at `servers.py`, then `keeper.py`.
"""

from engine.embedded.running import running
from engine.embedded.servers import Addresses, EmbeddedServers

__all__ = ["Addresses", "EmbeddedServers", "running"]
