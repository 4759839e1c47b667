"""The guide's chapters: each is played by the real bot, deed by deed, so that a link opens the story anywhere in it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from bot.demo import story
from bot.demo.stage import Days, People

Play = Callable[[People, Days], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ChapterOfStory:
    """One chapter: how it comes to its beginning, who one is then and where, and about how many days that takes."""

    name: str
    title: str
    play: Play
    act_as: str = "noor"
    place: Literal["home", "messages"] = "messages"
    days: int = 0


async def _nothing(people: People, days: Days) -> None:
    """The story's own beginning."""


async def _weeks(people: People, days: Days) -> None:  # noqa: ARG001  (time stands until the hour is taken)
    await story.ask(people, "noor", "Tomás")
    await story.say_yes(people, "tomas", "noor", "Noor Haddad")


async def _first_month(people: People, days: Days) -> None:
    await story.begin(people, days)
    await story.sign(people)
    await story.met(days)


async def _quiet(people: People, days: Days) -> None:
    await _first_month(people, days)
    await days.until("noor", "relationships.in_touch", 60)


async def _seen(people: People, days: Days) -> None:
    await _first_month(people, days)
    await story.plan(people, days)
    await days.pass_by(days=9)
    await people.person("ingrid").open_home()
    await people.person("noor").open_home()


async def _six(people: People, days: Days) -> None:
    await story.to_month_six(people, days)
    await people.person("noor").open_home()


async def _peers(people: People, days: Days) -> None:
    await story.join_peers(people, ("noor", "amara", "kenji", "sofia", "lucas"))
    await days.until("noor", "rounds.met", 20)
    await people.person("noor").open_home()


CHAPTERS = (
    ChapterOfStory("yes", "From a question to a yes", _nothing, place="home"),
    ChapterOfStory("weeks", "The first weeks", _weeks, act_as="tomas"),
    ChapterOfStory("quiet", "It goes quiet", _quiet, days=45),
    ChapterOfStory("seen", "What organisers see", _seen, place="home", days=16),
    ChapterOfStory("six", "Month six", _six, place="home", days=163),
    ChapterOfStory("out", "This isn't working", _quiet, days=45),
    ChapterOfStory("peers", "Peers", _peers, place="home", days=14),
)
