"""Stepping through time: to each due moment in turn, letting the app do its work and everything arrive."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from playground.records import Message, User
from playground.shapes import first_line
from playground.things import WorldHooks
from playground.world import World
from playground.zones import zone

SMALLEST = timedelta(milliseconds=1)
PATIENCE = 50


class JumpInProgressError(RuntimeError):
    """The clock is already being moved."""


class Travel:
    """Moves the world's clock; `hooks` hand in the app's timetable, without them only the clock moves."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lock = asyncio.Lock()
        self.hooks: WorldHooks | None = None

    def moment(self, seconds: float) -> str:
        """A moment given in seconds since 1970, as ISO text."""
        return datetime.fromtimestamp(seconds, UTC).isoformat()

    async def next_due(self) -> datetime | None:
        """The next moment at which the app or the playground has something to do."""
        now = self._world.clock.now()
        own = self._world.timetable.next_due()
        theirs = await self.hooks.next_due(now) if self.hooks else None
        return min((each for each in (own, theirs) if each is not None), default=None)

    async def step_next(self) -> datetime:
        """To the next due moment, and through it; without one an hour passes."""
        due = await self.next_due()
        now = self._world.clock.now()
        return await self.step_to(due if due is not None and due > now else now + timedelta(hours=0 if due else 1))

    @property
    def moving(self) -> bool:
        """Whether the clock is being moved."""
        return self._lock.locked()

    async def step_until(self, wanted: Callable[[Message], bool], limit: datetime) -> Message | None:
        """From due moment to due moment until the app says what is wanted; None when the limit came first."""
        found: list[Message] = []

        def seen(message: Message) -> bool:
            if wanted(message):
                found.append(message)
            return bool(found)

        await self.step_to(limit, seen)
        return found[0] if found else None

    async def step_to(self, target: datetime, seen: Callable[[Message], bool] | None = None) -> datetime:
        """Through every due moment up to the target, or the first message that was wanted to be seen."""
        if self._lock.locked():
            raise JumpInProgressError("The clock is already moving.")
        async with self._lock:
            world = self._world
            began = world.clock.now()
            self._begin(began, target)
            try:
                await self._walk(target, seen)
            finally:
                world.stepping = False
                world.stream.tell("jump", None, state="end", **self._span(began, world.clock.now()))
            self._end(began)
            return world.clock.now()

    def _begin(self, began: datetime, target: datetime) -> None:
        self._world.stepping = True
        self._world.stepped.clear()
        self._world.stream.tell("jump", None, state="begin", **self._span(began, max(began, target)))

    def _span(self, start: datetime, end: datetime) -> dict[str, str]:
        return {"from": start.isoformat(), "to": end.isoformat()}

    def _end(self, began: datetime) -> None:
        now = self._world.clock.now()
        self._world.journal.note("clock", f"Time moved on by {_words(now - began)}", detail=self._span(began, now))
        self._world.guide.happened("step")

    async def _walk(self, target: datetime, seen: Callable[[Message], bool] | None) -> None:
        """Stop at each due moment; one that stays due although it was run is left behind after some tries."""
        stuck = 0
        await self._settle()
        while (due := await self.next_due()) is not None and due <= target:
            before = self._world.clock.now()
            if due <= before:
                stuck += 1
                if stuck > PATIENCE:
                    raise RuntimeError(f"The same moment stays due: {due.isoformat()}.")
                due = before + SMALLEST
            else:
                stuck = 0
            landed = await self._arrive(due)
            if seen is not None and any(seen(message) for message in landed):
                return
        await self._arrive(target)

    async def _arrive(self, moment: datetime) -> list[Message]:
        world = self._world
        world.clock.move_to(moment)
        world.stream.tell("clock", None, now=world.clock.now().isoformat())
        if world.save is not None:
            await world.save()  # a killed run must not wake up before what its app has already done
        await world.timetable.run_due()
        if self.hooks is not None:
            await self.hooks.run_until(world.clock.now())
        await self._settle()
        landed = list(world.stepped)
        world.stepped.clear()
        for message in landed:
            self._tell_step(message)
        return landed

    async def _settle(self) -> None:
        await self._world.deliver.settled()
        if self.hooks is not None:
            await self.hooks.drained()
        await self._world.deliver.settled()

    def _tell_step(self, message: Message) -> None:
        world = self._world
        place = world.state.conversations.get(message.channel)
        if place is None:
            return
        people = [message.only_for] if message.only_for else [m for m in place.members if m != world.state.app.user_id]
        reader = world.state.users.get(people[0]) if len(people) == 1 else None
        world.stream.tell(
            "step",
            None,
            **self._when(reader),
            to=people[0] if len(people) == 1 else None,
            line=first_line(message.text),
            channel=message.channel,
            ts=message.ts,
        )

    def _when(self, reader: User | None) -> dict[str, Any]:
        """The moment, which day of the world it is, and for one reader their name and the hour on their own clock.

        Spelt out, since a page that follows a chapter being played does not know that world's people yet.
        """
        team, now = self._world.state.team, self._world.clock.now()
        home = zone(team.home_zone)
        began = datetime.fromtimestamp(team.started, home).date()
        local = now.astimezone(zone(reader.tz) if reader else home)
        return {
            "at": now.isoformat(),
            "day": (now.astimezone(home).date() - began).days + 1,
            "hour": f"{local:%H:%M}",
            "name": reader.name.split(" ")[0] if reader else "",
        }


def _words(span: timedelta) -> str:
    hours, days = span.seconds // 3600, span.days
    if days:
        return f"{days} days and {hours} hours" if hours else f"{days} days"
    return f"{hours} hours" if hours else f"{span.seconds // 60} minutes"
