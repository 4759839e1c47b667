"""Chapters over the page's own door: played by the real app, once, never in the middle of something else."""

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from playground import Chapter, Days, Happening, NotPossibleError, Playground, Step, Target, Workspace
from playground.travel import JumpInProgressError
from tests.playground.page_story import ASKED, STORY, Storyteller, asked_for_noor, nothing, running_story
from tests.playground.page_world import CAST, MANIFEST, MONDAY
from tests.playground.test_local import Page, until

Json = dict[str, Any]


@asynccontextmanager
async def page(**more: Any) -> AsyncIterator[tuple[Page, Storyteller]]:
    """The story with a page open on it, by hand."""
    async with running_story(**more) as teller, aiohttp.ClientSession() as session:
        async with session.get(teller.playground.url + "/") as got:
            key = re.search(r'name="playground-key" content="([^"]+)"', await got.text())
        assert key
        yield Page(teller.playground, session, key[1]), teller


async def guide_of(here: Page) -> Json:
    """The guide as the page reads it."""
    found: Json = (await here.read("state"))["guide"]
    return found


async def test_a_chapter_opens_where_the_real_app_leaves_it() -> None:
    async with page() as (here, teller):
        assert await here.tell("world", {"do": "chapter", "name": "quiet"}) == {"ok": True}
        guide = await guide_of(here)
        assert guide["step"]["key"] == "beside"
        assert guide["step"]["beside"] == here.id("ingrid")
        assert guide["opened"] == {"name": "quiet", "act_as": here.id("noor"), "place": "home"}
        assert guide["touched"] is False
        assert teller.met == 1
        said = [each.summary for each in here.playground.workspace.person("noor").all_messages()]
        assert said == ["I've asked Tomás. I'll write either way.", "Tomás said yes.", "Noted. One tap, not a form."]
        assert (here.playground.clock.now() - MONDAY).days >= 64


async def test_the_chapters_are_listed_with_the_one_that_is_open() -> None:
    async with page() as (here, _):
        chapters = (await guide_of(here))["chapters"]
        assert [each["title"] for each in chapters] == ["A question", "A yes, and a meeting", "It goes quiet", "A wall"]
        assert [each["name"] for each in chapters if each["current"]] == ["asking"]
        await here.tell("world", {"do": "chapter", "name": "meeting"})
        guide = await guide_of(here)
        assert [each["name"] for each in guide["chapters"] if each["current"]] == ["meeting"]
        assert guide["step"]["key"] == "accept"
        assert guide["step"]["chapter"] == "A yes, and a meeting"


async def test_a_chapter_can_be_opened_again_and_after_another() -> None:
    async with page() as (here, teller):
        for name in ("quiet", "meeting", "quiet"):
            assert (await here.tell("world", {"do": "chapter", "name": name}))["ok"]
        assert teller.met == 1
        assert (await guide_of(here))["step"]["key"] == "beside"


async def test_two_requests_for_one_chapter_play_it_once() -> None:
    played: list[int] = []
    gate = asyncio.Event()

    async def slowly(workspace: Workspace, days: Days) -> None:
        del workspace, days
        played.append(1)
        await gate.wait()

    guide = replace(STORY, chapters=(*STORY.chapters, Chapter("slow", "Slowly", slowly, "noor", first="open")))
    async with page() as (here, _):
        here.playground.world.guide.guide = guide
        ask = [asyncio.create_task(here.tell("world", {"do": "chapter", "name": "slow"})) for _ in range(2)]
        await here.playground.workspace.until(lambda: played or None, "the script has begun")
        other = await here.tell("world", {"do": "chapter", "name": "quiet"})
        words = "One moment: the story is being played up to “Slowly”."
        assert other == {"ok": False, "error": words, "code": "already_moving"}
        for body in ({"do": "next"}, {"do": "start_over"}, {"do": "jump", "days": 1}):
            assert (await here.tell("world", body))["error"] == words
        assert (await here.tell("do", {"do": "command", "text": "/mentor find"}, "noor"))["error"] == words
        assert (await here.read("state"))["playing"] == "Slowly"
        with pytest.raises(JumpInProgressError):
            await here.playground.start_over()
        gate.set()
        assert await asyncio.gather(*ask) == [{"ok": True}, {"ok": True}]
        assert played == [1]
        assert (await here.read("state"))["playing"] == ""


async def test_a_page_that_goes_away_does_not_stop_the_story_halfway() -> None:
    async with page() as (here, teller):
        asked = asyncio.create_task(here.tell("world", {"do": "chapter", "name": "quiet"}))
        await here.playground.workspace.until(lambda: here.playground.world.playing or None, "it is being played")
        asked.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asked
        await here.playground.play_chapter("quiet")
        assert teller.met == 1


async def test_an_unknown_chapter_is_answered_with_the_list_and_changes_nothing() -> None:
    async with page() as (here, _):
        before = here.id("noor")
        answer = await here.tell("world", {"do": "chapter", "name": "loud"})
        assert answer["code"] == "unknown_chapter"
        assert "A question, A yes, and a meeting, It goes quiet" in answer["error"]
        assert here.id("noor") == before


async def test_a_chapter_waits_for_a_clock_that_stands_and_an_app_that_runs() -> None:
    async with page() as (here, teller):
        lock = here.playground.travel._lock  # noqa: SLF001  (held by hand, so that nothing is left to chance)
        async with lock:
            assert (await here.tell("world", {"do": "chapter", "name": "quiet"}))["code"] == "already_moving"
        await teller.stop()
        await here.playground.workspace.until(
            lambda: not here.playground.world.deliver.reachable or None, "the app has hung up"
        )
        before = here.id("noor")
        assert (await here.tell("world", {"do": "chapter", "name": "quiet"}))["code"] == "dispatch_failed"
        assert here.id("noor") == before


async def test_a_script_that_cannot_go_on_says_so_and_lets_everybody_act_again() -> None:
    async with page() as (here, _):
        answer = await here.tell("world", {"do": "chapter", "name": "wall"})
        assert answer["code"] == "chapter_stopped"
        assert "“A wall” stopped before its beginning" in answer["error"]
        assert any("never said" in title for title in here.playground.world.journal.titles())
        assert (await here.tell("do", {"do": "command", "text": "/mentor help"}, "noor"))["ok"]
        assert (await here.tell("world", {"do": "chapter", "name": "quiet"}))["ok"]


async def test_pages_hear_of_the_days_and_of_nothing_else_of_a_world_in_the_making() -> None:
    async with page() as (here, _), here.stream() as happenings:
        asked = asyncio.create_task(here.tell("world", {"do": "chapter", "name": "quiet"}))
        began = await until(happenings, "play")
        assert (began["state"], began["title"], began["days"]) == ("begin", "It goes quiet", 64)
        heard: list[Json] = []
        async with asyncio.timeout(20):
            while (found := await happenings.get())["type"] != "play":
                heard.append(found)
        assert await asked == {"ok": True}
        assert {each["type"] for each in heard} == {"jump", "clock", "step"}
        assert [each["line"] for each in heard if each["type"] == "step"] == [
            "reminder, meeting tomorrow",
            "did you meet?",
        ]


async def test_a_quiet_chapter_takes_moments() -> None:
    async with page() as (here, _):
        began = time.monotonic()
        await here.playground.play_chapter("quiet")
        assert time.monotonic() - began < 5, "sixty days and four deeds"


async def test_a_deed_touches_the_story_and_beginning_again_forgets_it() -> None:
    async with page() as (here, _):
        assert (await guide_of(here))["touched"] is False
        await here.tell("do", {"do": "become"}, "tomas")
        assert (await guide_of(here))["touched"] is False
        await here.tell("do", {"do": "command", "text": "/mentor help"}, "noor")
        assert (await guide_of(here))["touched"] is True
        await here.tell("world", {"do": "start_over"})
        guide = await guide_of(here)
        assert (guide["touched"], guide["opened"], guide["index"]) == (False, None, 0)


async def test_the_place_in_the_guide_and_its_chapter_survive_a_restart(tmp_path: Path) -> None:
    async with page(home=tmp_path) as (here, _):
        await here.tell("world", {"do": "chapter", "name": "quiet"})
        before = here.id("noor")
    async with Playground(MANIFEST, CAST, guide=STORY, home=tmp_path) as again:
        view = again.world.guide.view()
        assert view is not None
        assert (view["index"], view["opened"]["name"], view["opened"]["act_as"]) == (8, "quiet", before)
        again.world.guide.turn("restart")
        assert again.world.guide.index == 0


# -- days that pass until somebody is asked --------------------------------------------------------------------


async def test_days_pass_until_the_question_and_not_further() -> None:
    async with page() as (here, teller):
        for _ in range(4):
            here.playground.world.guide.turn("skip")
        await asked_for_noor(teller, 3)
        teller.reminders.append((MONDAY.replace(day=20), "tomas", "much later"))
        step = (await guide_of(here))["step"]
        assert step["target"] == {"kind": "until", "ref": "meet.yes", "who": here.id("noor"), "days": 20}
        answer = await here.tell("world", {"do": "until", "who": here.id("noor"), "ref": "meet.yes", "days": 20})
        message = await here.playground.workspace.person("noor").message(ASKED)
        assert answer["found"] == {"channel": message.channel, "ts": message.ts}
        assert (here.playground.clock.now() - MONDAY).days == 3
        assert (await guide_of(here))["step"]["key"] == "be_noor"


async def test_when_nobody_asks_the_days_end_and_the_step_stays_open() -> None:
    async with page() as (here, _):
        for _ in range(4):
            here.playground.world.guide.turn("skip")
        answer = await here.tell("world", {"do": "until", "who": "noor", "ref": "meet.yes", "days": 5})
        assert answer == {"ok": True, "found": None}
        assert (here.playground.clock.now() - MONDAY).days == 5
        assert (await guide_of(here))["step"]["key"] == "days"


async def test_a_question_that_came_too_early_still_lets_the_path_go_on() -> None:
    async with page() as (here, teller):
        await asked_for_noor(teller)
        await here.tell("world", {"do": "jump", "days": 2})
        for _ in range(4):
            here.playground.world.guide.turn("skip")
        answer = await here.tell("world", {"do": "until", "who": "noor", "ref": "meet.yes", "days": 1})
        assert answer["found"] is not None
        assert (await guide_of(here))["step"]["key"] == "be_noor"


async def test_somebody_else_being_asked_does_not_end_the_wait() -> None:
    async with page() as (here, teller):
        await asked_for_noor(teller)
        answer = await here.tell("world", {"do": "until", "who": "tomas", "ref": "meet.yes", "days": 4})
        assert answer["found"] is None


async def test_looking_at_somebody_beside_one_draws_their_home_and_moves_no_step() -> None:
    async with page() as (here, _):
        await here.tell("do", {"do": "open", "channel": "@app", "tab": "home", "beside": True}, "ingrid")
        state, ingrid = here.playground.world.state, here.id("ingrid")
        await here.playground.workspace.until(lambda: state.home(ingrid), "her Home is drawn")
        as_whom = state.memory.guide_as
        assert as_whom == ""


# -- data that leads nowhere is refused at the start --------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"chapters": (*STORY.chapters, STORY.chapters[0])}, "Two chapters have one name"),
        ({"chapters": (Chapter("lost", "Lost", nothing, "noor"),)}, "No step of the guide begins the chapter 'lost'"),
        ({"chapters": ()}, "opens 'quiet', which is no chapter"),
        ({"ending": (("One", "faults"),) * 4}, "at most 3"),
        ({"ending": (("Press", "javascript:alert(1)"),)}, "neither a web address"),
    ],
)
def test_a_guide_that_leads_nowhere_is_refused(wrong: Json, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        Playground(MANIFEST, CAST, guide=replace(STORY, **wrong))


async def test_without_a_guide_there_is_no_chapter_to_open() -> None:
    async with Playground(MANIFEST, CAST) as bare:
        with pytest.raises(NotPossibleError, match="This app has none"):
            await bare.play_chapter("quiet")


async def test_a_step_that_waits_for_their_own_words_is_not_done_by_the_app() -> None:
    step = Step("say", "noor", "Say hello.", "", Target("command", "hello"), {}, Happening("message", "noor"))
    async with page() as (here, _):
        here.playground.world.guide.guide = replace(STORY, steps=(step,), chapters=())
        await here.tell("do", {"do": "command", "text": "/mentor help"}, "noor")
        assert (await guide_of(here))["index"] == 0
        place = here.playground.workspace.person("noor").deeds.people
        direct = place.app_place(here.playground.workspace.person("noor").user).id
        await here.tell("do", {"do": "say", "channel": direct, "text": "hello"}, "noor")
        assert (await guide_of(here))["done"] is True
