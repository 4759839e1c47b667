"""Takes due news, sends it, writes down what became of it. The only module that posts; no retry but its own."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.outbox.entries import Entry
from bot.outbox.rows import Parcel, Rows
from bot.outbox.slack_errors import SENDING_PROBLEMS, Verdict, code_of, judge, retry_after
from storage.database import Database, Priority, StoreUnavailableError
from storage.models.outbox import Op
from storage.vault import Vault

log = logging.getLogger(__name__)
T = TypeVar("T")

BATCH = 50
NAMESPACE = uuid.UUID("6f0f0f52-6d1b-4d9c-9d53-0c6f9a3c0d9e")
EVENT_TYPE = "mentorbot_news"
HISTORY = 50
PAUSE = 1.0


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a message came to stand."""

    channel: str | None = None
    ts: str | None = None


class Courier:
    """One process's sender, one row at a time; who is first in line is the database's to say."""

    def __init__(
        self, client: AsyncWebClient, database: Database, clock: Clock, vault: Vault, news: Mapping[str, Entry]
    ) -> None:
        self._client = client
        self._database = database
        self._clock = clock
        self._rows = Rows(news, vault)
        self._wanted = asyncio.Event()
        self._turn = asyncio.Lock()

    def wake(self) -> None:
        """Look again soon: something may have been owed."""
        self._wanted.set()

    async def work(self) -> None:
        """Send whenever woken, until cancelled; what goes wrong on the way is logged and tried again."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self.deliver_due()
            except Exception:  # whatever it is, the next message must still go out
                log.exception("The outbox could not be worked off; it is tried again shortly.")
                await asyncio.sleep(PAUSE)
                self.wake()

    async def deliver_due(self) -> int:
        """Send everything due now, settle old doubts; how many rows were sent."""
        async with self._turn:
            await self._settle_doubts()
            count = 0
            while batch := await self._read(lambda s: self._rows.due(s, self._clock.now(), BATCH)):
                for workspace_id, row_id in batch:
                    count += await self._deliver(workspace_id, row_id)
            return count

    async def next_due(self) -> datetime | None:
        """When the next row may be sent, or a doubt be settled."""
        return await self._read(self._rows.next_due)

    async def _deliver(self, workspace_id: str, row_id: str) -> bool:
        parcel = await self._prepare(workspace_id, row_id)
        if parcel is None:
            return False
        try:
            sent = await self._send(parcel)
        except SENDING_PROBLEMS as problem:
            await self._write_problem(parcel, problem)
            return False
        now = self._clock.now()
        await self._write(lambda s: self._rows.done(s, parcel, now, sent.channel, sent.ts), Priority.INTENT)
        return True

    async def _prepare(self, workspace_id: str, row_id: str) -> Parcel | None:
        """The row's parcel; one that cannot be worded is set aside, since it would stop every row behind it."""
        now, rows = self._clock.now(), self._rows
        try:
            return await self._write(
                lambda s: rows.prepare(s, workspace_id, row_id, now), Priority.INTENT, durable=True
            )
        except StoreUnavailableError:
            raise
        except Exception:
            log.exception("A message could not be worded.", extra={"row": row_id})
            await self._write(lambda s: rows.unworded(s, workspace_id, row_id, now), Priority.INTENT)
            return None

    async def _send(self, parcel: Parcel) -> Sent:
        if parcel.op is Op.PUBLISH_HOME:
            await self._client.views_publish(user_id=parcel.slack_id, view=parcel.payload)
            return Sent()
        if parcel.op is Op.UPDATE:
            await self._client.chat_update(
                channel=str(parcel.channel), ts=str(parcel.ts), parse="none", link_names=False, **parcel.payload
            )
            return Sent(parcel.channel, parcel.ts)
        return await self._post(parcel)

    async def _post(self, parcel: Parcel) -> Sent:
        channel = await self._place_of(parcel)
        answer = await self._client.chat_postMessage(
            channel=channel,
            parse="none",
            link_names=False,
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"row": parcel.row_id}},
            client_msg_id=str(uuid.uuid5(NAMESPACE, parcel.row_id)),
            **parcel.payload,
        )
        return Sent(str(answer["channel"]), str(answer["ts"]))

    async def _place_of(self, parcel: Parcel) -> str:
        """The channel somebody chose, the group's own message, or the person's chat; opening again changes nothing."""
        if parcel.op is Op.POST_TO:
            return str(parcel.channel)
        if parcel.op is Op.OPEN_GROUP:
            answer = await self._client.conversations_open(users=list(parcel.people))
            return str(answer["channel"]["id"])
        return parcel.chat or await self._open_chat(parcel)

    async def _open_chat(self, parcel: Parcel) -> str:
        answer = await self._client.conversations_open(users=parcel.slack_id)
        channel = str(answer["channel"]["id"])
        now = self._clock.now()
        await self._write(lambda s: self._rows.keep_chat(s, parcel, now, channel), Priority.INTENT)
        return channel

    async def _write_problem(self, parcel: Parcel, problem: Exception) -> None:
        verdict, now, code = judge(problem), self._clock.now(), code_of(problem)
        log.warning("A message was not sent: %s, so: %s.", code, verdict, extra={"kind": parcel.kind})
        rows = self._rows
        moves: Mapping[Verdict, Callable[[Session], None]] = {
            Verdict.AGAIN: lambda s: rows.again(s, parcel, now, retry_after(problem)),
            Verdict.IN_DOUBT: lambda s: rows.in_doubt(s, parcel, now),
            Verdict.WITHOUT_BLOCKS: lambda s: rows.without_blocks(s, parcel, now),
            Verdict.WAIT_FOR_TOKEN: lambda s: rows.wait_for_token(s, parcel, now),
            Verdict.USER_GONE: lambda s: rows.dead(s, parcel, now, code),
            Verdict.GIVE_UP: lambda s: rows.dead(s, parcel, now, code),
        }
        await self._write(moves[verdict], Priority.INTENT)

    async def _settle_doubts(self) -> None:
        now = self._clock.now()
        for workspace_id, row_id, chat, may_look in await self._read(lambda s: self._rows.doubts(s, now, BATCH)):
            could_look, found = await self._look_for(chat, row_id) if may_look else (False, None)
            await self._write(
                lambda s, row=(workspace_id, row_id), found=found, could_look=could_look: self._rows.settle(  # type: ignore[misc]
                    s, row, self._clock.now(), found, could_look=could_look
                ),
                Priority.INTENT,
            )

    async def _look_for(self, chat: str | None, row_id: str) -> tuple[bool, tuple[str, str] | None]:
        """(whether Slack's history could be read, where the message stands if it is there)."""
        if chat is None:
            return True, None
        try:
            page = await self._client.conversations_history(channel=chat, limit=HISTORY, include_all_metadata=True)
        except (SlackApiError, *SENDING_PROBLEMS):
            return False, None
        messages: list[dict[str, Any]] = page["messages"]
        for message in messages:
            if ((message.get("metadata") or {}).get("event_payload") or {}).get("row") == row_id:
                return True, (chat, str(message["ts"]))
        return True, None

    async def _read(self, question: Callable[[Session], T]) -> T:
        return await asyncio.wrap_future(self._database.read(question))

    async def _write(self, deed: Callable[[Session], T], priority: Priority, *, durable: bool = False) -> T:
        return await asyncio.wrap_future(self._database.write(deed, priority, durable=durable))
