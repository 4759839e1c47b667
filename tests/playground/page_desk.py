"""One page open on one world, and the few things every test does with it."""

from dataclasses import dataclass, field

from playwright.async_api import Locator, Page, expect

from tests.playground.page_world import Mentor


@dataclass(slots=True)
class Desk:
    """One page open on one world; `wrongs` collects script errors, refusals by the policy and foreign requests."""

    page: Page
    mentor: Mentor
    wrongs: list[str] = field(default_factory=list)

    @property
    def pane(self) -> Locator:
        """The pane of the person one is."""
        return self.page.locator("main [data-pane]")

    @property
    def dialog(self) -> Locator:
        """The open modal."""
        return self.page.locator("main").get_by_role("dialog")

    def button(self, words: str) -> Locator:
        """A button of one's own pane."""
        return self.pane.get_by_role("button", name=words, exact=True)

    async def ask_for_a_mentor(self, goal: str = "One dashboard", topic: str = "Data") -> None:
        """From Home through the modal's two questions, up to Send."""
        await self.button("Find a mentor").click()
        await self.dialog.get_by_label("What would you like to learn?").fill(topic)
        await self.dialog.get_by_label("One goal").fill(goal)
        await self.dialog.get_by_role("button", name="Send").click()

    async def be(self, name: str) -> None:
        """Become somebody by the switcher."""
        await self.page.locator("[data-people]").click()
        await self.page.get_by_role("menuitemradio", name=name).click()
        await expect(self.page.locator("[data-people]")).to_contain_text(name.partition(" ")[0])

    async def go_to(self, channel: str) -> Locator:
        """Open a channel and hand back the box to write in."""
        places = self.mentor.playground.world.state.conversations.values()
        found = next(each for each in places if each.name == channel)
        await self.page.goto(f"{self.mentor.playground.url}/#/c/{found.id}")
        return self.page.get_by_label(f"Message to # {channel}")
