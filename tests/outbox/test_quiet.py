"""What is done unasked steps back while somebody waits for an answer, and not for ever."""

import asyncio

import pytest

from bot import quiet as manners
from bot.quiet import Quiet
from tests.builders import SECONDS

pytestmark = pytest.mark.usefixtures("patient")


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody loses patience."""
    monkeypatch.setattr(manners, "PATIENCE", SECONDS)


async def test_it_comes_when_the_last_of_them_has_an_answer() -> None:
    quiet = Quiet()
    await asyncio.wait_for(quiet.comes(), 1)
    with quiet.kept_waiting():
        with quiet.kept_waiting():
            coming = asyncio.create_task(quiet.comes())
        await asyncio.sleep(0)
        assert not coming.done()
    await asyncio.wait_for(coming, 1)


async def test_somebody_who_is_turned_away_with_an_error_is_waited_for_no_longer() -> None:
    quiet = Quiet()
    with pytest.raises(LookupError), quiet.kept_waiting():
        raise LookupError
    await asyncio.wait_for(quiet.comes(), 1)
