"""A person, as a test plays them."""

from playground.connect import abroad
from playground.deeds import deeds_in
from playground.driver_browser import Browser, Page
from playground.driver_hands import Hands
from playground.driver_seen import MessageInHand, Outcome, ViewInHand, attempt, messages_of_app, with_words
from playground.watch import PATIENCE


class PersonInHand(Hands):
    """Does what a person can do and reads what they see; every wait is on state."""

    # -- deeds -------------------------------------------------------------------------------------------

    async def command(self, text: str, channel: str | None = None) -> Outcome:
        """Run a slash command, in the app's conversation unless another place is named."""
        place = self._place(channel) if channel else ""
        return await attempt(self, lambda: self.deeds.people.command(self.id, text, place))

    async def say(self, text: str, channel: str | None = None, thread: MessageInHand | None = None) -> MessageInHand:
        """Write to the app, or to another place."""
        place = self._place(channel or "@app")
        said = await self.deeds.people.say(self.id, place, text, thread.ts if thread else None)
        return MessageInHand(self, said.channel, said.ts)

    async def open_home(self) -> None:
        """Come to the app's Home."""
        await self.deeds.people.open_place(self.id, "@app", "home")

    async def open_messages(self) -> None:
        """Come to the app's messages."""
        await self.deeds.people.open_place(self.id, "@app", "messages")

    async def use_shortcut(self, callback_id: str) -> Outcome:
        """Use one of the app's global shortcuts."""
        return await attempt(self, lambda: self.deeds.people.shortcut(self.id, callback_id))

    def browser(self) -> Browser:
        """A browser of theirs, with no cookies yet."""
        return Browser(self.world, self.user)

    async def install(self, url: str, *, answer: str = "allow") -> Page:
        """Open the app's own install page, answer the consent page, and come back; the page is the last one seen."""
        browser = self.browser()
        page = await browser.open(url)
        return await browser.decide(page, answer) if page.asks else page

    def _place(self, name: str) -> str:
        """The id of "@app", "@somebody", or a channel."""
        if name == "@app":
            return self.deeds.people.app_place(self.user).id
        if name.startswith("@"):
            other = self.deeds.workspace.user(name[1:])
            return self.world.state.open_direct((self.id, other.id), self.id)[0].id
        return self.deeds.workspace.channel(name).id

    # -- what they see -----------------------------------------------------------------------------------

    def modals(self) -> list[ViewInHand]:
        """Their stack of modals, the top one last; those that another workspace's app opened for them too."""
        theirs = [PersonInHand(each, deeds_in(each), each.state.users[self.id]) for each in abroad(self.world, self.id)]
        hands = [self, *theirs]
        return [ViewInHand(hand, each.id) for hand in hands for each in hand.world.state.modals(self.id)]

    async def modal(
        self, containing: str | None = None, *, callback_id: str | None = None, seconds: float = PATIENCE
    ) -> ViewInHand:
        """The top modal, once there is one (with these words, of this callback_id)."""

        def top() -> ViewInHand | None:
            for each in self.modals()[-1:]:
                words = containing is None or containing in each.text or containing in each.title
                if words and callback_id in {None, each.callback_id}:
                    return each
            return None

        return await self.wait(top, f"has no modal{with_words(containing)}", seconds)

    async def no_modal(self, seconds: float = PATIENCE) -> None:
        """Wait until no modal is open."""
        await self.wait(lambda: True if not self.modals() else None, "still has a modal", seconds)

    async def home(self, containing: str | None = None, seconds: float = PATIENCE) -> ViewInHand:
        """Their Home, once the app has published one (with these words); comes to it first if there is none."""
        if self.world.state.home(self.id) is None:
            await self.open_home()

        def there() -> ViewInHand | None:
            view = self.world.state.home(self.id)
            found = ViewInHand(self, view.id) if view else None
            return found if found and (containing is None or containing in found.text) else None

        return await self.wait(there, f"has no Home{with_words(containing)}", seconds)

    def all_messages(self) -> list[MessageInHand]:
        """Every message of the app they can see anywhere, oldest first."""
        return messages_of_app(self)

    async def messages(self, channel: str = "@app") -> list[MessageInHand]:
        """What was said at one place, by anybody, oldest first."""
        place = self._place(channel)
        said = self.world.state.said_in(place, self.id)
        return [MessageInHand(self, each.channel, each.ts) for each in said]

    async def message(
        self,
        containing: str | None = None,
        after: MessageInHand | str | None = None,
        *,
        channel: str | None = None,
        seconds: float = PATIENCE,
    ) -> MessageInHand:
        """The newest message of the app before them (with these words, after that one), once there is one."""
        since = after.ts if isinstance(after, MessageInHand) else after or ""
        place = None if channel is None else self._place(channel)

        def newest() -> MessageInHand | None:
            for each in reversed(self.all_messages()):
                if each.ts > since and each.has(containing) and place in {None, each.channel}:
                    return each
            return None

        return await self.wait(newest, f"has no message{with_words(containing)}", seconds)

    def moment(self) -> str:
        """A mark in time: pass it as `after` to see only what comes later."""
        return self.world.state.next_ts()
