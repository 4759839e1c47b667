"""Every kind of input, filled in as a person does, arrives at the app in the workspace's own shapes."""

from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.playground.page_desk import Desk

pytest_plugins = ["tests.playground.page_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def open_everything(desk: Desk) -> Locator:
    """The modal with one input of each kind."""
    box = await desk.go_to("general")
    await box.fill("/mentor everything")
    await box.press("Enter")
    await expect(desk.dialog).to_be_visible()
    return desk.dialog


async def send(desk: Desk) -> dict[str, Any]:
    """Submit, and what the app received, without the types."""
    await desk.dialog.get_by_role("button", name="Send").click()
    await expect(desk.dialog).to_have_count(0)
    return {
        name: next((held for key, held in entry.items() if key not in {"type", "timezone"}), None)
        for name, entry in desk.mentor.received.items()
    }


async def test_what_is_left_alone_arrives_as_it_was(desk: Desk) -> None:
    await open_everything(desk)
    received = await send(desk)
    assert received["untouched"] == "as it was"
    assert received["one"]["value"] == "red"
    assert [each["value"] for each in received["ticks"]] == ["green"]
    assert (received["email"], received["dots"], received["moment"]) == (None, None, None)
    assert (received["several"], received["people"], received["finds"]) == ([], [], [])


async def test_typed_and_picked_values_arrive(desk: Desk) -> None:
    modal = await open_everything(desk)
    await modal.get_by_label("email").fill("noor@example.org")
    await modal.get_by_label("web").fill("https://example.org/x")
    await modal.get_by_label("number").fill("7")
    await modal.get_by_label("rich").fill("*plain* words")
    await modal.get_by_label("date").fill("2040-04-02")
    await modal.get_by_label("time", exact=False).first.fill("09:30")
    await modal.get_by_label("moment").fill("2040-07-02T09:30")
    received = await send(desk)
    assert (received["email"], received["web"], received["number"]) == (
        "noor@example.org",
        "https://example.org/x",
        "7",
    )
    assert received["rich"]["elements"][0]["elements"] == [{"type": "text", "text": "*plain* words"}]
    assert (received["date"], received["time"]) == ("2040-04-02", "09:30")
    assert received["moment"] == 2224830600, "09:30 in Lisbon's summer is 08:30 UTC"


async def test_chosen_values_arrive(desk: Desk) -> None:
    modal = await open_everything(desk)
    await modal.get_by_label("one").select_option("blue")
    await modal.get_by_role("radiogroup", name="dots").get_by_label("Green").check()
    await modal.get_by_role("group", name="ticks").get_by_label("Red").check()
    await modal.locator("[data-block=several] summary").click()
    for colour in ("Red", "Blue"):
        await modal.get_by_role("group", name="several").get_by_label(colour).check()
    await expect(modal.get_by_role("group", name="several").get_by_label("Green")).to_be_disabled()
    await modal.get_by_label("person").select_option(label="Grace Okafor")
    await modal.locator("[data-block=people] summary").click()
    await modal.get_by_role("group", name="people").get_by_label("Ingrid Dahl").check()
    await modal.get_by_label("place").select_option(label="# general")
    await modal.get_by_label("talk").select_option(label="# general")
    received = await send(desk)
    assert (received["one"]["value"], received["dots"]["value"]) == ("blue", "green")
    assert [each["value"] for each in received["ticks"]] == ["red", "green"]
    assert [each["value"] for each in received["several"]] == ["red", "blue"]
    assert received["person"] == desk.mentor.id_of("grace")
    assert received["people"] == [desk.mentor.id_of("ingrid")]
    assert received["place"] == received["talk"]


async def test_choices_the_app_gives_while_one_types_arrive(desk: Desk) -> None:
    modal = await open_everything(desk)
    found = modal.get_by_role("combobox", name="found")
    await found.press_sequentially("s")
    await expect(modal.get_by_role("listbox")).to_contain_text("Type 2 or more letters.")
    await found.press_sequentially("ql")
    await expect(modal.get_by_role("option", name="Sql 2")).to_be_visible()
    await found.press("ArrowDown")
    await found.press("Enter")
    await expect(found).to_have_value("Sql 2")
    finds = modal.get_by_role("combobox", name="finds")
    await finds.focus()
    await modal.get_by_role("option", name="Nothing 1").click()
    await expect(modal.get_by_role("button", name="Remove Nothing 1")).to_be_visible()
    received = await send(desk)
    assert received["found"]["value"] == "sql 2"
    assert [each["value"] for each in received["finds"]] == ["nothing 1"]


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("email", "nobody", "That doesn't look like an e-mail address."),
        ("web", "ftp://x", "That doesn't look like a web address."),
        ("number", "0", "Write 1 or more."),
    ],
)
async def test_a_wrong_value_is_told_beside_its_field_and_sent_to_nobody(
    desk: Desk, field: str, typed: str, told: str
) -> None:
    modal = await open_everything(desk)
    await modal.get_by_label(field).fill(typed)
    await modal.get_by_role("button", name="Send").click()
    await expect(modal.locator(f".b-input:has([data-block={field}]) .error")).to_contain_text(told)
    await expect(modal.get_by_label(field)).to_be_focused()
    assert desk.mentor.received == {}
