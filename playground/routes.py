"""The doors: /api, /link, /hooks, uploads, the pages and what they ask; only from this machine."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from playground import answers_by_hook
from playground.consent import Consent
from playground.deeds import Deeds
from playground.driver import Workspace
from playground.gate import Gate
from playground.local.guards import page_key_guard, same_machine_guard
from playground.local.pages import Pages, parts
from playground.local.reads import Reads
from playground.local.writes import Turns, Writes
from playground.travel import Travel
from playground.uploads import Uploads
from playground.world import Workspaces, World

LARGEST = 60_000_000


@dataclass(frozen=True, slots=True)
class Door:
    """One workspace's page and what is done through it; `turns` is what it does to the whole story."""

    world: World
    deeds: Deeds
    workspace: Workspace
    turns: Turns

    def routes(self, travel: Travel) -> list[web.RouteDef]:
        """Its page and what that asks, below its own path."""
        world = self.world
        reads, writes = Reads(world, travel), Writes(world, travel, self.deeds, self.turns)
        return [*Pages(world).routes(), *reads.routes(), *writes.routes()]


class Serving:
    """Puts every door in its place."""

    def __init__(self, workspaces: Workspaces, travel: Travel, doors: Sequence[Door]) -> None:
        self._workspaces = workspaces
        self._gate = Gate(workspaces)
        self._pages = [each for door in doors for each in door.routes(travel)]
        self._uploads = Uploads(workspaces)
        self._consent = Consent(workspaces)

    def application(self) -> web.Application:
        """The web application with all routes."""
        guards = [same_machine_guard, page_key_guard(self._workspaces.first)]
        app = web.Application(middlewares=guards, client_max_size=LARGEST)
        app.add_routes(
            [
                web.route("*", "/api/{method}", self._gate.serve),
                web.get("/link", self._workspaces.first.hub.serve),
                web.post("/hooks/{key}", self._serve_hook),
                *self._uploads.routes(),
                *self._consent.routes(),
                web.get("/page/{path:.+}", parts),
                *self._pages,
            ]
        )
        return app

    async def _serve_hook(self, request: web.Request) -> web.Response:
        world = self._workspaces.of_hook(request.match_info["key"]) or self._workspaces.first
        return await answers_by_hook.serve(world, request)

    async def close(self) -> None:
        """Let go of requests that hang."""
        await self._gate.close()
