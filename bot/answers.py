"""Carries out a reply at Slack: under a command, beside or in place of a message, in a modal, on Home."""

import asyncio
import logging
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.clients import Clients, NoTokenError
from bot.outbox.slack_errors import code_of
from bot.slack.blocks import Modal
from bot.slack.calls import Source
from bot.slack.incoming import Incoming
from bot.slack.notices import as_modal
from bot.slack.replies import (
    CloseAll,
    Nothing,
    OpenModal,
    Replace,
    Reply,
    ShowHome,
    ShowModal,
    Tell,
    UpdateModal,
    Wrong,
)

log = logging.getLogger(__name__)
HOOKS = "https://hooks.slack.com/"
TOO_MANY, TRIES, LONGEST_WAIT = 429, 4, 5.0


class Answers:
    """Answers to one's own taps; everything else the bot says goes by the outbox."""

    def __init__(self, clients: Clients, web: aiohttp.ClientSession, api_url: str) -> None:
        self._clients = clients
        self._web = web
        origin = api_url.removesuffix("/api/") + "/"
        self._hooks = HOOKS if origin.startswith("https://slack.com/") else origin

    async def give(self, reply: Reply, to: Incoming, *, loading: str = "") -> None:
        """Show the reply where the person is; a stale screen is logged, since the deed itself is done."""
        try:
            await self._give(reply, to, loading)
        except SlackApiError as problem:
            log.warning("An answer could not be shown: %s", code_of(problem), extra={"route": to.id})
        except (aiohttp.ClientError, TimeoutError, NoTokenError) as problem:
            log.warning("An answer could not be shown: %s", type(problem).__name__, extra={"route": to.id})

    async def _give(self, reply: Reply, to: Incoming, loading: str) -> None:
        match reply:
            case Tell(message, title):
                await self._tell(message.payload(), as_modal(message, title), to, loading, replace=False)
            case Replace(message, title) if to.source is not Source.HOME:
                await self._tell(message.payload(), as_modal(message, title), to, loading, replace=True)
            case ShowModal(modal) if to.source is not Source.MODAL or loading:
                await self._open(modal, to, loading)
            case OpenModal(modal):
                await self._open(modal, to, loading)
            case ShowModal(modal) | UpdateModal(modal):
                await self._update(modal, to)
            case ShowHome(home):
                client = await self._clients.of(to.workspace_id)
                await client.views_publish(user_id=to.slack_id, view=home.payload())
            case Nothing() | Replace() | CloseAll() | Wrong():
                pass

    async def open_loading(self, modal: Modal, to: Incoming) -> str:
        """Open a modal at once, to be filled when the work is done; gives its view id."""
        client = await self._clients.of(to.workspace_id)
        opened = await client.views_open(trigger_id=to.trigger_id, view=modal.payload())
        view: dict[str, Any] = opened["view"]
        return str(view["id"])

    async def _tell(self, payload: dict[str, Any], modal: Modal, to: Incoming, loading: str, *, replace: bool) -> None:
        if to.source is Source.MODAL and replace:
            await self._update(modal, to)
        elif to.response_url and not loading:
            await self._post_hook(to.response_url, {**payload, "replace_original": replace}, replace=replace)
        else:
            await self._open(modal, to, loading)

    async def _post_hook(self, url: str, payload: dict[str, Any], *, replace: bool) -> None:
        if not url.startswith(self._hooks):
            log.warning("A response_url of another host was refused.")
            return
        body = payload if replace else {**payload, "response_type": "ephemeral"}
        for _ in range(TRIES):
            wait = await self._try_hook(url, body)
            if wait is None:
                return
            await asyncio.sleep(wait)

    async def _try_hook(self, url: str, body: dict[str, Any]) -> float | None:
        """Post once; the seconds to wait where Slack says "not yet", which it only says of what it has not done."""
        async with self._web.post(url, json=body, timeout=aiohttp.ClientTimeout(total=10)) as answer:
            if answer.status == TOO_MANY:
                return min(float(answer.headers.get("Retry-After") or 1), LONGEST_WAIT)
            if answer.status != 200:  # noqa: PLR2004  (HTTP's own number)
                log.warning("A response_url answered %s.", answer.status)
            return None

    async def _open(self, modal: Modal, to: Incoming, loading: str) -> None:
        client = await self._clients.of(to.workspace_id)
        if loading:
            await client.views_update(view_id=loading, view=modal.payload())
        elif to.source is Source.MODAL:
            await client.views_push(trigger_id=to.trigger_id, view=modal.payload())
        else:
            await client.views_open(trigger_id=to.trigger_id, view=modal.payload())

    async def _update(self, modal: Modal, to: Incoming) -> None:
        client = await self._clients.of(to.workspace_id)
        await client.views_update(view_id=str(to.view.get("id")), hash=str(to.view.get("hash")), view=modal.payload())


def in_ack(reply: Reply) -> dict[str, Any]:
    """A submission's answer as the acknowledgement itself carries it; empty closes the modal."""
    match reply:
        case ShowModal(modal) | UpdateModal(modal):
            return {"response_action": "update", "view": modal.payload()}
        case OpenModal(modal):
            return {"response_action": "push", "view": modal.payload()}
        case Tell(message, title) | Replace(message, title):
            return {"response_action": "update", "view": as_modal(message, title).payload()}
        case CloseAll():
            return {"response_action": "clear"}
        case Wrong(errors):
            return {"response_action": "errors", "errors": dict(errors)}
        case Nothing() | ShowHome():
            return {}
