"""Changed settings: whether a deployment changed them and for whom, and by which of them an instance counts."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Change the tables as the frozen SQL beside this file says."""
    driver = op.get_bind().connection.driver_connection
    driver.execute(Path(__file__).with_suffix(".sql").read_bytes())
