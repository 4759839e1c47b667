"""The days of a chapter's script: the world's time, moved on until something is due, said or reached."""

from datetime import datetime, timedelta

from playground.driver import MessageInHand, Workspace
from playground.elements import all_elements
from playground.posting import receivers
from playground.records import Message
from playground.travel import Travel
from playground.watch import StillNotSoError
from playground.world import World

MONTH = 31


class Days:
    """What a script does with time; it only ever goes forwards."""

    def __init__(self, world: World, travel: Travel, workspace: Workspace) -> None:
        self._world = world
        self._travel = travel
        self._workspace = workspace

    @property
    def now(self) -> datetime:
        """The world's time, aware UTC."""
        return self._world.clock.now()

    async def pass_by(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> datetime:
        """Through everything due in this span."""
        return await self._travel.step_to(self.now + timedelta(days=days, hours=hours, minutes=minutes))

    async def to(self, moment: datetime) -> datetime:
        """Through everything due up to this moment."""
        return await self._travel.step_to(moment)

    async def next_event(self) -> datetime:
        """To the next due moment, and through it."""
        return await self._travel.step_next()

    async def until(self, who: str, action_id: str, days: float = MONTH) -> MessageInHand:
        """From due moment to due moment until a message holding this action reaches them; an error when none comes."""
        found = await self._walk(who, action_id, days)
        person = self._workspace.person(who)
        if found is None:
            raise StillNotSoError(f"No message with {action_id!r} reached {who} in {days} days. {person.sight()}")
        return MessageInHand(person, found.channel, found.ts)

    async def reach(self, who: str, action_id: str, days: float = MONTH) -> Message | None:
        """The same for the guide: when none comes, the newest that came before and still holds the action will do."""
        found = await self._walk(who, action_id, days)
        if found is None:
            before = self._workspace.person(who).said_by_app()
            found = next((each for each in reversed(before) if _holds(each, action_id)), None)
            if found is not None:
                place = self._world.state.conversations[found.channel]
                self._world.guide.arrived(receivers(place, found), found.blocks)
        return found

    async def _walk(self, who: str, action_id: str, days: float) -> Message | None:
        user_id = self._workspace.person(who).id
        world = self._world

        def wanted(message: Message) -> bool:
            place = world.state.conversations[message.channel]
            return user_id in receivers(place, message) and _holds(message, action_id)

        return await self._travel.step_until(world, wanted, self.now + timedelta(days=days))


def _holds(message: Message, action_id: str) -> bool:
    return any(element.get("action_id") == action_id for _, element in all_elements(message.blocks))
