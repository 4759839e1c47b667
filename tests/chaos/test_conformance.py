"""The simulator's shell does what the real courier does: one script, two casts, the same story line by line."""

from datetime import datetime
from itertools import chain

import pytest

from bot.outbox.machine import Event, NotSent, Unclear
from tests.builders import House
from tests.chaos.lives import POINTS
from tests.chaos.played import Answer, Life, Message, Parcel, Played
from tests.chaos.scripts import RealStage, Script, act_played

SCRIPTS, ALL_SCRIPTS = 40, 1_000


@pytest.mark.timeout(1200)
async def test_the_played_courier_tells_the_story_of_the_real_one(house: House, full: bool) -> None:  # noqa: FBT001  (pytest hands it over)
    stage = RealStage(house)
    for seed in range(ALL_SCRIPTS if full else SCRIPTS):
        script = Script.by_chance(seed)
        assert act_played(script) == await stage.act(script), f"script {seed}: {script}"


def test_the_scripts_come_to_every_point_and_every_answer() -> None:
    scripts = [Script.by_chance(seed) for seed in range(SCRIPTS)]
    story = list(chain.from_iterable(act_played(script) for script in scripts))
    assert {line.removeprefix("at ") for line in story if line.startswith("at ")} == set(POINTS)
    assert {answer for script in scripts for answer, _ in script.answers} == set(Answer)
    for happened in ("post ", "update ", "open_group ", "post_to ", " again", "open for", "look for"):
        assert any(happened in line for line in story if not line.startswith("at ")), happened
    for state in ("pending", "sending", "unknown", "done", "dropped", "dead"):
        assert any(f" {state} " in line for line in story), state


class Hurried(Played):
    """Reads its clock anew where the courier keeps to the moment its turn began."""

    def _begin(self, now: datetime) -> tuple[Parcel | None, bool]:
        return super()._begin(max(now, self._clock()))


class Doubtful(Played):
    """Takes "not now" for a doubt."""

    def _meaning(self, answer: Answer) -> Event:
        event = super()._meaning(answer)
        return Unclear(self.me) if event == NotSent(self.me) else event


class Pointless(Played):
    """Skips what is written down of a problem, as far as its points tell."""

    def _write_down(self, message: Message, answer: Answer) -> Life:
        told = super()._write_down(message, answer)
        return (step for step in told if step[0] != "after writing a problem")


class Fickle(Played):
    """Says the newest in a post that was tried before."""

    def _words(self, message: Message) -> int:
        return message.subject.version


@pytest.mark.parametrize("play", [Hurried, Doubtful, Pointless, Fickle])
async def test_a_shell_that_does_otherwise_is_noticed(house: House, play: type[Played]) -> None:
    stage = RealStage(house)
    for seed in range(SCRIPTS):
        script = Script.by_chance(seed)
        if (told := act_played(script, play)) != act_played(script):
            assert told != await stage.act(script)
            return
    pytest.fail("no script tells them apart")
