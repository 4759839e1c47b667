"""Names, zones and who left, kept fresh from Slack, so that no handler ever looks anybody up."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy.orm import Session

from bot.clients import Clients, NoTokenError
from bot.clock import Clock
from bot.outbox.slack_errors import DEFAULT_WAIT, SENDING_PROBLEMS, Verdict, code_of, judge, retry_after
from bot.slack.people import read_person
from storage.database import Database, Priority, StoreUnavailableError, Tx
from storage.queries import members, workspaces
from storage.vault import Vault

log = logging.getLogger(__name__)
PAGE = 200
TRY_AGAIN = (Verdict.AGAIN, Verdict.TOO_FAST, Verdict.UNREACHED, Verdict.IN_DOUBT)


class SlackAwayError(Exception):
    """Slack does not say who somebody is just now; nothing is known against them."""


class Directory:
    """The people of every workspace the bot is in."""

    def __init__(self, clients: Clients, database: Database, clock: Clock, vault: Vault) -> None:
        self._clients = clients
        self._database = database
        self._clock = clock
        self._vault = vault
        self._known: set[tuple[str, str]] = set()

    async def load(self) -> None:
        """Remember who is known already, from the database."""
        self._known = await asyncio.wrap_future(self._database.read(members.known_slack_ids))

    def forget(self, workspace_id: str) -> None:
        """Know nobody of a workspace any more, because it began again."""
        self._known = {who for who in self._known if who[0] != workspace_id}

    async def ensure(self, workspace_id: str, slack_id: str) -> None:
        """Know a person before a handler runs; Slack is asked only the first time they are seen."""
        if not slack_id or (workspace_id, slack_id) in self._known:
            return
        try:
            client = await self._clients.of(workspace_id)
            found = await client.users_info(user=slack_id)
        except SENDING_PROBLEMS as problem:
            log.warning("Slack does not show this person: %s", code_of(problem))
            if isinstance(problem, NoTokenError) or judge(problem) in TRY_AGAIN:
                raise SlackAwayError from problem
            return
        user: dict[str, Any] = found["user"]
        await self._write(workspace_id, [user])

    async def list_all(self) -> bool:
        """Read the directory of every workspace; False if one of them could not be read."""
        return all([await self.try_listing(workspace_id) for workspace_id in self._clients.workspace_ids])

    async def list_unlisted(self) -> None:
        """Read the directories that were never read to their end, since the app was installed there a moment ago."""
        unlisted = await asyncio.wrap_future(self._database.read(workspaces.unlisted))
        for workspace_id in set(unlisted) & set(self._clients.workspace_ids):
            await self.try_listing(workspace_id)

    async def try_listing(self, workspace_id: str) -> bool:
        """Read one directory; what goes wrong is logged, and tried again with the others."""
        try:
            await self.list_everyone(workspace_id)
        except (*SENDING_PROBLEMS, StoreUnavailableError):
            log.exception("A directory could not be read.", extra={"workspace": workspace_id})
            return False
        return True

    async def list_everyone(self, workspace_id: str) -> int:
        """Read one whole directory, page by page; how many people there are."""
        client, count, cursor = await self._clients.of(workspace_id), 0, ""
        while True:
            page = await _page(client, cursor)
            people: list[dict[str, Any]] = page["members"]
            await self._write(workspace_id, people)
            count += len(people)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        now = self._clock.now()
        await asyncio.wrap_future(
            self._database.write(lambda s: workspaces.note_listing(s, workspace_id, now), Priority.SWEEP)
        )
        return count

    async def _write(self, workspace_id: str, users: Sequence[dict[str, Any]]) -> None:
        people = [read_person(user, workspace_id) for user in users]
        now = self._clock.now()

        def remember(session: Session) -> None:
            tx = Tx(session, workspace_id, now, self._vault)
            for person in people:
                members.remember(tx, person)

        await asyncio.wrap_future(
            self._database.write(remember, Priority.SWEEP if len(people) > 1 else Priority.ANSWER)
        )
        self._known.update((workspace_id, person.slack_id) for person in people)


async def _page(client: AsyncWebClient, cursor: str) -> AsyncSlackResponse:
    """One page of the directory, waiting as long as Slack asks to."""
    while True:
        try:
            return await client.users_list(limit=PAGE, cursor=cursor or None)
        except SlackApiError as problem:
            if judge(problem) not in {Verdict.AGAIN, Verdict.TOO_FAST}:
                raise
            await asyncio.sleep(retry_after(problem) or DEFAULT_WAIT)
