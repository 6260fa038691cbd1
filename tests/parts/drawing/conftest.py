from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.drawing import Elk


@pytest.fixture(scope="session")
def elk() -> Iterator[Elk]:
    """One kernel for all drawings; it keeps nothing between them."""
    with Elk() as kernel:
        yield kernel
