"""People who do plausible and implausible things with whatever is before them, one after another or at once."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.commands.world import World
from bot.demo.cast import ORGANISER
from playground import NotPossibleError, interactions
from playground.driver import PersonInHand
from playground.driver_blocks import buttons_in, raw_values
from playground.driver_seen import Outcome, attempt
from playground.elements import options_of
from playground.records import Json, Message, View
from playground.things import Person
from tests.chaos.soak.fields import Typist

COMMANDS = (
    "find",
    "find data analysis",
    "profile",
    "settings",
    "peers",
    "introduce",
    "help",
    "",
    "leave",
    "fnid",
    "?",
    "quit",
    "<!here> None",
)
ZONES = ("Asia/Tokyo", "America/New_York", "Europe/Lisbon", "Pacific/Apia", "UTC")
NEWEST, FEWEST, NEW_MOST = 6, 6, 4
GOING = 0.25
A_PAIR = "relationships.show"  # behind it lies all that two people do


@dataclass(frozen=True, slots=True)
class Spot:
    """One button or menu choice somewhere: where it is, and what pressing it sends."""

    place: Json
    block_id: str
    action_id: str
    raw: Json
    where: Message | View
    element: Json


class Players:
    """Everybody of the workspace, played by chance."""

    def __init__(self, world: World, dice: random.Random) -> None:
        self._world, self._dice = world, dice
        self._stage = world.playground
        self._typist = Typist(dice, self._stage.world.state)
        self._newcomers = 0
        self._known: Counter[str] = Counter()
        self._acts: tuple[tuple[int, Callable[[PersonInHand], Awaitable[str]]], ...] = (
            (6, self._command),
            (22, self._press_message),
            (15, self._press_home),
            (3, self._say),
            (3, self._press_twice),
            (2, self._press_anothers),
            (1, self._fate),
            (1, self._organise),
        )

    async def act(self) -> str:
        """Let somebody do something; what it was, in words."""
        who = self._somebody()
        if who is None:
            return "nobody is left"
        if self._dice.random() < 0.75 and (busy := self._at_a_form()) is not None:
            return await self._go_on(busy)
        acts = [act for _, act in self._acts]
        [act] = self._dice.choices(acts, [weight for weight, _ in self._acts])
        return await act(who)

    # -- who ---------------------------------------------------------------------------------------------

    def _here(self) -> list[PersonInHand]:
        workspace = self._stage.workspace
        return [workspace.person(user.id) for user in self._stage.world.state.people() if not user.deleted]

    def _somebody(self) -> PersonInHand | None:
        here = self._here()
        return self._dice.choice(here) if here else None

    def _at_a_form(self) -> PersonInHand | None:
        busy = [each for each in self._here() if each.modals()]
        return self._dice.choice(busy) if busy else None

    # -- commands and words ------------------------------------------------------------------------------

    async def _command(self, who: PersonInHand) -> str:
        words = self._dice.choice(COMMANDS)
        return _told(who, f"/mentor {words}", await who.command(f"/mentor {words}"))

    async def _say(self, who: PersonInHand) -> str:
        words = self._typist.words(0.6)
        try:
            await who.say(words)
        except NotPossibleError as problem:
            return _told(who, "says", Outcome(who, "", problem.code))
        return f"{who.user.name} says something"

    # -- buttons -----------------------------------------------------------------------------------------

    async def _press_message(self, who: PersonInHand) -> str:
        spot = self._spot_in_messages(who)
        return await self._press(who, spot) if spot else await self._command(who)

    async def _press_home(self, who: PersonInHand) -> str:
        home = self._stage.world.state.home(who.id)
        if home is None or self._dice.random() < 0.3:
            await who.open_home()
            return f"{who.user.name} opens Home"
        spots = _spots(home, self._dice)
        pairs = [spot for spot in spots if spot.action_id == A_PAIR]
        chosen = pairs if pairs and self._dice.random() < 0.6 else spots
        return await self._press(who, self._pick(chosen)) if chosen else f"{who.user.name} looks at Home"

    async def _press(self, who: PersonInHand, spot: Spot) -> str:
        return _told(who, f"presses {spot.action_id}", await self._pressed(who, spot))

    async def _pressed(self, who: PersonInHand, spot: Spot) -> Outcome:
        clicks = who.deeds.clicks
        return await attempt(
            who, lambda: clicks.click(who.id, spot.place, spot.block_id, spot.action_id, dict(spot.raw))
        )

    def _pick(self, spots: list[Spot]) -> Spot:
        """What was seldom pressed so far comes first, so that a story goes deep."""
        [spot] = self._dice.choices(spots, [(1 + self._known[each.action_id]) ** -1.5 for each in spots])
        self._known[spot.action_id] += 1
        return spot

    def _spot_in_messages(self, who: PersonInHand) -> Spot | None:
        """A button of a message: mostly a new one, now and then one that is very old."""
        said = [each for each in who.said_by_app() if buttons_in(each.blocks or [])]
        if not said:
            return None
        some = said[-NEWEST:] if self._dice.random() < 0.8 else [self._dice.choice(said)]
        return self._pick([spot for message in some for spot in _spots(message, self._dice)])

    async def _press_twice(self, who: PersonInHand) -> str:
        """The same button twice at once, or two of one message at once."""
        spot = self._spot_in_messages(who)
        if spot is None:
            return await self._command(who)
        others = [spot, *_spots(spot.where, self._dice)]
        both = (spot, self._pick(others))
        outcomes = await asyncio.gather(*(self._pressed(who, each) for each in both))
        names = " and ".join(each.action_id for each in both)
        return _told(who, f"presses at once {names}", *outcomes)

    async def _press_anothers(self, who: PersonInHand) -> str:
        """Somebody else's button, as only somebody who forges a click could press it."""
        others = [each for each in self._here() if each.id != who.id]
        spot = self._spot_in_messages(self._dice.choice(others)) if others else None
        if spot is None or not isinstance(spot.where, Message):
            return await self._command(who)
        clicked = {key: spot.element[key] for key in ("type", "action_id", "text", "value") if key in spot.element}
        action = clicked | {"block_id": spot.block_id, "action_ts": self._stage.world.state.next_ts()}
        payload = interactions.click_in_message(self._stage.world, who.user, spot.where, action)
        await self._stage.world.deliver.ask("interactive", payload, (who.id,))
        return f"{who.user.name} forges another's {spot.action_id}"

    # -- forms -------------------------------------------------------------------------------------------

    async def _go_on(self, who: PersonInHand) -> str:
        """Go on with the form on top: fill and send, press something in it, or close it."""
        view, chance = who.modals()[-1], self._dice.random()
        name = view.callback_id or view.title
        spots = _spots(view.record, self._dice)
        if chance < 0.08 or (not view.submit_label and not spots):
            await view.close(everything=self._dice.random() < 0.3)
            return f"{who.user.name} closes {name}"
        if spots and (chance < 0.4 or not view.submit_label):
            return await self._press(who, self._pick(spots))
        sense = self._dice.choice((1.0, 1.0, 1.0, 0.85, 0.4))
        self._fill(who, view.record, self._typist.answers(view.blocks, self._stage.clock.now(), sense))
        sendings = [view.submit()] if self._dice.random() < 0.9 else [view.submit(), view.submit()]
        outcomes = await asyncio.gather(*sendings)
        return _told(who, f"sends {name}", *outcomes)

    def _fill(self, who: PersonInHand, view: View, answers: Json) -> None:
        for block_id, answer in answers.items():
            values = raw_values(view.content["blocks"], {block_id: answer}, lambda key: key)
            try:
                who.deeds.clicks.note_values(who.user, view, values)
            except NotPossibleError:
                continue  # what a client does not let anybody choose

    # -- fate --------------------------------------------------------------------------------------------

    async def _fate(self, who: PersonInHand) -> str:
        """Somebody goes, comes back, moves, becomes a guest, is renamed, or is new."""
        dice, key = self._dice, who.user.key
        if dice.random() < GOING and key != ORGANISER and len(self._here()) > FEWEST:
            self._stage.workspace.deactivate(key)
            return f"{key} is deactivated"
        return dice.choice((self._comes_back, self._comes_back, self._moves, self._changes, self._is_new))(key)

    def _comes_back(self, key: str) -> str:
        gone = [each.key for each in self._stage.world.state.people() if each.deleted]
        if not gone:
            return self._moves(key)
        back = self._dice.choice(gone)
        self._stage.workspace.restore(back)
        return f"{back} is restored"

    def _moves(self, key: str) -> str:
        zone = self._dice.choice(ZONES)
        self._stage.workspace.set_zone(key, zone)
        return f"{key} moves to {zone}"

    def _changes(self, key: str) -> str:
        if self._dice.random() < GOING:
            name = self._typist.words(0.9)[:60].strip() or "Somebody"
            self._stage.workspace.rename(key, name)
            return f"{key} is renamed"
        is_guest = key != ORGANISER and self._dice.random() < GOING
        self._stage.workspace.make_guest(key, guest=is_guest)
        return f"{key} is a guest" if is_guest else f"{key} is a member"

    def _is_new(self, key: str) -> str:
        if self._newcomers >= NEW_MOST:
            return self._moves(key)
        self._newcomers += 1
        name = f"Newcomer {self._newcomers}"
        self._stage.workspace.welcome(Person(f"new{self._newcomers}", name, "New here", self._dice.choice(ZONES)))
        return f"{name} joins the workspace"

    async def _organise(self, _: PersonInHand) -> str:
        """The organiser presses one of what only they have on their Home."""
        who = self._stage.workspace.person(ORGANISER)
        if who.user.deleted:
            return "the organiser is gone"
        home = self._stage.world.state.home(who.id)
        if home is None:
            await who.open_home()
            return "the organiser opens Home"
        spots = [each for each in _spots(home, self._dice) if each.action_id.startswith("silence.")]
        return await self._press(who, self._pick(spots)) if spots else "the organiser finds nothing to press"


def _seen(where: Message | View) -> tuple[list[Json], Json]:
    """Its blocks, and how a click names the place."""
    if isinstance(where, Message):
        return where.blocks or [], {"message": {"channel": where.channel, "ts": where.ts}}
    return where.content.get("blocks") or [], {"view": where.id}


def _spots(where: Message | View, dice: random.Random) -> list[Spot]:
    """Everything that can be pressed there; of a menu, one choice of it."""
    blocks, place = _seen(where)
    found = []
    for each in buttons_in(blocks):
        raw: Json = {}
        if each.element["type"] == "overflow":
            raw = {"option": dice.choice(options_of(each.element))["value"]}
        found.append(Spot(place, each.block_id, each.action_id, raw, where, each.element))
    return found


def _told(who: PersonInHand, what: str, *outcomes: Outcome) -> str:
    errors = [each.error for each in outcomes if each.error]
    return f"{who.user.name} {what}" + (f" ({', '.join(errors)})" if errors else "")
