"""The page of somebody's small app: no guide, no Home, and nothing that speaks of either."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect
from yarl import URL

from playground import Playground
from tests.playground.foreign.test_bolt_http import free_address
from tests.playground.kit import bolt, connected

pytest_plugins = ["tests.playground.page_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Tea"},
    "features": {"slash_commands": [{"command": "/tea", "description": "Order a tea"}]},
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands"]}},
    "settings": {"interactivity": {"is_enabled": True}, "socket_mode_enabled": True},
}


async def test_it_begins_with_the_wire_and_says_nothing_of_what_is_not_there(browser: Browser) -> None:
    async with Playground(MANIFEST) as playground:
        app = bolt(playground)

        @app.command("/tea")
        async def order(ack: Any) -> None:
            await ack("On its way")

        async with connected(playground, app):
            page = await (await browser.new_context(viewport={"width": 1280, "height": 800})).new_page()
            wrongs: list[str] = []
            page.on("pageerror", lambda problem: wrongs.append(str(problem)))
            await page.goto(playground.url)
            await expect(page.get_by_role("heading", name="Nothing from Tea yet.")).to_be_visible()
            await expect(page.get_by_text("run one of its commands")).to_be_visible()
            await expect(page.get_by_text("Home")).to_have_count(0)
            await expect(page.get_by_role("tab", name="Guide")).to_have_count(0)
            await expect(page.get_by_role("tab", name="Traffic")).to_have_attribute("aria-selected", "true")
            await expect(page.locator("header.top")).to_contain_text("The app keeps real time")
            box = page.get_by_role("textbox", name="Message to Tea")
            await box.fill("/tea mint")
            await box.press("Enter")
            await expect(page.get_by_text("On its way", exact=True)).to_be_visible()
            await expect(page.get_by_text("Ben Okafor runs /tea mint")).to_be_visible()
            await page.context.close()
            assert wrongs == []


@pytest.mark.parametrize(("button", "answer"), [("Allow", "code"), ("Cancel", "access_denied")])
async def test_consent_is_given_and_refused_in_a_real_browser(browser: Browser, button: str, answer: str) -> None:
    port, url = free_address()
    back = f"{url}/api/api.test"
    oauth = {**MANIFEST["oauth_config"], "redirect_urls": [back]}
    async with Playground({**MANIFEST, "oauth_config": oauth}, installed=False, port=int(port)) as playground:
        client_id = playground.world.state.app.client_id
        asked = {"client_id": client_id, "scope": "commands", "state": "s1", "redirect_uri": back}
        page = await browser.new_page()
        await page.goto(str(URL(f"{url}/oauth/v2/authorize").with_query(asked)))
        await page.get_by_role("button", name=button).click()
        await expect(page.get_by_text('"state": "s1"')).to_be_visible()
        assert page.url.startswith(back)
        assert answer in page.url
        await page.close()
