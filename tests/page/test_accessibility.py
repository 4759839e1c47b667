"""An accessibility checker's word on the page with the real bot in it: nothing serious, both widths, both themes."""

import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.commands.world import World, start_world

pytestmark = [pytest.mark.browser, pytest.mark.node]

AXE = "axe-core@4.14.1"
ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
SIZES = {"desk": (1280, 800), "phone": (390, 844)}
# Each size and each theme once.
USUAL = {("desk", "light"), ("phone", "dark")}
# What is pressed, and what stands in the modal when it has come to rest.
MODALS = (("Find a mentor", "What do you want to learn?"), ("Show me who", "no free place just now"))
SERIOUS = {"serious", "critical"}
SECONDS = 120


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The checker's own script, fetched by package name."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, so axe-core cannot be fetched")
    place = tmp_path_factory.mktemp("axe")
    fetch = [npm, "install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--prefix", str(place), AXE]
    done = subprocess.run(fetch, capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603
    if done.returncode:
        pytest.skip(f"axe-core cannot be fetched: {done.stderr.strip().splitlines()[-1:]}")
    return (place / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """The real bot, with a request on its way."""
    running = await start_world(tmp_path)
    yield running
    await running.stop()


async def _complaints(page: Page, axe: str) -> list[str]:
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(axe)
    found: dict[str, Any] = await page.evaluate("axe.run()")
    return [
        f"{each['impact']}: {each['id']}: {json.dumps([node['target'] for node in each['nodes']][:4])}"
        for each in found["violations"]
        if each["impact"] in SERIOUS
    ]


async def _press(page: Page, words: str) -> None:
    await page.get_by_role("button", name=words, exact=True).filter(visible=True).last.click()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
async def test_the_checker_finds_nothing_serious(
    world: World, chromium: str, axe: str, size: str, theme: Any, *, full: bool
) -> None:
    if (size, theme) not in USUAL and not full:
        pytest.skip("the other two of sizes and themes are looked at with --full")
    width, height = SIZES[size]
    found: dict[str, list[str]] = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGS)
        context = await browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce", bypass_csp=True
        )
        page = await context.new_page()
        await page.goto(world.playground.url)
        await expect(page.get_by_text("Hello Noor")).to_be_visible()
        found["home"] = await _complaints(page, axe)
        for words, then in MODALS:
            if words == "Show me who":
                await _press(page, "Fill it in for me")
            await _press(page, words)
            await expect(page.get_by_role("dialog").get_by_text(then).first).to_be_visible()
            found[f"modal after {words}"] = await _complaints(page, axe)
        await _press(page, "Ask Tomás")
        await _press(page, "Send")
        await _press(page, "Be Tomás")
        await expect(page.get_by_text("would like you as a mentor").filter(visible=True).first).to_be_visible()
        found["messages"] = await _complaints(page, axe)
        await page.goto(f"{world.playground.url}/#gallery")
        await expect(page.get_by_text("Every view")).to_be_visible()
        found["gallery"] = await _complaints(page, axe)
        await browser.close()
    assert not {place: said for place, said in found.items() if said}
