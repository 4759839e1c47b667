"""The guided path in Chromium, on the real bot, click by click as a newcomer does it."""

import contextlib
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.commands.world import World
from bot.demo.guide import STEPS
from playground import StillNotSoError
from tests.journeys.conftest import Start

pytestmark = pytest.mark.browser

ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
# What is pressed, and how many steps of the guide are done by then.
PRESSES = (
    ("Find a mentor", 1),
    ("Fill it in for me", 1),
    ("Show me who", 2),
    ("Ask Tomás", 3),
    ("Send", 4),
    ("Be Tomás", 5),
    ("Accept", 6),
    ("Take one", 7),
    ("Be Noor", 8),
    ("Sign", 9),
    ("Let the days pass", 10),
    ("Yes, we met", 11),
    ("It goes quiet", 12),
    ("What Ingrid sees", 13),
    ("Six months later", 14),
)
JUMPS = frozenset({"Let the days pass", "It goes quiet", "What Ingrid sees", "Six months later"})
TRIES = 4
REST_MS = 400  # for a picture of where the page came to rest; nothing is decided by it
SIZES = [(1280, 800), (390, 844)]
PICTURES = Path("screenshots")


async def _press(page: Page, words: str) -> None:
    """Press the guide's own button, or the one it speaks of; both do the same."""
    buttons = page.get_by_role("button", name=words, exact=True)
    await expect(buttons.filter(visible=True).first).to_be_enabled()
    await buttons.filter(visible=True).last.click()


async def _press_until(page: Page, world: World, words: str, done: int) -> None:
    """Press, and press again where the page was still catching up, as a person would."""
    guide, seconds = world.playground.world.guide, 60 if words in JUMPS else 3
    for _ in range(TRIES):
        await _press(page, words)
        with contextlib.suppress(StillNotSoError):
            await world.playground.workspace.until(
                lambda: guide.index == done, f"{done} steps are done", seconds=seconds
            )
            return
    pytest.fail(f"{words!r} did not lead on to step {done + 1}")


def _is_ours(url: str, world: World) -> bool:
    return url.startswith((world.playground.url, "data:"))


async def _walk(page: Page, world: World, width: int) -> None:
    for number, (words, done) in enumerate(PRESSES):
        await _press_until(page, world, words, done)
        if words in JUMPS:
            await expect(page.get_by_text("Playing up to this chapter")).to_have_count(0)
            await page.wait_for_timeout(REST_MS)
        await page.screenshot(path=PICTURES / f"guide-{width}-{number:02}.png")
        if words == "Show me who":
            await expect(page.get_by_text("no free place just now")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), SIZES, ids=["desk", "phone"])
async def test_a_newcomer_follows_the_guide_to_month_six(start: Start, chromium: str, width: int, height: int) -> None:
    world: World = await start()
    wrongs: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGS)
        page = await browser.new_page(viewport={"width": width, "height": height})
        page.on("pageerror", lambda problem: wrongs.append(str(problem)))
        page.on("request", lambda asked: None if _is_ours(asked.url, world) else wrongs.append(asked.url))
        await page.goto(world.playground.url)
        await expect(page.get_by_text(f"Step 1 of {len(STEPS)}")).to_be_visible()
        await _walk(page, world, width)
        await expect(page.get_by_text(re.compile("Mentored by")).first).to_be_visible()
        await _press_until(page, world, "Open", 15)
        await expect(page.get_by_text(re.compile("So far: ")).first).to_be_visible()
        await page.screenshot(path=PICTURES / f"guide-{width}-{len(PRESSES):02}.png")
        await browser.close()
    assert not wrongs, "no script failed, and nothing left this machine"
    assert len(PRESSES) <= 15
