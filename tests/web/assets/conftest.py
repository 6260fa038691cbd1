"""The bundle built once, the little site that serves it, and a Chromium that reports what goes wrong in it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from assets_site import Site
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ASSETS = Path(__file__).parents[3] / "webui" / "assets"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle as `npm run build` makes it, in a folder of this run."""
    if not (ASSETS / "node_modules" / "esbuild").is_dir():
        subprocess.run(["npm", "ci"], cwd=ASSETS, check=True, capture_output=True)
    target = tmp_path_factory.mktemp("bundle") / "build"
    subprocess.run(["node", "build.mjs", str(target)], cwd=ASSETS, check=True)
    return target


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real Chromium: the one that CASEPATH_CHROMIUM or PATH names, else Playwright's own."""
    found = os.environ.get("CASEPATH_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


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
    context.set_default_timeout(10_000)
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


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, to be put into a page."""
    return (ASSETS / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
