"""Everything that is kept: the tables, the one transaction of a step, and one module of SQL for each thing."""

from engine.store.store import Store
from engine.store.unit_of_work import Opened, UnitOfWork

__all__ = ["Opened", "Store", "UnitOfWork"]
