"""Fair lanes and an absent Slack, in virtual time: the real courier and database; Slack and the clock are played.

Slack's limits are enforced by the one who plays it: so many messages a minute in a workspace, Retry-After beyond that.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clock import Clock
from bot.outbox.courier import Courier
from bot.outbox.entries import Entry
from bot.outbox.pace import PROBE_EVERY
from bot.outbox.rows import Rows
from bot.rules.news import KINDS
from bot.slack.blocks import Message
from bot.slack.text import md
from storage.database import Database, Tx
from storage.models.outbox import Lane, OutboxRow, RowState, Urgency
from storage.models.workspaces import Workspace
from storage.queries import members, outbox, workspaces
from storage.vault import Vault, new_key
from tests.builders import MONDAY, SECONDS, House
from tests.speaking import Everywhere

PLAIN = {kind: Entry(lambda *_: True, lambda *_: Message(md("News."), ())) for kind in KINDS}
A_MINUTE = 300
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
VAULT = Vault(new_key())


@dataclass
class Slack:
    """Slack as the courier sees it, on a clock the test moves; `away` decides what breaks."""

    now: datetime = MONDAY
    a_minute: int = A_MINUTE
    posts: list[tuple[datetime, str, str]] = field(default_factory=list)
    too_fast: list[tuple[datetime, str]] = field(default_factory=list)
    unheeded: list[tuple[datetime, str]] = field(default_factory=list)
    calls: int = 0
    away: Callable[[datetime], Exception | None] = lambda _: None
    held: dict[str, datetime] = field(default_factory=dict)
    _recent: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))

    async def chat_postMessage(self, *, channel: str, metadata: Any, **_: Any) -> dict[str, str]:  # noqa: N802  (Slack's name)
        """Take a message, unless it comes too fast."""
        self.calls += 1
        if problem := self.away(self.now):
            raise problem
        place = channel[1:5]
        if place in self.held and self.now < self.held[place]:
            self.unheeded.append((self.now, place))
        recent = [at for at in self._recent[place] if self.now - at < timedelta(minutes=1)]
        if len(recent) >= self.a_minute:
            self.too_fast.append((self.now, place))
            self.held[place] = self.now + 10 * SECOND
            raise _answer("ratelimited", 429, {"Retry-After": "10"})
        self._recent[place] = [*recent, self.now]
        self.posts.append((self.now, channel, metadata["event_payload"]["key"]))
        return {"channel": channel, "ts": f"{self.now.timestamp():.6f}"}

    async def conversations_open(self, *, users: str) -> dict[str, Any]:
        """Always the same chat for the same person."""
        return {"channel": {"id": f"D{users}"}}

    async def conversations_history(self, *, channel: str, **_: Any) -> dict[str, Any]:
        """What stands there."""
        if problem := self.away(self.now):
            raise problem
        said = [
            {"ts": "1.1", "metadata": {"event_payload": {"key": key}}} for _, at, key in self.posts if at == channel
        ]
        return {"messages": said, "response_metadata": {}}


def _answer(code: str, status: int, headers: dict[str, str]) -> SlackApiError:
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data={"ok": False, "error": code},
        headers=headers,
        status_code=status,
    )
    return SlackApiError(code, response)  # type: ignore[no-untyped-call]  # the package leaves it untyped


def settle(database: Database, place: str, people: int) -> list[str]:
    """A workspace with some people in it."""

    def deed(session: Any) -> list[str]:
        tx = Tx(session, place, MONDAY, VAULT)
        workspaces.remember(session, Workspace(id=place, name="", bot_user_id="UBOT", known_since=MONDAY))
        facts: dict[str, Any] = {"title": "", "zone": "UTC", "is_bot": False, "is_guest": False, "is_stranger": False}
        found = []
        for number in range(people):
            person = members.Person(
                slack_id=f"{place}{number}", name="", is_gone=False, is_primary_owner=False, **facts
            )
            found.append(members.remember(tx, person).id)
        return found

    return database.write(deed).result(SECONDS)


def owe(
    database: Database, place: str, people: list[str], count: int, at: datetime, lane: Lane, kind: str = "help.typed"
) -> None:
    """So many messages to these people in turn."""

    def deed(session: Any, numbers: range) -> None:
        tx = Tx(session, place, at, VAULT)
        for number in numbers:
            news = outbox.News(
                kind=kind,
                urgency=Urgency.ANSWER,
                member_id=people[number % len(people)],
                subject_id=f"{number}",
                key=f"{lane}:{at.isoformat()}:{number}",
                due_at=at,
                lane=lane,
            )
            outbox.owe(tx, news)

    for start in range(0, count, 500):
        numbers = range(start, min(start + 500, count))
        database.write(lambda s, numbers=numbers: deed(s, numbers)).result(SECONDS)  # type: ignore[misc]  # a loop's own


async def run(
    slack: Slack, couriers: list[Courier], until: datetime, also: list[tuple[datetime, Callable[[], None]]]
) -> None:
    """Move the clock from one moment at which anything is due to the next."""
    coming = list(enumerate(also))
    heapq.heapify(coming)
    queue = [(at, number, do) for number, (at, do) in coming]
    heapq.heapify(queue)
    while slack.now < until:
        while queue and queue[0][0] <= slack.now:
            heapq.heappop(queue)[2]()
        for courier in couriers:
            await courier.deliver_due()
        due = await couriers[0].next_due()
        moments = [moment for moment in (due, queue[0][0] if queue else None) if moment is not None]
        if not moments:
            return
        slack.now = max(min(moments), slack.now + timedelta(milliseconds=50))


@contextmanager
def couriers(url: str, slack: Slack, count: int) -> Iterator[list[Courier]]:
    """Couriers of as many processes, on one database."""
    doors = [Database(url) for _ in range(count)]
    clock = Clock(lambda: slack.now)
    played: Any = slack
    try:
        yield [Courier(Everywhere(played), door, clock, Rows(PLAIN, VAULT)) for door in doors]
    finally:
        for door in doors:
            door.close()


@pytest.mark.timeout(1800)
async def test_a_flood_in_one_workspace_keeps_nobody_else_waiting(database_url: str, *, full: bool) -> None:
    flood, others, minutes = (20_000, 49, 60) if full else (130, 5, 1.5)
    # Slack takes less than the allowance grows to, so that the flood comes to where it is told to wait.
    slack, database = Slack(a_minute=120 if full else 60), Database(database_url)
    count = 1 if database.is_sqlite else 2
    many = settle(database, "T000", min(flood, 400))
    owe(database, "T000", many, flood, MONDAY, Lane.DIGEST)
    trickle: list[tuple[datetime, Callable[[], None]]] = []
    for number in range(1, others + 1):
        place = f"T{number:03}"
        few = settle(database, place, 3)
        for minute in range(0, int(minutes), 2):
            at = MONDAY + timedelta(minutes=minute, seconds=number)
            trickle.append((at, lambda p=place, f=few, a=at: owe(database, p, f, 3, a, Lane.NUDGE)))  # type: ignore[misc]  # a loop's own
    with couriers(database_url, slack, count) as working:
        await run(slack, working, MONDAY + timedelta(minutes=minutes), trickle)
    rows = database.read(_all_rows).result(SECONDS)
    database.close()
    waits = sorted(
        (row.done_at - row.created_at).total_seconds() for row in rows if row.workspace_id != "T000" and row.done_at
    )
    assert len(waits) == len(trickle) * 3
    assert waits[int(len(waits) * 0.99)] < 30
    told = [place for _, place in slack.too_fast]
    assert 0 < told.count("T000") <= minutes * 4, f"the flood is told to wait, and heeds it: {slack.too_fast}"
    assert set(told) == {"T000"}, "and nobody else is"
    assert slack.unheeded == [], "nothing is sent while Slack asks for a pause"
    assert max(Counter(key for *_, key in slack.posts).values()) == 1
    assert _closest(slack.posts) >= 1.0, "a message a second in a channel"
    first = min(minutes, 2)
    early = [at for at, channel, _ in slack.posts if channel.startswith("DT000") and at < MONDAY + first * MINUTE]
    assert len(early) <= 20 + first * 60 * 1.5, "within its allowance, over all processes together"
    assert len(early) > 60, "the flood itself goes on, also after it was told to wait"


def _all_rows(session: Any) -> list[OutboxRow]:
    return list(session.query(OutboxRow))


def _closest(posts: list[tuple[datetime, str, str]]) -> float:
    """The shortest time between two messages in one channel, in seconds."""
    by_channel: dict[str, list[datetime]] = defaultdict(list)
    for at, channel, _ in posts:
        by_channel[channel].append(at)
    gaps = [b - a for times in by_channel.values() for a, b in pairwise(times)]
    return min(gaps).total_seconds() if gaps else 60.0


REFUSED = aiohttp.ClientConnectorError(None, OSError("refused"))  # type: ignore[arg-type]  # nobody reads the key
OUTAGES: dict[str, Exception] = {"nobody there": REFUSED, "a broken page": _answer("", 503, {})}


@pytest.mark.parametrize("outage", OUTAGES)
async def test_ten_minutes_without_slack_lose_nothing_and_are_not_hammered(house: House, outage: str) -> None:
    ends = MONDAY + timedelta(minutes=10)
    slack = Slack(away=lambda now: OUTAGES[outage] if now < ends else None)
    database = house.database
    people = settle(database, "T000", 40)
    owe(database, "T000", people, 150, MONDAY, Lane.NOTICE, "requests.matched")
    owe(database, "T000", people, 30, MONDAY, Lane.DIGEST, "digests.weekly")
    with couriers(database.url, slack, 1) as working:
        await run(slack, working, ends, [])
        assert slack.posts == []
        assert slack.calls < 40, "few calls try whether Slack is back"
        await run(slack, working, ends + timedelta(minutes=30), [])
    rows = database.read(_all_rows).result(SECONDS)
    assert {row.state for row in rows} == {RowState.DONE}
    assert len(slack.posts) == len({key for *_, key in slack.posts}) == 180
    assert slack.posts[0][0] <= ends + 2 * PROBE_EVERY


async def test_what_is_worth_nothing_any_more_after_an_outage_is_let_go_by_name(house: House) -> None:
    ends = MONDAY + timedelta(hours=3)
    slack = Slack(away=lambda now: REFUSED if now < ends else None)
    database = house.database
    people = settle(database, "T000", 10)
    owe(database, "T000", people, 10, MONDAY, Lane.DIGEST, "digests.weekly")
    owe(database, "T000", people, 10, MONDAY, Lane.NOTICE, "requests.matched")
    with couriers(database.url, slack, 1) as working:
        await run(slack, working, ends + timedelta(hours=1), [])
    rows = database.read(_all_rows).result(SECONDS)
    assert Counter((row.kind, row.state, row.reason) for row in rows) == {
        ("digests.weekly", RowState.DROPPED, "expired"): 10,
        ("requests.matched", RowState.DONE, ""): 10,
    }
