"""Opening a chapter: the world begins again and a script acts in it, through the real app, until the chapter begins."""

import asyncio
from collections.abc import Awaitable, Callable

from playground.days import Days
from playground.driver import Workspace
from playground.refusals import NotPossibleError
from playground.things import Chapter
from playground.travel import JumpInProgressError, Travel
from playground.world import World

# what open pages are told of a world in the making
TOLD = frozenset({"play", "jump", "clock", "step", "connection"})
# how a script goes wrong: the app did not do what it expected, or it named something that isn't there
WRONG = (AssertionError, NotPossibleError, LookupError, RuntimeError, ValueError)


class Chapters:
    """Plays one chapter at a time; who asks for the same one meanwhile waits for that one."""

    def __init__(
        self, world: World, travel: Travel, workspace: Workspace, begin_again: Callable[[], Awaitable[None]]
    ) -> None:
        self._world = world
        self._travel = travel
        self._workspace = workspace
        self._begin_again = begin_again
        self._task: asyncio.Task[None] | None = None
        self._name = ""

    async def play(self, name: str) -> None:
        """Up to the beginning of this chapter; goes on to its end even when nobody waits for it any more."""
        chapter = self.named(name)
        if self._task is None:
            self._refuse_if_moving()
            self._world.playing = chapter.title
            self._name = name
            self._task = asyncio.create_task(self._play(chapter))
        elif self._name != name:
            raise JumpInProgressError(waiting_words(self._world.playing))
        await asyncio.shield(self._task)

    def named(self, name: str) -> Chapter:
        """The chapter of this name."""
        guide = self._world.guide.guide
        all_of_them = guide.chapters if guide else ()
        found = next((each for each in all_of_them if each.name == name), None)
        if found is None:
            known = ", ".join(each.title for each in all_of_them)
            there = f"There are: {known}." if known else "This app has none."
            raise NotPossibleError("unknown_chapter", f"There is no chapter called “{name}”. {there}")
        return found

    def _refuse_if_moving(self) -> None:
        if self._travel.moving:
            raise JumpInProgressError("The clock is still moving. Ask again when it stands.")
        if not self._world.deliver.reachable:
            raise NotPossibleError("dispatch_failed", "The app isn't running, and a chapter is played by the real one.")

    async def _play(self, chapter: Chapter) -> None:
        world = self._world
        world.stream.tell("play", None, state="begin", name=chapter.name, title=chapter.title, days=chapter.days)
        world.stream.only = TOLD
        world.journal.note("clock", f"Playing up to the chapter “{chapter.title}”")
        try:
            with world.guide.unheard():
                await self._begin_again()
                await chapter.play(self._workspace, Days(world, self._travel, self._workspace))
                await world.deliver.settled()
            world.guide.open_chapter(chapter)
        except WRONG as problem:
            raise self._failed(chapter, problem) from problem
        finally:
            if world.save is not None:
                await world.save()
            self._task, world.playing, world.stream.only = None, "", None
            world.stream.tell("play", None, state="end", name=chapter.name)

    async def close(self) -> None:
        """End what is being played: the playground stops."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _failed(self, chapter: Chapter, problem: Exception) -> NotPossibleError:
        self._world.journal.note("clock", f"The chapter “{chapter.title}” stopped: {problem}"[:2000], status="failed")
        return NotPossibleError(
            "chapter_stopped",
            f"“{chapter.title}” stopped before its beginning; Traffic says where. The workspace is as it was then.",
        )


def waiting_words(title: str) -> str:
    """What is said to whoever does something meanwhile."""
    return f"One moment: the story is being played up to “{title}”."
