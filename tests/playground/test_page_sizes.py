"""The page on a phone, a tablet, a desk and a wall; in light and dark; by keyboard alone."""

import re

import pytest
from playwright.async_api import expect

from tests.playground.page_desk import Desk

pytest_plugins = ["tests.playground.page_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

TOO_SMALL = """() => [...document.querySelectorAll("button, a[href], select, summary, input")]
  .filter((node) => !["checkbox", "radio"].includes(node.type))
  .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest(".skip, p, li.message .words"))
  .filter((node) => node.getBoundingClientRect().height < 43.5 || node.getBoundingClientRect().width < 43.5)
  .map((node) => node.outerHTML.slice(0, 120))"""
TINY_TYPE = """() => [...document.querySelectorAll("body *")]
  .filter((node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()))
  .filter((node) => node.checkVisibility() && parseFloat(getComputedStyle(node).fontSize) < 13)
  .map((node) => node.outerHTML.slice(0, 120))"""
NAMELESS = """() => [...document.querySelectorAll("button, a[href], input, select, textarea")]
  .filter((node) => node.checkVisibility() && !node.closest("[inert]"))
  .filter((node) => !(node.getAttribute("aria-label") || node.textContent.trim() || node.labels?.length))
  .map((node) => node.outerHTML.slice(0, 120))"""
OVERFLOWS = """document.documentElement.scrollWidth > innerWidth
  || [...document.querySelectorAll(".top button, .bar button")]
    .some((node) => node.getBoundingClientRect().right > innerWidth)"""


@pytest.mark.parametrize("desk", ["phone", "tablet", "desk", "wall-dark"], indirect=True)
async def test_nothing_overflows_hides_its_name_or_is_too_small_to_read(desk: Desk) -> None:
    for step in ("home", "modal", "messages"):
        if step == "modal":
            await desk.button("Find a mentor").click()
            await expect(desk.dialog).to_be_visible()
        if step == "messages":
            await desk.page.keyboard.press("Escape")
            await expect(desk.dialog).to_be_hidden()
            await desk.go_to("general")
            await expect(desk.pane).to_contain_text("dashboard")
        assert not await desk.page.evaluate(OVERFLOWS)
        assert await desk.page.evaluate(TINY_TYPE) == []
        assert await desk.page.evaluate(NAMELESS) == []


@pytest.mark.parametrize("desk", ["phone"], indirect=True)
async def test_on_a_phone_everything_is_big_enough_for_a_thumb(desk: Desk) -> None:
    assert await desk.page.evaluate(TOO_SMALL) == []
    await desk.page.locator("[data-people]").click()
    await expect(desk.page.get_by_role("menu")).to_be_visible()
    assert await desk.page.evaluate(TOO_SMALL) == []
    await desk.page.keyboard.press("Escape")
    await desk.button("Find a mentor").click()
    await expect(desk.dialog).to_be_visible()
    assert await desk.page.evaluate(TOO_SMALL) == []


@pytest.mark.parametrize("desk", ["phone"], indirect=True)
async def test_a_phone_walks_the_whole_path_in_one_column(desk: Desk) -> None:
    bar = desk.page.get_by_role("navigation", name="Places")
    await desk.ask_for_a_mentor()
    await expect(bar.get_by_role("button", name=re.compile("Other side"))).to_contain_text("1 new")
    await bar.get_by_role("button", name=re.compile("Other side")).click()
    await expect(desk.page.get_by_role("heading", name="Tomás's side")).to_be_visible()
    await desk.page.get_by_role("button", name="Be Tomás").click()
    await desk.button("Accept").click()
    await expect(desk.pane).to_contain_text("You said yes to Noor.")
    await bar.get_by_role("button", name="Chats").click()
    await desk.page.get_by_role("link", name="general").click()
    await expect(desk.pane).to_contain_text("dashboard")
    await desk.page.locator("[data-clock]").click()
    await desk.page.get_by_role("menuitem", name="+1 week").click()
    await expect(desk.page.get_by_role("region", name="Time jump")).to_contain_text("2 messages")


@pytest.mark.parametrize("desk", ["tablet"], indirect=True)
async def test_between_phone_and_desk_the_right_column_is_a_drawer(desk: Desk) -> None:
    drawer = desk.page.get_by_role("complementary")
    await expect(drawer).to_have_count(0)
    await expect(desk.page.get_by_role("region", name="Guide")).to_contain_text("Step 1 of 5")
    await desk.page.locator("header.top").get_by_role("button", name="Guide").click()
    await drawer.get_by_role("tab", name="Traffic").click()
    await expect(drawer).to_contain_text("views.publish")
    await drawer.get_by_role("button", name="Close").click()
    await expect(drawer).to_have_count(0)


@pytest.mark.parametrize("desk", ["desk-dark"], indirect=True)
async def test_the_theme_follows_the_computer_until_somebody_chooses(desk: Desk) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    assert await desk.page.evaluate(colour) == "rgb(23, 22, 20)"
    await desk.page.get_by_role("button", name="More", exact=True).click()
    await desk.page.get_by_role("menuitemradio", name="Light", exact=True).click()
    assert await desk.page.evaluate(colour) == "rgb(250, 248, 244)"
    await desk.page.reload()
    await expect(desk.page.get_by_role("heading", name="Hello Noor")).to_be_visible()
    assert await desk.page.evaluate(colour) == "rgb(250, 248, 244)"


async def test_nothing_moves_for_who_asked_for_stillness(desk: Desk) -> None:
    await desk.page.emulate_media(reduced_motion="reduce")
    moves = """[...document.querySelectorAll("*")]
      .map((node) => getComputedStyle(node))
      .filter((style) => parseFloat(style.transitionDuration) > 0 || style.animationName !== "none").length"""
    assert await desk.page.evaluate(moves) == 0


async def test_somebody_without_a_mouse_becomes_another_and_reads_their_news(desk: Desk) -> None:
    await desk.ask_for_a_mentor()
    await desk.page.locator("[data-people]").focus()
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.get_by_role("menuitemradio", name=re.compile("Noor"))).to_be_focused()
    await desk.page.keyboard.press("ArrowDown")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.locator("[data-people]")).to_contain_text("Tomás")
    await expect(desk.pane).to_contain_text("would you be my mentor")
    await desk.page.keyboard.press("F6")
    await expect(desk.page.locator("[data-region]:focus, [data-region] :focus")).to_have_count(1)


async def test_a_new_message_is_announced_once_to_a_screen_reader(desk: Desk) -> None:
    await desk.page.get_by_role("tab", name="Messages").click()
    box = desk.page.get_by_label("Message to Mentor")
    await box.fill("hello")
    await box.press("Enter")
    await expect(desk.page.locator("#said")).to_contain_text("Mentor: I understand buttons. You said: hello")


async def test_focus_is_always_visible(desk: Desk) -> None:
    for _ in range(12):
        await desk.page.keyboard.press("Tab")
        width = await desk.page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        style = await desk.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert (width, style) == ("2px", "solid")
