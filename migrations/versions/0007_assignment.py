"""Skills and availability of people, the skills that a task wants, and jobs that choose who gets it."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Change the tables as the frozen SQL beside this file says."""
    driver = op.get_bind().connection.driver_connection
    driver.execute(Path(__file__).with_suffix(".sql").read_bytes())
