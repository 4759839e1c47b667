"""Time, stops and beginnings: the strip of days, the banner, the stream that comes back."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from playground.server import Playground
from tests.playground.page_desk import Desk
from tests.playground.page_world import CAST, MANIFEST, MONDAY, Mentor

pytest_plugins = ["tests.playground.page_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
STOPPED = "The bot has stopped. Your workspace is safe; start it again and carry on."


async def accept_as_tomas(desk: Desk) -> None:
    """Up to the accepted request, which makes two reminders due."""
    await desk.ask_for_a_mentor()
    await desk.page.get_by_role("button", name="Be Tomás").first.click()
    await desk.button("Accept").click()
    await expect(desk.pane).to_contain_text("You said yes to Noor.")


async def test_a_week_shows_each_message_with_its_day_as_it_lands(desk: Desk) -> None:
    await accept_as_tomas(desk)
    await desk.page.get_by_role("button", name="+1 week").click()
    strip = desk.page.get_by_role("region", name="Time jump")
    await expect(strip).to_contain_text("Mon 5 Mar, 16:48 → Mon 12 Mar, 16:48: 2 messages")
    await expect(strip).to_contain_text("Day 2, 17:48 → Tomás: reminder, meeting tomorrow")
    await expect(strip.locator(".days i.on")).to_have_count(7)
    await expect(desk.page.locator("header.top")).to_contain_text("Mon 12 Mar, 16:48, Lisbon")
    await strip.get_by_role("button", name="Day 5, 16:48 → Noor: did you meet?").click()
    await expect(desk.page.locator("[data-people]")).to_contain_text("Noor")
    await expect(desk.pane.locator(".message[data-shown]")).to_contain_text("did you meet?")


async def test_the_next_event_is_named_before_and_reached_by_its_button(desk: Desk) -> None:
    await accept_as_tomas(desk)
    top = desk.page.locator("header.top")
    await desk.page.reload()
    await expect(top).to_contain_text("Next: Tue 6 Mar, 16:48")
    await top.get_by_role("button", name="Next event").click()
    await expect(desk.pane).to_contain_text("reminder, meeting tomorrow")
    await expect(top).to_contain_text("Tue 6 Mar, 16:48, Lisbon")


async def test_without_a_timetable_the_page_says_what_the_clock_moves(desk: Desk) -> None:
    desk.mentor.playground.hooks = None
    await desk.page.reload()
    top = desk.page.locator("header.top")
    await expect(top).to_contain_text("The app keeps real time")
    await expect(top.get_by_role("button", name="Next event")).to_have_count(0)


async def test_a_bot_that_stops_is_told_kindly_and_its_return_seen(desk: Desk) -> None:
    await desk.mentor.stop()
    await expect(desk.page.get_by_role("alert")).to_have_text(STOPPED)
    await expect(desk.page.locator("header.top")).to_contain_text("Mentor isn't connected")
    desk.mentor = Mentor(desk.mentor.playground)
    await desk.mentor.start()
    await expect(desk.page.get_by_text(STOPPED)).to_have_count(0)
    await expect(desk.page.locator("header.top")).to_contain_text("Mentor is connected")
    await desk.mentor.stop()


async def test_starting_over_asks_first(desk: Desk) -> None:
    box = await desk.go_to("general")
    await box.fill("Soon forgotten")
    await box.press("Enter")
    for answer, left in (("Keep it", 1), ("Start over", 0)):
        await desk.page.get_by_role("button", name="More", exact=True).click()
        await desk.page.get_by_role("menuitem", name="Start over").click()
        await desk.page.get_by_role("dialog").get_by_role("button", name=answer).click()
        await expect(desk.page.get_by_role("dialog")).to_have_count(0)
        if not left:
            await expect(desk.page.get_by_role("heading", name="Hello Noor")).to_be_visible()
        await desk.go_to("general")
        await expect(desk.pane).to_contain_text("dashboard")
        await expect(desk.pane.get_by_text("Soon forgotten")).to_have_count(left)


async def test_what_breaks_is_chosen_from_a_menu_and_shown_in_the_traffic(desk: Desk) -> None:
    await desk.page.get_by_role("button", name="More", exact=True).click()
    await desk.page.get_by_role("menuitem", name="Break something").click()
    await desk.page.get_by_role("button", name="Garble the next answer").click()
    await expect(desk.page.get_by_text("Armed.")).to_be_visible()
    await desk.page.get_by_role("tab", name="Traffic").click()
    await expect(desk.page.locator(".traffic")).to_contain_text("Garble the next answer")


async def test_a_deactivated_person_is_marked_and_can_be_brought_back(desk: Desk) -> None:
    for words, shown in (("Deactivate Grace Okafor", True), ("Bring back Grace Okafor", False)):
        await desk.page.get_by_role("button", name="More", exact=True).click()
        await desk.page.get_by_role("menuitem", name="Break something").click()
        await desk.page.get_by_role("button", name="Somebody leaves, or comes back").click()
        await desk.page.get_by_role("button", name=words).click()
        await desk.page.locator("[data-people]").click()
        grace = desk.page.get_by_role("menuitemradio", name="Grace Okafor")
        if shown:
            await expect(grace).to_contain_text("deactivated")
        else:
            await expect(grace).not_to_contain_text("deactivated")
        await desk.page.keyboard.press("Escape")


class Restarting:
    """A playground that can be stopped and started again at the same address and home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.playground = self.made(0)

    def made(self, port: int) -> Playground:
        """The same world, as another process would find it."""
        return Playground(MANIFEST, CAST, home=self.home, port=port, starts_at=MONDAY)

    async def again(self) -> None:
        """Start a second one where the first was."""
        port = int(self.playground.url.rpartition(":")[2])
        self.playground = self.made(port)
        await self.playground.start()


@pytest_asyncio.fixture(loop_scope="module")
async def restarting(tmp_path: Path) -> AsyncIterator[Restarting]:
    """A started world without an app."""
    world = Restarting(tmp_path)
    await world.playground.start()
    yield world
    await world.playground.stop()


async def test_a_stopped_workspace_loses_no_words_and_is_found_again(browser: Browser, restarting: Restarting) -> None:
    context: Any = await browser.new_context()
    page = await context.new_page()
    general = next(c for c in restarting.playground.world.state.conversations.values() if c.name == "general")
    await page.goto(f"{restarting.playground.url}/#/c/{general.id}")
    box = page.get_by_label("Message to # general")
    await box.fill("written while it was away")
    await restarting.playground.stop()
    await expect(page.get_by_role("alert").first).to_have_text(STOPPED)
    await box.press("Enter")
    await expect(page.get_by_text("did not answer")).to_be_visible()
    await expect(box).to_have_value("written while it was away")
    await restarting.again()
    await expect(page.locator("header.top")).not_to_contain_text("The workspace has stopped")
    await box.press("Enter")
    await expect(page.locator(".message").last).to_contain_text("written while it was away")
    await expect(box).to_have_value("")
    await context.close()
