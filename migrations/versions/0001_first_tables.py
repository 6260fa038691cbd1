"""The first tables, their guards and the grants of the application's role.

There is no way back: a trail that exists is not taken down by a migration.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

_HERE = Path(__file__).parent


def upgrade() -> None:
    """Make every table from the frozen SQL beside this file."""
    driver = op.get_bind().connection.driver_connection
    for name in ("0001_tables.sql", "0001_guards.sql", "0001_grants.sql"):
        driver.execute((_HERE / name).read_bytes())
