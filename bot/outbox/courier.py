"""Takes due news, sends it, writes down what became of it. The only module that posts; no retry but its own."""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from bot.clients import Clients
from bot.clock import Clock
from bot.outbox import machine, reach
from bot.outbox.history import TooLongError, look_for
from bot.outbox.parcels import Parcel
from bot.outbox.reach import Reach
from bot.outbox.rows import Doubt, Rows, Turn
from bot.outbox.slack_errors import DEFAULT_WAIT, SENDING_PROBLEMS, Verdict, code_of, judge, retry_after
from bot.watch import COURIER, Watch
from storage.database import Database, Priority, StoreUnavailableError
from storage.models.outbox import POSTING, Op

log = logging.getLogger(__name__)
T = TypeVar("T")

NAMESPACE = uuid.UUID("6f0f0f52-6d1b-4d9c-9d53-0c6f9a3c0d9e")
EVENT_TYPE = "mentorbot_news"
AT_ONCE = 20
IN_A_ROW = 10
PAUSE, AN_INSTANT, PATIENCE = 1.0, 0.05, 30.0


def no_crash(_point: str) -> None:
    """What happens at a crash point of the real program: nothing."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a message came to stand."""

    channel: str | None = None
    ts: str | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """How many messages of a workspace were sent, and whether nothing more of it may go now."""

    count: int
    is_over: bool = False


class TooLateError(Exception):
    """So little is left of the lease that no call may begin."""


class Courier:
    """One process's sender; who sends what, and how fast, is the database's to say.

    Several workspaces are served at once, each one message after the other, so that one slow answer holds up nobody
    else. `crash` is called by name at every point where a process may die, for the tests that let it.
    """

    def __init__(
        self,
        clients: Clients,
        database: Database,
        clock: Clock,
        rows: Rows,
        *,
        crash: Callable[[str], None] = no_crash,
        watch: Watch | None = None,
    ) -> None:
        self._clients = clients
        self._database = database
        self._clock = clock
        self._rows = rows
        self._crash = crash
        self._watch = watch or Watch()
        self._wanted = asyncio.Event()
        self._turn = asyncio.Lock()
        self._is_stopping = False
        self._reach = Reach()

    @property
    def reaches_slack(self) -> bool:
        """Whether connections stand, as far as the last calls tell."""
        return not self._reach.is_open

    @property
    def is_exact(self) -> bool:
        """Whether a lost answer can be cleared up in Slack's history everywhere; else its kind's own rule decides."""
        return all(self._clients.may_look(each) for each in self._clients.workspace_ids)

    def wake(self) -> None:
        """Look again soon: something may have been owed."""
        self._wanted.set()

    async def work(self) -> None:
        """Send whenever woken, until told to stop; what goes wrong on the way is logged and tried again."""
        rest = AN_INSTANT
        while not self._is_stopping:
            try:
                await self._pause(rest)
                self._wanted.clear()
                rest = AN_INSTANT if await self.deliver_due() else PAUSE
            except Exception:  # whatever it is, the next message must still go out
                log.exception("The outbox could not be worked off; it is tried again shortly.")
                await asyncio.sleep(PAUSE)
                self.wake()

    async def _pause(self, rest: float) -> None:
        """Until woken, or until something that had to wait a moment may go.

        What is due already was left where it is just now, being another bot's, say: that is looked at after a `rest`.
        """
        if self._wanted.is_set():
            return
        due = await self.next_due()
        left = PATIENCE if due is None else (due - self._clock.now()).total_seconds()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wanted.wait(), min(max(left, AN_INSTANT) if left > 0 else rest, PATIENCE))

    async def stop(self, seconds: float) -> bool:
        """Begin nothing new, and let what is on its way arrive; whether it did within these seconds."""
        self._is_stopping = True
        self.wake()
        try:
            async with asyncio.timeout(seconds):
                async with self._turn:
                    return True
        except TimeoutError:
            return False

    async def take_over(self) -> int:
        """Put in doubt what a process that can't be alive any more was sending; how many rows. On SQLite alone."""
        now = self._clock.now()
        return await self._write(lambda s: self._rows.disown(s, now)) if self._database.is_sqlite else 0

    async def deliver_due(self) -> int:
        """Send everything that may go now, settle old doubts; how many rows were sent."""
        async with self._turn:
            await self._settle_doubts()
            count = await self._serve_all()
        self._watch.beat(COURIER)
        return count

    async def next_due(self) -> datetime | None:
        """When the next row may be sent, or a doubt be settled; not before a probe while Slack can't be reached."""
        now = self._clock.now()
        due = await self._read(lambda s: self._rows.next_due(s, now))
        return max(due, self._reach.probe_at) if due is not None and self._reach.probe_at is not None else due

    async def _serve_all(self) -> int:
        """Serve every workspace that has something due, so many at once, until none has."""
        count, serving, over = 0, dict[asyncio.Task[Served], str](), set[str]()
        try:
            while True:
                for workspace_id in await self._waiting({*serving.values(), *over}, AT_ONCE - len(serving)):
                    serving[asyncio.ensure_future(self._serve(workspace_id))] = workspace_id
                if not serving:
                    return count
                ended, _ = await asyncio.wait(serving, return_when=asyncio.FIRST_COMPLETED)
                for task in ended:
                    workspace_id, served = serving.pop(task), task.result()
                    count += served.count
                    over.update({workspace_id} if served.is_over else ())
        finally:
            if serving:
                await asyncio.wait(serving)

    async def _waiting(self, but: set[str], places: int) -> list[str]:
        """Workspaces to serve next; one that is over for now, or in another process's hands, has its turn later."""
        if self._is_stopping or places < 1 or not self._may_call():
            return []
        now = self._clock.now()
        found = await self._read(lambda s: self._rows.ready(s, now))
        # What is owed where we have no token is another bot's to send, or waits until there is one.
        ours = [each for each in found if each not in but and await self._clients.lives_in(each)]
        return ours[: 1 if self._reach.is_open else places]

    def _may_call(self) -> bool:
        return reach.may_call(self._reach, self._clock.now())

    def _begin_call(self) -> None:
        self._reach = reach.probing(self._reach, self._clock.now())

    def _missed(self) -> None:
        """No connection stood; said once, where it opens the circuit."""
        was_open, self._reach = self._reach.is_open, reach.missed(self._reach, self._clock.now())
        if self._reach.is_open and not was_open:
            log.warning("Slack can't be reached from here; once a minute one message tries whether it can again.")

    def _reached(self) -> None:
        """Slack answered, whatever it said."""
        was_open, self._reach = self._reach.is_open, Reach()
        if was_open:
            log.warning("Slack can be reached again.")

    async def _serve(self, workspace_id: str) -> Served:
        """Send some messages of one workspace, one after the other."""
        count = 0
        for _ in range(IN_A_ROW):
            if not self._may_call():
                return Served(count, is_over=True)
            turn = await self._begin(workspace_id)
            if turn.parcel is not None:
                count += await self._deliver(turn.parcel)
                self._watch.beat(COURIER)
            if turn.is_over or self._is_stopping:
                return Served(count, is_over=True)
        return Served(count)

    async def _begin(self, workspace_id: str) -> Turn:
        """Commit the next intent; a row that cannot be worded is set aside, since it would stop every row behind it."""
        now, asked = self._clock.now(), list[str]()
        self._crash("before intent")
        try:
            turn = await self._write(lambda s: self._rows.begin(s, workspace_id, now, asked), durable=True)
        except StoreUnavailableError:
            raise
        except Exception:
            if not asked:
                raise
            log.exception("A message could not be worded.", extra={"row": asked[-1]})
            await self._write(lambda s: self._rows.unworded(s, workspace_id, asked[-1], now))
            return Turn()
        self._crash("after intent")
        return turn

    async def _deliver(self, parcel: Parcel) -> bool:
        self._begin_call()
        client = None
        try:
            client = await self._clients.of(parcel.workspace_id)
            sent = await self._send(client, parcel)
        except TooLateError:
            await self._write(lambda s: self._rows.release(s, parcel, self._clock.now()))
            return False
        except SENDING_PROBLEMS as problem:
            self._crash("before writing a problem")
            await self._write_problem(parcel, problem, await self._verdict(parcel, problem, client))
            self._crash("after writing a problem")
            return False
        self._reached()
        now = self._clock.now()
        self._crash("before done")
        await self._write(lambda s: self._rows.done(s, parcel, now, sent.channel, sent.ts))
        self._crash("after done")
        return True

    async def _verdict(self, parcel: Parcel, problem: Exception, client: AsyncWebClient | None) -> Verdict:
        """What a problem means; a token that was renewed meanwhile is no reason to wait."""
        verdict = judge(problem)
        if verdict is Verdict.WAIT_FOR_TOKEN and client and await self._clients.is_old(parcel.workspace_id, client):
            return Verdict.AGAIN
        return verdict

    async def _send(self, client: AsyncWebClient, parcel: Parcel) -> Sent:
        channel = await self._place_of(client, parcel) if parcel.op in POSTING else ""
        self._crash("before the deadline")
        if not machine.may_call(parcel.lease_until, self._clock.now(), self._rows.timing):
            raise TooLateError
        if parcel.op is Op.PUBLISH_HOME:
            await client.views_publish(user_id=parcel.slack_id, view=parcel.payload)
            return Sent()
        if parcel.op is Op.UPDATE:
            await client.chat_update(
                channel=str(parcel.channel), ts=str(parcel.ts), parse="none", link_names=False, **parcel.payload
            )
            return Sent(parcel.channel, parcel.ts)
        return await self._post(client, parcel, channel)

    async def _post(self, client: AsyncWebClient, parcel: Parcel, channel: str) -> Sent:
        self._crash("before the call")
        answer = await client.chat_postMessage(
            channel=channel,
            parse="none",
            link_names=False,
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": parcel.key}},
            client_msg_id=str(uuid.uuid5(NAMESPACE, parcel.key)),
            **parcel.payload,
        )
        self._crash("after the call")
        return Sent(str(answer["channel"]), str(answer["ts"]))

    async def _place_of(self, client: AsyncWebClient, parcel: Parcel) -> str:
        """The channel somebody chose, the group's own message, or the person's chat; opening again changes nothing."""
        if parcel.op is Op.POST_TO:
            return str(parcel.channel)
        if parcel.op is Op.OPEN_GROUP:
            answer = await client.conversations_open(users=list(parcel.people))
            return str(answer["channel"]["id"])
        return parcel.chat or await self._open_chat(client, parcel.workspace_id, parcel.slack_id)

    async def _open_chat(self, client: AsyncWebClient, workspace_id: str, slack_id: str) -> str:
        answer = await client.conversations_open(users=slack_id)
        channel = str(answer["channel"]["id"])
        now = self._clock.now()
        self._crash("after opening")
        await self._write(lambda s: self._rows.keep_chat(s, workspace_id, slack_id, channel, now))
        return channel

    async def _write_problem(self, parcel: Parcel, problem: Exception, verdict: Verdict) -> None:
        now, code, wait = self._clock.now(), code_of(problem), retry_after(problem)
        self._note(problem)
        log.warning("A message was not sent: %s, so: %s.", code, verdict, extra={"kind": parcel.kind})
        rows = self._rows
        moves: Mapping[Verdict, Callable[[Session], None]] = {
            Verdict.AGAIN: lambda s: rows.again(s, parcel, now, wait),
            Verdict.TOO_FAST: lambda s: rows.too_fast(s, parcel, now, DEFAULT_WAIT if wait is None else wait),
            Verdict.UNREACHED: lambda s: rows.unreached(s, parcel, now),
            Verdict.IN_DOUBT: lambda s: rows.in_doubt(s, parcel, now),
            Verdict.WITHOUT_BLOCKS: lambda s: rows.without_blocks(s, parcel, now),
            Verdict.WAIT_FOR_TOKEN: lambda s: rows.wait_for_token(s, parcel, now),
            Verdict.USER_GONE: lambda s: rows.dead(s, parcel, now, code),
            Verdict.GIVE_UP: lambda s: rows.dead(s, parcel, now, code),
        }
        await self._write(moves[verdict])

    def _note(self, problem: Exception) -> None:
        """What a problem tells of the way to Slack; a lost answer tells nothing."""
        if isinstance(problem, SlackApiError):
            self._reached()
        elif judge(problem) is Verdict.UNREACHED:
            self._missed()

    async def _settle_doubts(self) -> None:
        """Look for every post in doubt where Slack's history may be read, and write down what is known of it now."""
        now = self._clock.now()
        for doubt in await self._read(lambda s: self._rows.doubts(s, now)):
            if not self._may_call():
                return
            if not await self._clients.lives_in(doubt.workspace_id):
                continue
            self._crash("before looking")
            event = await self._look(doubt)
            self._crash("after looking")
            await self._write(
                lambda s, doubt=doubt, event=event: self._rows.settle(s, doubt, self._clock.now(), event)  # type: ignore[misc]
            )
            self._crash("after settling")
            self._watch.beat(COURIER)

    async def _look(self, doubt: Doubt) -> machine.Found | machine.Absent | machine.Blind:
        if not doubt.is_post:
            return machine.Absent(doubt.tried_at)
        if not doubt.may_look:
            return machine.Blind(doubt.tried_at, is_hopeless=True)
        self._begin_call()
        try:
            client = await self._clients.of(doubt.workspace_id)
            if not self._clients.may_look(doubt.workspace_id):
                return machine.Blind(doubt.tried_at, is_hopeless=True)
            chat = doubt.chat or await self._open_chat(client, doubt.workspace_id, doubt.member_slack_id)
            found = await look_for(client, doubt.key, chat, doubt.since)
        except TooLongError:
            return machine.Blind(doubt.tried_at, is_hopeless=True)
        except (SlackApiError, *SENDING_PROBLEMS) as problem:
            self._note(problem)
            return _unseen(doubt, problem)
        self._reached()
        return found or machine.Absent(doubt.tried_at)

    async def _read(self, question: Callable[[Session], T]) -> T:
        return await asyncio.wrap_future(self._database.read(question))

    async def _write(self, deed: Callable[[Session], T], *, durable: bool = False) -> T:
        return await asyncio.wrap_future(self._database.write(deed, Priority.INTENT, durable=durable))


def _unseen(doubt: Doubt, problem: Exception) -> machine.Blind:
    """What a history that could not be read leaves to do: wait as Slack asks, look again, or never."""
    verdict, wait = judge(problem), retry_after(problem)
    hopeless = verdict in {Verdict.GIVE_UP, Verdict.USER_GONE}
    pause = None if wait is None else timedelta(seconds=wait)
    return machine.Blind(doubt.tried_at, pause, is_hopeless=hopeless)
