"""Every chapter of the README opens by its link, is played by the real bot, and shows its first step at both widths."""

from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from bot.commands.world import World
from bot.demo.chapters import CHAPTERS
from bot.demo.guide import STEPS
from tests.journeys.conftest import Start
from tests.journeys.test_guide import ARGS, PICTURES, REST_MS, SIZES

PLAYED_MS = 60_000
README = Path(__file__).parents[2] / "README.md"


@pytest.mark.browser
@pytest.mark.timeout(180)
async def test_each_chapter_opens_by_its_link(start: Start, chromium: str) -> None:
    world: World = await start()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGS)
        for chapter in CHAPTERS:
            first = next(step for step in STEPS if step.chapter == chapter.name)
            page = await browser.new_page(viewport={"width": SIZES[0][0], "height": SIZES[0][1]})
            await page.goto(f"{world.playground.url}/?chapter={chapter.name}")
            story = page.get_by_role("button", name="Open the chapter", exact=True)
            here = page.get_by_text(first.sentence).first
            await expect(story.or_(here).first).to_be_visible(timeout=PLAYED_MS)
            if await story.is_visible():
                await story.click()
            await expect(here).to_be_visible(timeout=PLAYED_MS)
            assert "chapter=" not in page.url, "a reload does not play it again"
            for width, height in SIZES:
                await page.set_viewport_size({"width": width, "height": height})
                await page.wait_for_timeout(REST_MS)
                await page.screenshot(path=PICTURES / f"chapter-{chapter.name}-{width}.png")
            await page.close()
        await browser.close()


def test_the_readme_has_a_picture_and_a_link_of_each() -> None:
    words = README.read_text(encoding="utf-8")
    for chapter in CHAPTERS:
        assert f"/?chapter={chapter.name})" in words, chapter.name
        assert f"docs/chapter-{chapter.name}.png" in words, chapter.name
        assert (README.parent / "docs" / f"chapter-{chapter.name}.png").is_file(), chapter.name
