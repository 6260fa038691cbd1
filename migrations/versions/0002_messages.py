"""Messages that are kept, signals on their way, and service calls with a time-out, a back-off and a key."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Change the tables as the frozen SQL beside this file says."""
    driver = op.get_bind().connection.driver_connection
    driver.execute(Path(__file__).with_suffix(".sql").read_bytes())
