"""The bundle built once, the little site that serves it, and pages that report what goes wrong in them.

Chromium itself (`chromium`) and axe (`axe`) are those of all tests of pages.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from assets_site import Site
from playwright.sync_api import Browser, BrowserContext, Page

ASSETS = Path(__file__).parents[3] / "webui" / "assets"


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle as `npm run build` makes it, in a folder of this run."""
    if not (ASSETS / "node_modules" / "esbuild").is_dir():
        subprocess.run(["npm", "ci"], cwd=ASSETS, check=True, capture_output=True)
    target = tmp_path_factory.mktemp("bundle") / "build"
    subprocess.run(["node", "build.mjs", str(target)], cwd=ASSETS, check=True)
    return target


@pytest.fixture
def site(build: Path) -> Iterator[Site]:
    """The site, empty of what earlier tests sent."""
    site = Site(build)
    server = site.serve()
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture
def context(chromium: Browser, site: Site) -> Iterator[BrowserContext]:
    """A browser profile of its own, 1280 x 720."""
    context = chromium.new_context(base_url=site.address, viewport={"width": 1280, "height": 720})
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; the test fails if a script raised or the content policy was broken in it."""
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if complains(message) else None)
    yield page
    assert wrong == []


def complains(message: object) -> bool:
    """Whether the console says that a script or a policy failed; an answer of 4xx or 5xx is the test's own."""
    return message.type == "error" and "Failed to load resource" not in message.text  # type: ignore[attr-defined]
