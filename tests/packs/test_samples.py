"""The sample people of a desk work as people of such a desk should: nobody approves what he asks for himself."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from engine.catalog.pack import read_pack
from tests.packs.conftest import ROOT

PACKS = sorted(it.parent for it in (ROOT / "processes").glob("*/samples.yaml"))
ASKING, APPROVING = "queue.billing", "authority.lead_queue"


@pytest.mark.parametrize("folder", PACKS, ids=lambda it: it.name)
def test_who_has_the_queue_that_asks_for_money_has_not_the_one_that_approves(folder: Path) -> None:
    settings = read_pack(folder).settings
    if not {ASKING, APPROVING} <= settings.keys():
        return
    both = {settings[it].value for it in (ASKING, APPROVING)}
    people = yaml.safe_load((folder / "samples.yaml").read_text())["people"]
    if len(both) == 1:
        return  # the administration of such a desk does both
    assert not [name for name, it in people.items() if both <= set(it.get("queues", ()))]
