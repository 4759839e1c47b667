"""Names, zones and who left, kept fresh from Slack, so that no handler ever looks anybody up."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.outbox.slack_errors import DEFAULT_WAIT, SENDING_PROBLEMS, Verdict, code_of, judge, retry_after
from bot.slack.people import read_person
from storage.database import Database, Priority, Tx
from storage.queries import members, workspaces
from storage.vault import Vault

log = logging.getLogger(__name__)
PAGE = 200
TRY_AGAIN = (Verdict.AGAIN, Verdict.TOO_FAST, Verdict.UNREACHED, Verdict.IN_DOUBT)


class SlackAwayError(Exception):
    """Slack does not say who somebody is just now; nothing is known against them."""


class Directory:
    """The people of one workspace."""

    def __init__(
        self, client: AsyncWebClient, database: Database, clock: Clock, vault: Vault, workspace_id: str
    ) -> None:
        self._client = client
        self._database = database
        self._clock = clock
        self._vault = vault
        self._workspace_id = workspace_id
        self._known: set[str] = set()

    async def load(self) -> None:
        """Remember who is known already, from the database."""
        self._known = await asyncio.wrap_future(
            self._database.read(lambda session: members.known_slack_ids(session, self._workspace_id))
        )

    def forget(self) -> None:
        """Know nobody any more, because the workspace began again."""
        self._known.clear()

    async def ensure(self, slack_id: str) -> None:
        """Know a person before a handler runs; Slack is asked only the first time they are seen."""
        if not slack_id or slack_id in self._known:
            return
        try:
            found = await self._client.users_info(user=slack_id)
        except SENDING_PROBLEMS as problem:
            log.warning("Slack does not show this person: %s", code_of(problem))
            if judge(problem) in TRY_AGAIN:
                raise SlackAwayError from problem
            return
        user: dict[str, Any] = found["user"]
        await self._write([user])

    async def list_everyone(self) -> int:
        """Read the whole directory, page by page; how many people there are."""
        count, cursor = 0, ""
        while True:
            page = await self._page(cursor)
            people: list[dict[str, Any]] = page["members"]
            await self._write(people)
            count += len(people)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        now = self._clock.now()
        await asyncio.wrap_future(
            self._database.write(lambda s: workspaces.note_listing(s, self._workspace_id, now), Priority.SWEEP)
        )
        return count

    async def _page(self, cursor: str) -> AsyncSlackResponse:
        """One page of the directory, waiting as long as Slack asks to."""
        while True:
            try:
                return await self._client.users_list(limit=PAGE, cursor=cursor or None)
            except SlackApiError as problem:
                if judge(problem) not in {Verdict.AGAIN, Verdict.TOO_FAST}:
                    raise
                await asyncio.sleep(retry_after(problem) or DEFAULT_WAIT)

    async def _write(self, users: Sequence[dict[str, Any]]) -> None:
        people = [read_person(user, self._workspace_id) for user in users]
        now = self._clock.now()

        def remember(session: Session) -> None:
            tx = Tx(session, self._workspace_id, now, self._vault)
            for person in people:
                members.remember(tx, person)

        await asyncio.wrap_future(
            self._database.write(remember, Priority.SWEEP if len(people) > 1 else Priority.ANSWER)
        )
        self._known.update(person.slack_id for person in people)
