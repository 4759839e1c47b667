"""What the page reads: the state as one person sees it, messages, traffic, the gallery and the stream."""

import asyncio
import itertools
import json
from collections.abc import Iterator
from typing import Any

from aiohttp import web

from playground import connect, modals, posting
from playground.faults import BY_NAME
from playground.journal import Entry
from playground.records import Json, Message, User, View
from playground.shapes import conversation_view, message_view, person_view
from playground.travel import Travel
from playground.workspace_deeds import MISFORTUNES
from playground.world import World

BEAT = 15.0


class Reads:
    """Answers GETs under /local."""

    def __init__(self, world: World, travel: Travel) -> None:
        self._world = world
        self._travel = travel
        world.hub.changed.append(self._tell_connection)
        world.journal.listeners.append(self._tell_traffic)
        world.guide.listeners.append(self._tell_guide)

    def routes(self) -> list[web.RouteDef]:
        """The addresses the page reads."""
        answers = {
            "state": self._state,
            "messages": self._messages,
            "gallery": self._gallery,
            "traffic": self._traffic,
            "stream": self._stream,
        }
        return [web.get(f"{self._world.path}/local/{name}", answer) for name, answer in answers.items()]

    # -- telling -----------------------------------------------------------------------------------------

    def _tell_connection(self) -> None:
        self._world.stream.tell("connection", None, connected=self._world.deliver.reachable)
        self._world.state.watch.notify()

    def _tell_traffic(self, entry: Entry) -> None:
        if self._world.stream.watched and self._world.journal.shows(entry):
            self._world.stream.tell("traffic", None, entry=entry.as_json())

    def _tell_guide(self, view: Json) -> None:
        self._world.stream.tell("guide", None, **view)

    # -- reading -----------------------------------------------------------------------------------------

    def _reader(self, request: web.Request) -> User:
        wanted = request.query.get("as") or self._world.state.team.first
        found = self._world.state.person(wanted)
        if found is None or found not in self._world.state.people():
            raise web.HTTPNotFound(
                text=json.dumps({"ok": False, "error": "There is nobody of that id here.", "code": "user_not_found"}),
                content_type="application/json",
            )
        return found

    async def _state(self, request: web.Request) -> web.Response:
        world, you = self._world, self._reader(request)
        state = world.state
        if not you.deleted and not state.app.gone:
            state.open_direct((you.id, state.app.user_id), you.id)
        home = state.home(you.id)
        return web.json_response(
            {
                "workspace": {"name": state.team.name, "domain": state.team.domain},
                "workspaces": [self._way(each) for each in world.workspaces],
                "you": person_view(state, you),
                "people": [person_view(state, each) for each in state.users.values()],
                "conversations": [conversation_view(state, each, you.id) for each in state.visible_to(you.id)],
                "clock": await self._clock(),
                "app": self._app(),
                "home": modals.shown(world, home) if home else None,
                "modals": [modals.shown(where, each) for where, each in self._modals(you.id)],
                "news": posting.news(world),
                "guide": world.guide.view(),
                "playing": world.playing,
                "faults": self._faults(),
            }
        )

    def _modals(self, user_id: str) -> list[tuple[World, View]]:
        """What lies open before somebody, by whichever workspace's app."""
        worlds = [self._world, *connect.abroad(self._world, user_id)]
        return [(each, view) for each in worlds for view in each.state.modals(user_id)]

    def _way(self, other: World) -> Json:
        """From one workspace's page to another's."""
        return {"name": other.state.team.name, "url": f"{other.path}/", "current": other is self._world}

    async def _clock(self) -> Json:
        world = self._world
        due = await self._travel.next_due()
        return {
            "now": world.clock.now().isoformat(),
            "home_zone": world.state.team.home_zone,
            "offset_seconds": world.clock.offset.total_seconds(),
            "can_step": self._travel.hooks is not None,
            "next_due": due.isoformat() if due else None,
            "started": self._travel.moment(world.state.team.started),
            "jumping": world.stepping,
        }

    def _app(self) -> Json:
        world = self._world
        manifest, app = world.manifest, world.state.app
        return {
            "name": world.state.users[app.user_id].name,
            "user_id": app.user_id,
            "app_id": app.id,
            "connected": world.deliver.reachable,
            "removed": app.removed,
            "installed": not app.gone,
            "home_tab": manifest.home_tab,
            "messages_tab": manifest.messages_tab,
            "can_write": manifest.messages_tab and not manifest.messages_read_only,
            "commands": [
                {"command": each.command, "description": each.description, "usage_hint": each.usage_hint}
                for each in manifest.commands
            ],
            "shortcuts": [
                {"name": each.name, "type": each.kind, "callback_id": each.callback_id, "description": each.description}
                for each in manifest.shortcuts
            ],
        }

    def _faults(self) -> list[Json]:
        armed = {rule.fault.name for rule in self._world.faults.rules}
        app = self._world.state.app
        befallen = {name for name, is_so in (("revoke_token", app.revoked), ("remove_app", app.removed)) if is_so}
        misfortunes = [{"name": name, "label": label, "armed": name in befallen} for name, label in MISFORTUNES.items()]
        return misfortunes + [
            {"name": name, "label": kind.label, "armed": kind.fault.name in armed} for name, kind in BY_NAME.items()
        ]

    async def _messages(self, request: web.Request) -> web.Response:
        state, you = self._world.state, self._reader(request)
        channel = request.query.get("channel", "")
        if channel not in {each.id for each in state.visible_to(you.id)}:
            return web.json_response({"messages": [], "more": False})
        newest = _chosen(state.newest_in(channel, you.id), request.query.get("thread", ""))
        before = request.query.get("before", "")
        limit = _number(request, "limit", 50, 200)
        found = list(itertools.islice((each for each in newest if not before or each.ts < before), limit + 1))
        shown = [message_view(state, each) for each in reversed(found[:limit])]
        return web.json_response({"messages": shown, "more": len(found) > limit})

    async def _gallery(self, request: web.Request) -> web.Response:
        del request
        samples = [
            {"name": each.name, "surface": each.surface, "payload": each.payload} for each in self._world.gallery
        ]
        return web.json_response({"samples": samples})

    async def _traffic(self, request: web.Request) -> web.Response:
        entries = self._world.journal.entries(_number(request, "after", 0, 10**12))
        limit = _number(request, "limit", 200, 1000)
        return web.json_response({"entries": [each.as_json() for each in entries[-limit:]]})

    # -- the stream --------------------------------------------------------------------------------------

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )
        await response.prepare(request)
        page = self._world.stream.open()
        try:
            await response.write(b"retry: 1000\n\n")
            while True:
                happening = await _next(page)
                if happening is None:
                    break
                await response.write(happening)
        except (ConnectionError, asyncio.CancelledError):
            return response
        finally:
            self._world.stream.close(page)
        return response


async def _next(page: asyncio.Queue[Any]) -> bytes | None:
    """The next piece for a page: a happening, a heartbeat when it is quiet, None at the end."""
    try:
        async with asyncio.timeout(BEAT):
            happening = await page.get()
    except TimeoutError:
        return b": still here\n\n"
    if happening is None:
        return None
    return b"data: " + json.dumps(happening, ensure_ascii=False).encode() + b"\n\n"


def _number(request: web.Request, name: str, default: int, most: int) -> int:
    given = request.query.get(name, "")
    return min(int(given), most) if given.isdigit() else default


def _chosen(said: Iterator[Message], thread: str) -> Iterator[Message]:
    if thread:
        return (each for each in said if thread in (each.ts, each.thread_ts))
    return (each for each in said if each.thread_ts in {None, each.ts} or each.broadcast or each.only_for)
