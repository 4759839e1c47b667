"""The pages of two workspaces in one browser: each its own people, and a way from one to the other."""

import pytest
from playwright.async_api import Browser, expect

from tests.playground.neighbours import two
from tests.playground.page_world import CAST, MANIFEST

pytest_plugins = ["tests.playground.page_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_one_goes_from_one_workspace_to_the_other_and_acts_there(browser: Browser) -> None:
    async with two(manifest=MANIFEST, cast=CAST) as (playground, harbour, fjord):
        context = await browser.new_context(viewport={"width": 1280, "height": 800})
        page, wrongs = await context.new_page(), []
        page.on("pageerror", lambda problem: wrongs.append(str(problem)))
        await page.goto(harbour.url)
        top = page.locator("header.top")
        await expect(top).to_contain_text("Harbour")
        await expect(page).to_have_title("Noor · Harbour")
        await page.get_by_role("button", name="More").click()
        await page.get_by_role("menuitem", name="Go to Fjord").click()
        await expect(top).to_contain_text("Fjord")
        assert page.url.startswith(fjord.url)
        await page.locator("[data-people]").click()
        await expect(page.get_by_role("menuitemradio", name="Erik Dahl")).to_be_visible()
        await expect(page.get_by_role("menuitemradio", name="Tomás Rey")).to_have_count(0)
        await page.get_by_role("menuitemradio", name="Erik Dahl").click()
        await expect(page.locator("[data-people]")).to_contain_text("You are Erik")
        place = (await fjord.person("erik").say("Anybody?", channel="boats")).channel
        await page.goto(f"{fjord.url}#/c/{place}")
        box = page.get_by_label("Message to # boats")
        await box.fill("Ahoy")
        await box.press("Enter")
        await expect(page.locator("main [data-pane]")).to_contain_text("Ahoy")
        assert [each.text for each in await fjord.person("noor").messages("boats")] == ["Anybody?", "Ahoy"]
        await page.reload()
        await expect(page.locator("[data-people]")).to_contain_text("You are Erik")
        fjord.remove_app()
        await expect(top).to_contain_text("Mentor isn't installed here")
        await page.goto(harbour.url)
        await expect(page.locator("[data-people]")).to_contain_text("You are Noor")
        await expect(top).not_to_contain_text("isn't installed here")
        assert wrongs == []
        assert playground.workspaces == (harbour, fjord)
        await context.close()
