"""Four Mondays: what a mentee, her mentor and an organiser read, and that an empty week sends nothing."""

import pytest

from bot.demo import story
from tests.journeys.conftest import Start
from tests.journeys.stories import begin
from tests.journeys.transcript import Transcript, is_golden


async def test_four_weeks_of_digests(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    world, days = await begin(start, monkeypatch)
    people = world.playground.workspace
    await story.begin(people, days)
    await story.sign(people)
    told = Transcript(world, "noor", "tomas", "grace", "ingrid")
    for week in range(4):
        told.title(f"Week {week + 1}")
        if week == 0:
            await story.met(days)
            await story.plan(people, days)
        await days.pass_by(days=7)
    digests = [line for line in told.text.splitlines() if "Your week" in line]
    assert digests
    assert is_golden("digests", told.text)
