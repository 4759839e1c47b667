"""One soak: a seed, a world, people and faults by chance, time that flies, and the reckoning at the end."""

import asyncio
import logging
import random
import re
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.commands.assemble import Tokens, start_bot
from bot.commands.world import World
from bot.demo.cast import ORGANISER
from bot.outbox.parcels import key_of
from playground import WorldHooks
from storage.database import Database, Tx
from storage.models.base import Base
from storage.models.digests import DigestLine
from storage.models.members import Member
from storage.models.outbox import OutboxRow
from storage.queries import workspaces
from tests.chaos import soundness
from tests.chaos.soak import delivery
from tests.chaos.soak.neighbour import OURS, Neighbour
from tests.chaos.soak.players import Players
from tests.chaos.soak.trouble import Trouble
from tests.chaos.soak.wire import Wire

T = TypeVar("T")
Row = TypeVar("Row", bound=Base)
LAST, CHANGES, RESTARTS, KILLS = 25, 12, 70, 30
PATIENCE = 8.0
CALM_AFTER = (timedelta(hours=2), timedelta(days=3), timedelta(days=12))
# Minutes that pass between two acts: mostly few, now and then a night, a weekend or more.
PAUSES = ((0, 30), (3, 30), (12, 15), (90, 8), (600, 8), (1500, 5), (4500, 3), (11000, 1))
NOT_IN_TIME = ("operation_timeout", "dispatch_failed")
DEEDS = ("presses at once", "presses", "sends", "closes", "forges", "/mentor", "opens Home", "says")
NAMED = re.compile(r"\b[a-z]+\.[a-z_]+")
# What is said in the log of faults that were planted.
OF_FAULTS = ("The directory could not be read", "What should repeat is late")


class Ears(logging.Handler):
    """Hears every error in the log that is ours, with its traceback."""

    def __init__(self, doing: Callable[[], str]) -> None:
        super().__init__(logging.ERROR)
        self._doing = doing
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        if record.name.split(".")[0] in OURS and not record.getMessage().startswith(OF_FAULTS):
            why = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
            self.heard.append(f"logged: {record.getMessage()} (after: {self._doing()})\n{why}")


@dataclass(slots=True)
class Verdict:
    """What was found, and enough to tell how it came to be."""

    seed: int
    acts: int
    world_days: float
    wrongs: list[str]
    last: list[str]
    figures: Counter[str]

    def __str__(self) -> str:
        lines = [f"seed {self.seed}: {len(self.wrongs)} wrongs after {self.acts} acts and {self.world_days:.0f} days"]
        lines += [f"  ✗ {each}" for each in self.wrongs[:20]]
        lines += ["the last things done:", *(f"  {each}" for each in self.last)] if self.wrongs else []
        lines += [f"  {name}: {count}" for name, count in sorted(self.figures.items())]
        return "\n".join(lines)


class Soak:
    """Plays a world by chance; whoever calls judges what is left."""

    def __init__(self, world: World, seed: int, neighbour: Neighbour | None = None) -> None:
        self.world, self.seed, self.neighbour = world, seed, neighbour
        self.dice = random.Random(seed)  # noqa: S311  (chance, not secrecy)
        self.players, self.trouble = Players(world, self.dice), Trouble(world.playground, self.dice)
        self.told: deque[str] = deque(maxlen=LAST)
        self.wrongs: list[str] = []
        self.figures: Counter[str] = Counter()
        self.wire, self.ears = Wire(self.doing, self.trouble.excuses), Ears(self.doing)
        self.acts = 0
        self._began = world.playground.clock.now()
        world.playground.world.journal.listeners.append(self.wire)
        logging.getLogger().addHandler(self.ears)
        self._falls: asyncio.Task[None] | None = None
        self._hook()

    def doing(self) -> str:
        """The last thing done."""
        return self.told[-1] if self.told else "the beginning"

    async def live(self, seconds: float) -> None:
        """Let people do things under changing faults, for so many real seconds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while loop.time() < until:
            if self.acts % RESTARTS == RESTARTS - 1:
                await self.restart()
            if self.neighbour is not None and self.acts % KILLS == 0:
                self._strike(self.neighbour)
            if self.acts % CHANGES == 0:
                self._tell(f"the weather: {self.trouble.change()}")
            await self.act()
            await self.pass_time()

    async def act(self) -> None:
        """One deed, and what it leads to, or the next one on top of it."""
        self.acts += 1
        was_calm = self.trouble.is_calm and self.world.playground.world.hub.connected and not self._is_shaken()
        told = await self.players.act()
        self._tell(told)
        self.figures[f"act {_kind(told)}"] += 1
        if "bad_response" in told or (was_calm and any(word in told for word in NOT_IN_TIME)):
            self.wrongs.append(f"without any fault: {told}")
        if self.dice.random() < 0.8:
            await self.settle()

    async def restart(self) -> None:
        """Stop the bot in the middle of it all, and start it again: what it owed is in the database alone."""
        self.trouble.clear()
        before, stage = self.world.bot, self.world.playground
        await before.stop()
        self._tell("the bot is restarted")
        self.figures["restarts"] += 1
        tokens = Tokens(stage.api_url, stage.bot_token, stage.app_token)
        organiser = stage.workspace.person(ORGANISER).id
        database = Database(before.database.url)
        after = await start_bot(tokens, database, before.vault, before.clock, (organiser,))
        self.world.bot = after
        self._hook()

    def _hook(self) -> None:
        """Let the clock be moved by the bot's own timetable, and never in the middle of a neighbour's call."""
        keeper = self.world.bot.timekeeper

        async def next_due(now: datetime) -> datetime | None:
            if self.neighbour is not None:
                await self.neighbour.has_nothing_in_hand(self.world.bot.database)
            return await keeper.next_due(now)

        self.world.playground.hooks = WorldHooks(next_due, keeper.run_until, keeper.drained)

    def _is_shaken(self) -> bool:
        """Whether the other process is about to be killed: whoever taps now may wait in vain."""
        return self._falls is not None and not self._falls.done()

    def _strike(self, neighbour: Neighbour) -> None:
        """Kill the other process at some moment of what comes now, and let it begin again."""
        self._tell("the neighbour is about to be killed, and to begin again")
        self._falls = asyncio.ensure_future(neighbour.fall(self.world.bot.database))

    async def settle(self) -> None:
        """Let what is under way arrive."""
        workspace, bot = self.world.playground.workspace, self.world.bot
        await workspace.settled()
        await bot.shell.drain(PATIENCE)
        await workspace.connected(4 * PATIENCE)

    async def pass_time(self) -> None:
        """A little, or much."""
        minutes, weights = zip(*PAUSES, strict=True)
        [most] = self.dice.choices(minutes, weights)
        if most:
            await self.forward(timedelta(minutes=self.dice.uniform(most / 3, most)))

    async def forward(self, delta: timedelta) -> None:
        """Move the clock, through everything due on the way; what stays due for ever is a finding."""
        stage = self.world.playground
        try:
            await stage.step_to(stage.clock.now() + delta)
        except RuntimeError as problem:
            self.wrongs.append(f"{problem} (after: {self.doing()})")
        await self.world.bot.shell.redo_unfinished(timedelta(minutes=1))

    async def calm_down(self) -> None:
        """End all trouble and every silence, and let time go on until nothing may wait any more."""
        self.trouble.clear()
        self._tell("the faults stop")
        if self.neighbour is not None:
            await self._end(self.neighbour)
        await self.settle()
        if await self.ask(lambda s: workspaces.is_silenced(self._tx(s))):
            await self._end_silence()
        for span in CALM_AFTER:
            await self.forward(span)
            await self.settle()

    async def _end(self, neighbour: Neighbour) -> None:
        """Kill the other process for good: what it was at is for the first to find out."""
        if self._falls is not None:
            await self._falls
        neighbour.kill()
        self.figures["kills"], self.figures["kills in the middle of a call"] = neighbour.kills, neighbour.met
        self.wrongs += [each for each in neighbour.errors() if not any(fault in each for fault in OF_FAULTS)]

    async def _end_silence(self) -> None:
        who = self.world.playground.workspace.person(ORGANISER)
        await who.open_home()
        await self.settle()
        await (await who.home()).click("silence.end")
        await self.settle()

    async def reckon(self) -> Verdict:
        """Ask every oracle."""
        state, now = self.world.playground.world.state, self.world.playground.clock.now()
        owed = await self._owed()
        soon = now - timedelta(minutes=5)
        self.wrongs += [*delivery.wrongs(owed, self.wire.posted, state), *delivery.stuck(owed, soon)]
        self.wrongs += await self.ask(lambda s: [*soundness.unsound(s, now), *soundness.unfinished(s)])
        self.wrongs += [*self.wire.raw, *self.wire.refused, *self.ears.heard]
        for _, row in owed.rows:
            self.figures[f"{row.op} {row.state} {row.reason}".strip()] += 1
        self.figures.update(self.wire.counts)
        self.figures.update({f"fault {name}": count for name, count in self.trouble.met.items()})
        days = (now - self._began) / timedelta(days=1)
        return Verdict(self.seed, self.acts, days, self.wrongs, list(self.told), self.figures)

    def close(self) -> None:
        """Listen no more."""
        logging.getLogger().removeHandler(self.ears)

    async def _owed(self) -> delivery.Owed:
        def gather(session: Session) -> delivery.Owed:
            tx = self._tx(session)
            rows = [(key_of(tx, row), row) for row in session.scalars(select(OutboxRow))]
            return delivery.Owed.of(
                rows, list(session.scalars(select(Member))), list(session.scalars(select(DigestLine)))
            )

        return await self.ask(gather)

    async def ask(self, question: Callable[[Session], T]) -> T:
        """Ask the bot's database."""
        return await asyncio.wrap_future(self.world.bot.database.read(question))

    def _tx(self, session: Session) -> Tx:
        bot = self.world.bot
        return Tx(session, self.world.workspace_id, bot.clock.now(), bot.vault)

    def _tell(self, words: str) -> None:
        self.told.append(f"{self.world.playground.clock.now():%a %d %b %H:%M} {words}")


def _kind(told: str) -> str:
    """An act without its names, for counting: the deed, and the feature it was of."""
    deed = next((word for word in DEEDS if word in told), "fate")
    named = NAMED.search(told)
    return f"{deed} {named[0]}" if named else deed
