"""The path and its chapters in the page: opened by link, by list and by a step; days that pass; two views at once."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.playground.page_desk import Desk
from tests.playground.page_story import ASKED, Storyteller, asked_for_noor, running_story

pytest_plugins = ["tests.playground.page_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

BOTH = pytest.mark.parametrize("desk", ["desk", "phone"], indirect=True)
COVERED = """node => {
  const { left, top, width, height } = node.getBoundingClientRect();
  const there = document.elementFromPoint(left + width / 2, top + height / 2);
  return !(node === there || node.contains(there));
}"""


@pytest_asyncio.fixture(loop_scope="module")
async def mentor() -> AsyncIterator[Storyteller]:
    """The story's world, in place of the plain one."""
    async with running_story() as teller:
        yield teller


def _guide(page: Page) -> Locator:
    return page.get_by_role("region", name="Guide")


async def _open(desk: Desk, chapter: str) -> None:
    await desk.page.goto(f"{desk.mentor.playground.url}/?chapter={chapter}")


async def _press(desk: Desk, words: str) -> None:
    """Press the real thing in one's own pane, which nothing may cover."""
    target = desk.button(words)
    await expect(target).to_be_in_viewport(ratio=1)
    assert not await target.evaluate(COVERED), f"{words} is covered"
    await target.click()


@BOTH
async def test_a_link_opens_a_chapter_as_the_right_person_at_the_right_place(desk: Desk) -> None:
    await _open(desk, "meeting")
    await expect(_guide(desk.page)).to_contain_text("Step 4 of 9")
    await expect(desk.page.locator("[data-people]")).to_contain_text("Tomás")
    await expect(desk.pane).to_contain_text("would you be my mentor")
    assert desk.page.url == f"{desk.mentor.playground.url}/#/app/messages"
    first = desk.mentor.id_of("noor")
    await desk.page.reload()
    await expect(desk.pane).to_contain_text("would you be my mentor")
    assert desk.mentor.id_of("noor") == first, "a reload plays nothing again"
    await _press(desk, "Accept")
    await expect(_guide(desk.page)).to_contain_text("Step 5 of 9")


@BOTH
async def test_who_has_a_story_going_on_is_asked_before_it_is_forgotten(desk: Desk) -> None:
    await desk.ask_for_a_mentor()
    await desk.mentor.playground.workspace.person("tomas").message("would you be my mentor")
    first = desk.mentor.id_of("noor")
    for answer in ("Keep my story", "Open the chapter"):
        await _open(desk, "quiet")
        question = desk.page.get_by_role("dialog", name="Open “It goes quiet”?")
        await expect(question).to_contain_text("Opening the chapter begins the story again")
        await question.get_by_role("button", name=answer).click()
        await expect(question).to_have_count(0)
        assert "chapter" not in desk.page.url
        if answer == "Keep my story":
            await expect(_guide(desk.page)).to_contain_text("Step 3 of 9")
            assert desk.mentor.id_of("noor") == first
    await expect(_guide(desk.page)).to_contain_text("Step 9 of 9")


@BOTH
async def test_an_unknown_chapter_is_answered_with_those_there_are(desk: Desk) -> None:
    await _open(desk, "loud")
    said = desk.page.get_by_role("dialog", name="No chapter is called “loud”")
    await expect(said.get_by_role("button")).to_have_text(
        ["A question", "A yes, and a meeting", "It goes quiet", "A wall", "Stay here"]
    )
    await said.get_by_role("button", name="A yes, and a meeting").click()
    await expect(desk.pane).to_contain_text("would you be my mentor")


async def test_the_card_lists_the_chapters_and_one_press_opens_one(desk: Desk) -> None:
    chapters = desk.page.get_by_role("navigation", name="Chapters")
    await expect(chapters.get_by_role("button")).to_have_text(
        ["A question", "A yes, and a meeting", "It goes quiet", "A wall"]
    )
    await expect(chapters.locator("[aria-current=step]")).to_have_text("A question")
    await chapters.get_by_role("button", name="A yes, and a meeting").click()
    await expect(desk.pane).to_contain_text("would you be my mentor")
    await expect(chapters.locator("[aria-current=step]")).to_have_text("A yes, and a meeting")


@pytest.mark.parametrize("desk", ["phone"], indirect=True)
async def test_on_a_phone_the_chapters_are_behind_one_button(desk: Desk) -> None:
    await _guide(desk.page).get_by_role("button", name="Chapters").click()
    await desk.page.get_by_role("menuitemradio", name="It goes quiet").click()
    await expect(_guide(desk.page)).to_contain_text("Step 9 of 9")


async def test_a_chapter_that_stops_says_so_and_leaves_a_workspace_to_act_in(desk: Desk) -> None:
    await _open(desk, "wall")
    await expect(desk.page.get_by_role("status").filter(has_text="stopped before its beginning")).to_be_visible()
    await expect(_guide(desk.page)).to_contain_text("Step 1 of 9")
    await _press(desk, "Find a mentor")
    await expect(desk.dialog).to_be_visible()


async def test_a_second_page_comes_along(desk: Desk) -> None:
    other = await desk.page.context.new_page()
    await other.goto(desk.mentor.playground.url)
    await expect(_guide(other)).to_contain_text("Step 1 of 9")
    await _open(desk, "meeting")
    for page in (desk.page, other):
        await expect(page.locator("[data-people]")).to_contain_text("Tomás")
        await expect(page.locator("main [data-pane]")).to_contain_text("would you be my mentor")


@BOTH
async def test_while_it_is_played_only_its_days_are_shown(desk: Desk) -> None:
    world = desk.mentor.playground.world
    world.stream.tell("play", None, state="begin", name="quiet", title="It goes quiet", days=10)
    for day in (5, 10):
        world.stream.tell(
            "jump", None, state="begin", **{"from": "2040-03-05T16:48:00Z", "to": f"2040-03-{day:02}T00:00Z"}
        )
        world.stream.tell("clock", None, now=f"2040-03-{day:02}T16:48:00Z")
        told = {"day": day - 4, "hour": "17:48", "name": "Tomás", "channel": "C1"}
        world.stream.tell(
            "step", None, at=f"2040-03-{day:02}T16:48:00Z", to="U1", line=f"line {day}", ts=str(day), **told
        )
        world.stream.tell(
            "jump", None, state="end", **{"from": "2040-03-05T16:48:00Z", "to": f"2040-03-{day:02}T00:00Z"}
        )
    await expect(desk.page.get_by_role("heading", name="Playing up to this chapter…")).to_be_visible()
    await expect(desk.page.locator(".landed")).to_contain_text("Day 6, 17:48 → Tomás: line 10")
    await expect(desk.page.locator(".days i")).to_have_count(10)
    await expect(desk.page.locator(".days i.on")).to_have_count(5)
    await expect(desk.page.get_by_role("button")).to_have_count(0)
    world.stream.tell("play", None, state="end", name="quiet")
    await expect(_guide(desk.page)).to_contain_text("Step 1 of 9")


# -- the days until somebody is asked ----------------------------------------------------------------------------------


@BOTH
async def test_the_days_pass_until_noor_is_asked_and_a_press_opens_her_message(desk: Desk) -> None:
    await _open(desk, "meeting")
    await _press(desk, "Accept")
    await _guide(desk.page).get_by_role("button", name="Let the days pass").click()
    strip = desk.page.get_by_role("region", name="Time jump")
    await expect(strip.locator(".days i.on")).to_have_count(7)
    await expect(strip.locator(".landed")).to_contain_text("Day 2, 17:48 → Tomás: reminder, meeting tomorrow")
    await expect(_guide(desk.page)).to_contain_text("Noor has been asked. Be Noor.")
    await strip.get_by_role("button", name="Day 5, 16:48 → Noor: did you meet?").click()
    await expect(desk.page.locator("[data-people]")).to_contain_text("Noor")
    await expect(desk.pane.locator(".message", has_text=ASKED)).to_be_in_viewport()
    await expect(_guide(desk.page)).to_contain_text("One tap. Not a form.")
    await _press(desk, "Yes")
    await expect(desk.pane).to_contain_text("Noted.")
    await expect(strip).to_have_count(0)


async def test_days_without_a_question_are_said_kindly(desk: Desk) -> None:
    for _ in range(4):
        desk.mentor.playground.world.guide.turn("skip")
    await _guide(desk.page).get_by_role("button", name="Let the days pass").click()
    said = desk.page.get_by_role("status").filter(has_text="20 days went by and Noor wasn't asked.")
    await expect(said).to_be_visible()
    await expect(_guide(desk.page)).to_contain_text("Step 5 of 9")


# -- the page leads on by itself ---------------------------------------------------------------------------------------


@BOTH
async def test_the_whole_path_needs_no_press_but_the_ones_it_names(desk: Desk) -> None:
    card = _guide(desk.page)
    await _press(desk, "Find a mentor")
    await (
        desk.pane.get_by_role("button", name="Fill it in for me")
        .or_(desk.page.locator("aside [data-guide=fill]"))
        .filter(visible=True)
        .click()
    )
    await desk.dialog.get_by_role("button", name="Send").click()
    await card.get_by_role("button", name="Be Tomás").click()
    await _press(desk, "Accept")
    await card.get_by_role("button", name="Let the days pass").click()
    await card.get_by_role("button", name="Be Noor").click()
    await _press(desk, "Yes")
    await card.get_by_role("button", name="See how that looks").click()
    await expect(card).to_contain_text("Step 9 of 9")
    await _press(desk, "Find a mentor")
    await expect(desk.dialog).to_be_visible()
    await desk.page.keyboard.press("Escape")
    await expect(card).to_contain_text("Three minutes; six months.")
    await expect(card.get_by_role("link", name="Run it on your Slack")).to_have_attribute(
        "href", "https://example.org/run"
    )
    await card.get_by_role("button", name="Break something").click()
    await expect(desk.page.get_by_role("dialog", name="Break something")).to_be_visible()
    await desk.page.keyboard.press("Escape")
    await card.get_by_role("button", name="Walk it again").click()
    await expect(card).to_contain_text("Step 1 of 9")


async def test_the_page_goes_from_home_to_the_message_the_next_step_is_about(desk: Desk) -> None:
    for _ in range(5):
        desk.mentor.playground.world.guide.turn("skip")
    await asked_for_noor(desk.mentor)
    await desk.mentor.playground.travel.step_next()
    await expect(desk.page.get_by_role("heading", name="Hello Noor")).to_be_visible()
    desk.mentor.playground.world.guide.turn("skip")
    await expect(desk.button("Yes")).to_be_in_viewport()


async def test_who_wandered_off_is_left_where_they_are(desk: Desk) -> None:
    for _ in range(6):
        desk.mentor.playground.world.guide.turn("skip")
    await desk.mentor.playground.workspace.person("noor").command("/mentor help")
    await expect(_guide(desk.page)).to_contain_text("You wandered off, good.")
    await asked_for_noor(desk.mentor)
    await desk.page.get_by_role("button", name="Next event").click()
    await expect(desk.page.get_by_role("region", name="Time jump")).to_contain_text("did you meet?")
    await expect(desk.page.get_by_role("heading", name="Hello Noor")).to_be_visible()


@pytest.mark.parametrize("desk", ["phone"], indirect=True)
async def test_a_modal_that_opens_is_seen_without_another_tap(desk: Desk) -> None:
    bar = desk.page.get_by_role("navigation", name="Places")
    await bar.get_by_role("button", name=re.compile("Chats")).click()
    await desk.mentor.playground.workspace.person("noor").command("/mentor find")
    await expect(desk.dialog).to_be_visible()


# -- two views side by side --------------------------------------------------------------------------------------------


async def test_the_organisers_home_stands_beside_ones_own(desk: Desk) -> None:
    await _open(desk, "quiet")
    beside = desk.page.get_by_role("complementary")
    await expect(beside.get_by_role("heading", name="Ingrid's side")).to_be_visible()
    await expect(beside).to_contain_text("Meetings noted: 1. What they wrote stays theirs.")
    await expect(desk.pane).to_contain_text("Hello Noor")
    tomas = desk.mentor.id_of("tomas")
    await desk.mentor.app.client.chat_postMessage(channel=tomas, text="Something else")
    await expect(desk.page.locator("[data-people]")).to_be_visible()
    await expect(beside.get_by_role("heading", name="Ingrid's side")).to_be_visible()


@pytest.mark.parametrize("desk", ["phone"], indirect=True)
async def test_on_a_phone_the_other_view_is_one_tap_away_and_back(desk: Desk) -> None:
    await _open(desk, "quiet")
    bar = desk.page.get_by_role("navigation", name="Places")
    await expect(bar.get_by_role("button", name=re.compile("Other side"))).to_contain_text("new")
    await _guide(desk.page).get_by_role("button", name="See Ingrid's side").click()
    await expect(desk.page.locator("main")).to_contain_text("Meetings noted: 1")
    await expect(_guide(desk.page)).to_contain_text("Left: their words.")
    await _guide(desk.page).get_by_role("button", name="Find a mentor").click()
    await expect(desk.dialog).to_be_visible()


@pytest.mark.parametrize("desk", ["desk", "phone", "desk-dark", "phone-dark", "wall", "tablet"], indirect=True)
async def test_nothing_is_cut_off_while_chapters_open(desk: Desk) -> None:
    await _open(desk, "quiet")
    await expect(_guide(desk.page)).to_contain_text("Step 9 of 9")
    assert not await desk.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    for each in await _guide(desk.page).locator("button:visible").all():
        await each.scroll_into_view_if_needed()
        assert not await each.evaluate(COVERED)
