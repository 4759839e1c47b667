"""What a person can do on the page, end to end against a real app."""

import re

import pytest
from playwright.async_api import Route, expect

from tests.playground.page_desk import Desk
from tests.playground.page_world import HOSTILE

pytest_plugins = ["tests.playground.page_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_the_page_says_who_one_is_and_where_it_runs(desk: Desk) -> None:
    top = desk.page.locator("header.top")
    await expect(top).to_contain_text("Local workspace")
    await expect(top).to_contain_text("Nothing leaves it")
    await expect(top).to_contain_text("Mentor is connected")
    await expect(top).to_contain_text("Mon 5 Mar, 16:48, Lisbon")
    await expect(desk.page.locator("[data-people]")).to_contain_text("You are Noor")


async def test_asking_reaches_the_mentor_whose_side_comes_forward(desk: Desk) -> None:
    await desk.ask_for_a_mentor()
    other = desk.page.get_by_role("complementary")
    await expect(other.get_by_role("heading", name="Tomás's side")).to_be_visible()
    await expect(other).to_contain_text("@Noor Haddad asks: would you be my mentor for Data?")
    await expect(other.get_by_role("tab", name="Other side")).to_have_attribute("aria-selected", "true")


async def test_what_the_mentor_accepts_changes_the_other_pane_by_itself(desk: Desk) -> None:
    await desk.ask_for_a_mentor()
    await desk.page.get_by_role("button", name="Be Tomás").first.click()
    await desk.button("Accept").click()
    await expect(desk.pane).to_contain_text("You said yes to Noor.")
    await expect(desk.pane).to_contain_text("(edited)")
    other = desk.page.get_by_role("complementary")
    await expect(other.get_by_role("heading", name="Noor's side")).to_be_visible()
    await expect(other).to_contain_text("Tomás said yes.")


async def test_commands_are_offered_and_taken_with_the_keyboard(desk: Desk) -> None:
    box = await desk.go_to("general")
    await box.press_sequentially("/me")
    await expect(desk.page.get_by_role("option", name="/mentor")).to_be_visible()
    await box.press("Enter")
    await expect(box).to_have_value("/mentor ")
    await expect(desk.pane).to_contain_text("[find | help]")
    await box.press_sequentially("find")
    await box.press("Enter")
    await expect(desk.dialog).to_be_visible()
    await expect(box).to_have_value("")


async def test_a_command_nobody_knows_stays_in_the_box_with_its_error(desk: Desk) -> None:
    box = await desk.go_to("general")
    await box.fill("/nothing here")
    await box.press("Enter")
    await expect(desk.pane.get_by_role("alert")).to_contain_text("/nothing is not a valid command.")
    await expect(box).to_have_value("/nothing here")


async def test_a_command_the_app_never_answers_stays_in_the_box(desk: Desk) -> None:
    desk.mentor.playground.limits.ack_seconds = 0.3
    box = await desk.go_to("general")
    await box.fill("/broken please")
    await box.press("Enter")
    await expect(desk.pane.get_by_role("alert")).to_contain_text("didn't answer in time")
    await expect(box).to_have_value("/broken please")


async def test_an_ephemeral_answer_says_that_only_you_see_it(desk: Desk) -> None:
    box = await desk.go_to("general")
    await box.fill("/mentor help")
    await box.press("Enter")
    await expect(desk.pane.locator(".message.only")).to_contain_text("Only you can see this")
    await desk.be("Grace Okafor")
    await desk.go_to("general")
    await expect(desk.pane).to_contain_text("dashboard")
    await expect(desk.pane.locator(".message.only")).to_have_count(0)


async def test_hostile_text_stays_text_on_the_page(desk: Desk) -> None:
    box = await desk.go_to("general")
    await box.fill("/mentor hostile")
    await box.press("Enter")
    said = desk.pane.locator(".message.only")
    await expect(said).to_contain_text("<img src=x onerror=alert(1)> &")
    await expect(said.locator("img")).to_have_count(0)
    await expect(said.get_by_role("link", name="https://bank.example (evil.example)")).to_be_visible()
    await expect(said.locator("a[href^=javascript]")).to_have_count(0)
    await box.fill(HOSTILE)
    await box.press("Enter")
    await expect(desk.pane.locator(".message").last).to_contain_text(HOSTILE)


async def test_a_dead_button_says_so_beside_itself(desk: Desk) -> None:
    desk.mentor.playground.limits.ack_seconds = 0.3
    await desk.ask_for_a_mentor()
    await desk.be("Tomás Rey")
    await desk.button("Not now").click()
    await expect(desk.pane.get_by_role("alert")).to_be_visible()
    await expect(desk.button("Accept")).to_be_enabled()


async def test_a_confirmed_button_asks_first_and_a_no_tells_nobody(desk: Desk) -> None:
    await desk.button("Leave").click()
    question = desk.page.get_by_role("dialog", name="Leave mentoring?")
    await expect(question).to_contain_text("You can stop here without a why.")
    await question.get_by_role("button", name="Stay").click()
    await expect(question).to_be_hidden()
    titles = desk.mentor.playground.world.journal.titles(["person"])
    assert not any("Leave" in title for title in titles)
    await desk.button("Leave").click()
    await question.get_by_role("button", name="Leave").click()
    await desk.page.get_by_role("tab", name="Messages").click()
    await expect(desk.pane).to_contain_text("You can come back any time.")


async def test_a_thread_opens_is_answered_and_closes(desk: Desk) -> None:
    await desk.go_to("general")
    first = desk.pane.locator(".message").first
    await first.get_by_role("button", name="More for this message from Grace Okafor").click()
    await desk.page.get_by_role("menuitem", name="Reply in a thread").click()
    await expect(desk.pane.get_by_role("heading", name="Thread in # general")).to_be_visible()
    box = desk.page.get_by_label("Message to # general")
    await box.fill("Very *nice*")
    await box.press("Enter")
    await expect(desk.pane.locator(".message")).to_have_count(2)
    await expect(desk.pane.locator(".message strong", has_text="nice")).to_be_visible()
    await desk.button("← Back").click()
    await expect(desk.pane.get_by_role("button", name="1 reply")).to_be_visible()
    await expect(desk.pane.locator(".message")).to_have_count(2)


async def test_shortcuts_are_reached_from_the_composer_and_from_a_message(desk: Desk) -> None:
    await desk.go_to("general")
    await desk.pane.locator(".message").first.get_by_role("button", name=re.compile("More for")).click()
    await desk.page.get_by_role("menuitem", name="Keep this").click()
    await expect(desk.pane.locator(".message.only")).to_contain_text("Kept: The new dashboard is up")
    await desk.button("Shortcuts").click()
    await desk.page.get_by_role("menuitem", name="Find a mentor").click()
    await expect(desk.dialog).to_be_visible()


async def test_each_conversation_keeps_its_own_draft_through_a_reload(desk: Desk) -> None:
    box = await desk.go_to("general")
    await box.fill("half a thought")
    await desk.page.get_by_role("link", name="Mentor").click()
    await desk.page.get_by_role("tab", name="Messages").click()
    mine = desk.page.get_by_label("Message to Mentor")
    await expect(mine).to_have_value("")
    await mine.fill("another")
    await desk.page.reload()
    await expect(desk.page.get_by_label("Message to Mentor")).to_have_value("another")
    box = await desk.go_to("general")
    await expect(box).to_have_value("half a thought")


async def test_writing_to_the_app_and_to_a_person(desk: Desk) -> None:
    await desk.page.get_by_role("tab", name="Messages").click()
    box = desk.page.get_by_label("Message to Mentor")
    await box.fill("hello")
    await box.press("Enter")
    await expect(desk.pane).to_contain_text("I understand buttons. You said: hello")
    await desk.page.get_by_role("button", name="Write to somebody").click()
    await desk.page.get_by_role("menuitem", name=re.compile("Ingrid")).click()
    await desk.page.get_by_label("Message to Ingrid Dahl").fill("Good morning")
    await desk.page.get_by_label("Message to Ingrid Dahl").press("Enter")
    await expect(desk.pane.locator(".message")).to_contain_text("Good morning")
    await expect(desk.page.get_by_role("heading", name="Ingrid's side")).to_be_visible()


async def test_an_address_opens_its_place_and_a_foreign_one_says_so(desk: Desk) -> None:
    url = desk.mentor.playground.url
    await desk.page.goto(f"{url}/#/app/messages")
    await expect(desk.pane.get_by_role("tab", name="Messages")).to_have_attribute("aria-selected", "true")
    await desk.page.goto(f"{url}/#/app/home")
    await expect(desk.page.get_by_role("heading", name="Hello Noor")).to_be_visible()
    await desk.page.goto(f"{url}/#/c/C00000000")
    await expect(desk.pane).to_contain_text("Noor can't see that conversation.")
    await desk.page.go_back()
    await expect(desk.page.get_by_role("heading", name="Hello Noor")).to_be_visible()


async def test_every_guide_step_is_done_by_the_real_thing(desk: Desk) -> None:
    guide = desk.page.get_by_role("region", name="Guide")
    act = desk.page.locator("[data-guide=act]")
    await expect(guide).to_contain_text("Step 1 of 5")
    await guide.get_by_role("button", name="Show me where").click()
    await expect(desk.button("Find a mentor")).to_be_focused()
    await expect(desk.button("Find a mentor")).to_have_attribute("data-shown", "")
    await act.click()
    await expect(guide).to_contain_text("Step 2 of 5")
    await guide.get_by_role("button", name="Fill it in for me").click()
    await expect(desk.dialog.get_by_label("What would you like to learn?")).to_have_value("Working with data")
    await act.click()
    await expect(desk.page.locator("[data-step=be_tomas]")).to_be_visible()
    await act.click()
    await expect(desk.page.locator("[data-people]")).to_contain_text("Tomás")
    await expect(desk.pane).to_contain_text("would you be my mentor for Working with data?")
    await act.click()
    await expect(desk.page.locator("[data-step=week]")).to_be_visible()
    await act.click()
    await desk.page.get_by_role("tab", name="Guide").click()
    await expect(guide).to_contain_text("That was the whole path.")


async def test_leaving_the_path_is_never_wrong(desk: Desk) -> None:
    box = await desk.go_to("general")
    await box.fill("/mentor help")
    await box.press("Enter")
    guide = desk.page.get_by_role("region", name="Guide")
    await expect(guide).to_contain_text("You wandered off, good. Pick up here.")
    await guide.get_by_role("button", name="Pick up here").click()
    await expect(desk.button("Find a mentor")).to_be_focused()


async def test_news_for_others_is_counted_in_words_and_numbers(desk: Desk) -> None:
    await desk.ask_for_a_mentor()
    await desk.page.locator("[data-people]").click()
    await expect(desk.page.get_by_role("menuitemradio", name=re.compile("Tomás"))).to_contain_text("1 new")


async def test_somebody_outside_a_channel_is_told_so(desk: Desk) -> None:
    await desk.go_to("data")
    await expect(desk.pane).to_contain_text("You aren't in # data.")
    await desk.button("Join it").click()
    await expect(desk.page.get_by_label("Message to # data")).to_be_visible()


async def test_the_traffic_folds_open_to_what_was_sent(desk: Desk) -> None:
    await desk.page.get_by_role("tab", name="Traffic").click()
    row = desk.page.locator(".traffic li", has_text="views.publish").first
    await row.locator("summary").click()
    await expect(row.locator("pre")).to_contain_text("Hello Noor")
    await desk.button("Find a mentor").click()
    await expect(desk.page.locator(".traffic li", has_text="views.open").first).to_be_visible()
    await expect(row.locator("pre")).to_be_visible()


async def test_earlier_messages_stay_after_something_new_is_said(desk: Desk) -> None:
    box = await desk.go_to("general")
    grace = desk.mentor.playground.workspace.person("grace")
    for number in range(70):
        await grace.say(f"line {number:02}", channel="general")
    await desk.page.reload()
    await expect(desk.pane.locator(".message")).to_have_count(50)
    await desk.button("Earlier messages").click()
    await expect(desk.pane.locator(".message")).to_have_count(72)
    await box.fill("the last word")
    await box.press("Enter")
    await expect(desk.pane.locator(".message").last).to_contain_text("the last word")
    await expect(desk.pane.locator(".message")).to_have_count(73)
    await expect(desk.pane).to_contain_text("line 00")


async def test_a_message_that_lands_while_the_list_is_being_read_is_not_lost(desk: Desk) -> None:
    box = await desk.go_to("general")
    channel = desk.page.url.rpartition("/")[2]
    grace = desk.mentor.playground.workspace.person("grace")
    await box.fill("mine")
    await box.press("Enter")
    await expect(desk.pane.locator(".message").last).to_contain_text("mine")
    await desk.page.get_by_role("link", name="Mentor").click()
    await expect(desk.page.get_by_role("heading", name="Hello Noor")).to_be_visible()

    async def late(route: Route) -> None:
        answer = await route.fetch()
        await grace.say("in between", channel="general")
        await expect(desk.page.locator("#said")).to_contain_text("in between")
        await route.fulfill(response=answer)

    await desk.page.route(f"**/local/messages*channel={channel}*", late, times=1)
    await desk.page.get_by_role("link", name="general").click()
    await expect(desk.page.locator("#said")).to_contain_text("in between")
    await expect(desk.page.get_by_role("button", name="More for this message from Noor Haddad")).to_be_visible()
    await desk.page.unroute_all(behavior="wait")
    await expect(desk.pane.locator(".message").last).to_contain_text("in between")
    await expect(desk.pane.locator(".message")).to_have_count(4)
