"""The doors: /api, /link, /hooks, uploads, the page and what the page asks; only from this machine."""

from aiohttp import web

from playground import answers_by_hook
from playground.consent import Consent
from playground.deeds import Deeds
from playground.gate import Gate
from playground.local.guards import page_key_guard, same_machine_guard
from playground.local.pages import Pages
from playground.local.reads import Reads
from playground.local.writes import Turns, Writes
from playground.travel import Travel
from playground.uploads import Uploads
from playground.world import World

LARGEST = 60_000_000


class Serving:
    """Puts every door in its place; `turns` is what the page does to the whole story."""

    def __init__(self, world: World, travel: Travel, deeds: Deeds, turns: Turns) -> None:
        self._world = world
        self._gate = Gate(world)
        self._pages = Pages(world)
        self._reads = Reads(world, travel)
        self._writes = Writes(world, travel, deeds, turns)
        self._uploads = Uploads(world)
        self._consent = Consent(world)

    def application(self) -> web.Application:
        """The web application with all routes."""
        app = web.Application(middlewares=[same_machine_guard, page_key_guard(self._world)], client_max_size=LARGEST)
        app.add_routes(
            [
                web.route("*", "/api/{method}", self._gate.serve),
                web.get("/link", self._world.hub.serve),
                web.post("/hooks/{key}", self._serve_hook),
                *self._uploads.routes(),
                *self._consent.routes(),
                *self._pages.routes(),
                *self._reads.routes(),
                *self._writes.routes(),
            ]
        )
        return app

    async def _serve_hook(self, request: web.Request) -> web.Response:
        return await answers_by_hook.serve(self._world, request)

    async def close(self) -> None:
        """Let go of requests that hang."""
        await self._gate.close()
