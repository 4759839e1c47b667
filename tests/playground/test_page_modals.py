"""Modals on the page: focus, errors, and words that are never lost."""

import pytest
from playwright.async_api import expect

from tests.playground.page_desk import Desk

pytest_plugins = ["tests.playground.page_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

HOLDS_FOCUS = "document.querySelector('[role=dialog]').contains(document.activeElement)"


async def test_focus_goes_into_a_modal_stays_there_and_comes_back(desk: Desk) -> None:
    await desk.button("Find a mentor").click()
    await expect(desk.dialog.get_by_label("What would you like to learn?")).to_be_focused()
    for key in ["Tab"] * 8 + ["Shift+Tab"] * 9:
        await desk.page.keyboard.press(key)
        assert await desk.page.evaluate(HOLDS_FOCUS)
    await desk.page.keyboard.press("Escape")
    await expect(desk.dialog).to_be_hidden()
    await expect(desk.button("Find a mentor")).to_be_focused()


async def test_what_lies_under_a_modal_cannot_be_reached(desk: Desk) -> None:
    await desk.button("Find a mentor").click()
    await expect(desk.dialog).to_be_visible()
    await expect(desk.page.locator("main .under")).to_have_attribute("inert", "")


async def test_f6_steps_out_of_a_modal_to_the_guide_and_back(desk: Desk) -> None:
    await desk.button("Find a mentor").click()
    await expect(desk.dialog).to_be_visible()
    await desk.page.keyboard.press("F6")
    await expect(desk.page.get_by_role("complementary")).to_be_focused()
    await desk.page.keyboard.press("Shift+F6")
    await expect(desk.dialog).to_be_focused()


async def test_a_missing_answer_is_told_beside_its_field(desk: Desk) -> None:
    await desk.ask_for_a_mentor(goal="", topic="Data")
    goal = desk.dialog.get_by_label("One goal")
    await expect(goal).to_be_focused()
    await expect(goal).to_have_attribute("aria-invalid", "true")
    await expect(goal).to_have_accessible_description("A sentence is plenty. This one is needed.")
    await expect(desk.dialog.get_by_label("What would you like to learn?")).to_have_value("Data")


async def test_the_apps_own_error_is_told_beside_its_field_and_goes_when_mended(desk: Desk) -> None:
    await desk.ask_for_a_mentor(goal="something rude")
    goal = desk.dialog.get_by_label("One goal")
    await expect(goal).to_have_accessible_description("A sentence is plenty. Say it so that a mentor can help.")
    await goal.fill("One dashboard")
    await desk.dialog.get_by_role("button", name="Send").click()
    await expect(desk.dialog).to_be_hidden()


async def test_typed_words_survive_the_app_changing_the_modal(desk: Desk) -> None:
    await desk.button("Find a mentor").click()
    await desk.dialog.get_by_label("One goal").fill("half a goal")
    await desk.dialog.get_by_label("How often?").select_option("monthly")
    await expect(desk.dialog).to_contain_text("Monthly it is.")
    await expect(desk.dialog.get_by_label("One goal")).to_have_value("half a goal")
    await expect(desk.dialog.get_by_label("How often?")).to_have_value("monthly")


async def test_typing_goes_on_while_the_app_changes_the_modal(desk: Desk) -> None:
    await desk.button("Find a mentor").click()
    goal = desk.dialog.get_by_label("One goal")
    await desk.dialog.get_by_label("How often?").select_option("weekly")
    await goal.press_sequentially("a goal typed across the change", delay=8)
    await expect(desk.dialog).to_contain_text("Weekly it is.")
    await expect(goal).to_have_value("a goal typed across the change")
    await expect(goal).to_be_focused()


async def test_typed_words_survive_a_reload_of_the_page(desk: Desk) -> None:
    await desk.button("Find a mentor").click()
    await desk.dialog.get_by_label("One goal").fill("half a goal")
    await desk.page.reload()
    await expect(desk.dialog.get_by_label("One goal")).to_have_value("half a goal")


async def test_trouble_connecting_keeps_the_modal_and_its_words(desk: Desk) -> None:
    desk.mentor.playground.limits.ack_seconds = 0.3
    await desk.ask_for_a_mentor(goal="slow one")
    await expect(desk.dialog.get_by_role("alert")).to_contain_text("trouble connecting", ignore_case=True)
    await expect(desk.dialog.get_by_label("One goal")).to_have_value("slow one")
    await desk.dialog.get_by_label("One goal").fill("One dashboard")
    await desk.dialog.get_by_role("button", name="Send").click()
    await expect(desk.dialog).to_be_hidden()


async def test_closing_ends_at_the_page_below_and_its_words_are_gone(desk: Desk) -> None:
    await desk.button("Find a mentor").click()
    await desk.dialog.get_by_label("One goal").fill("never mind")
    await desk.dialog.get_by_role("button", name="Not now").click()
    await expect(desk.dialog).to_be_hidden()
    await desk.button("Find a mentor").click()
    await expect(desk.dialog.get_by_label("One goal")).to_have_value("")


@pytest.mark.parametrize("desk", ["phone"], indirect=True)
async def test_on_a_phone_a_modal_is_a_sheet_with_its_submit_at_the_foot(desk: Desk) -> None:
    await desk.button("Find a mentor").click()
    sheet = await desk.dialog.bounding_box()
    submit = await desk.dialog.get_by_role("button", name="Send").bounding_box()
    assert sheet is not None
    assert submit is not None
    assert (sheet["x"], sheet["y"], sheet["width"], sheet["height"]) == (0, 0, 390, 844)
    assert submit["y"] + submit["height"] > 844 - 24
    await expect(desk.dialog).to_have_attribute("aria-modal", "true")
    await desk.dialog.get_by_role("button", name="Fill it in for me").click()
    await expect(desk.dialog.get_by_label("One goal")).to_have_value("Build one dashboard people use")


@pytest.mark.parametrize("desk", ["wall"], indirect=True)
async def test_on_a_wide_screen_two_people_are_full_panes(desk: Desk) -> None:
    await desk.ask_for_a_mentor()
    beside = desk.page.locator(".beside")
    await beside.get_by_role("button", name="Accept").click()
    await expect(beside).to_contain_text("You said yes to Noor.")
    await expect(beside.get_by_label("Message to Mentor")).to_be_visible()
    await desk.page.locator("main").get_by_role("tab", name="Messages").click()
    await expect(desk.pane).to_contain_text("Tomás said yes.")
    await expect(desk.page.get_by_role("complementary").get_by_role("tab")).to_have_text(["Guide", "Traffic"])
