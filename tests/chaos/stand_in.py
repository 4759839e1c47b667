"""A stand-in for three methods of Slack's that outlives every bot: what it accepted, how often, and how it fails.

The strict playground is for the journeys; this one only keeps a ledger, so that thousands of messages go quickly. Run
as a program: `python -m tests.chaos.stand_in '{"faults": 0.12, "seed": 1}'` prints its port.
"""

import asyncio
import json
import random
import sys
import time
from typing import Any

from aiohttp import web

KINDS_OF_FAULT = ("accepted, then cut", "cut", "accepted, then 500", "500", "429")
Json = dict[str, Any]


class StandIn:
    """What was posted, by key; `lag` is how many seconds its history is behind, `dedupes` whether it knows repeats.

    `slow` is how long it takes for a message, `thinks` for telling who somebody is.
    """

    def __init__(  # noqa: PLR0913  (each is one way to misbehave)
        self,
        *,
        faults: float = 0.0,
        seed: int = 0,
        lag: float = 0.0,
        dedupes: bool = False,
        slow: float = 0.0,
        thinks: float = 0.0,
        people: int = 0,
        place: str = "T0",
    ) -> None:
        self.posts: list[tuple[float, str, str, str]] = []
        self._known: dict[str, str] = {}
        self._people, self._place = people, place
        self._faults, self._lag, self._dedupes, self._slow = faults, lag, dedupes, slow
        self._thinks, self._asked = thinks, 0
        self._chance = random.Random(seed)  # noqa: S311  (chance, not secrecy)

    def app(self) -> web.Application:
        """Its routes; `/ledger` and `/asked` are for the test alone."""
        app = web.Application()
        app.router.add_route("*", "/api/chat.postMessage", self._post)
        app.router.add_route("*", "/api/conversations.open", self._open)
        app.router.add_route("*", "/api/conversations.history", self._history)
        app.router.add_route("*", "/api/auth.test", self._who)
        app.router.add_route("*", "/api/users.list", self._everybody)
        app.router.add_route("*", "/api/users.info", self._somebody)
        app.router.add_get("/ledger", self._ledger)
        app.router.add_get("/asked", self._asked_about)
        return app

    async def _post(self, request: web.Request) -> web.Response:
        body = await _body(request)
        await asyncio.sleep(self._slow)
        fault = self._fault()
        if fault is None or fault.startswith("accepted"):
            ts = self._accept(body)
            if fault is None:
                return web.json_response({"ok": True, "channel": body["channel"], "ts": ts})
        return self._fail(request, str(fault))

    def _accept(self, body: Json) -> str:
        known = self._known.get(body["client_msg_id"])
        if known is not None and self._dedupes:
            return known
        ts = f"{_now():.6f}"
        self._known[body["client_msg_id"]] = ts
        self.posts.append((_now(), body["channel"], ts, body["metadata"]["event_payload"]["key"]))
        return ts

    async def _open(self, request: web.Request) -> web.Response:
        body = await _body(request)
        fault = self._fault()
        return (
            self._fail(request, fault)
            if fault
            else web.json_response({"ok": True, "channel": {"id": f"D{body['users']}"}})
        )

    async def _history(self, request: web.Request) -> web.Response:
        body = await _body(request)
        fault = self._fault()
        if fault:
            return self._fail(request, fault)
        oldest, seen = float(body["oldest"]), _now() - self._lag
        said = [
            {"ts": ts, "metadata": {"event_payload": {"key": key}}}
            for at, channel, ts, key in self.posts
            if channel == body["channel"] and oldest <= at <= seen
        ]
        return web.json_response({"ok": True, "messages": said[::-1], "response_metadata": {"next_cursor": ""}})

    def _place_of(self, request: web.Request) -> str:
        """The workspace a token is of: `xoxb-T1` is T1's; any other is of the one place this was told of."""
        named = request.headers.get("Authorization", "").removeprefix("Bearer xoxb-")
        return named if named.startswith("T") else self._place

    async def _who(self, request: web.Request) -> web.Response:
        answer = {"ok": True, "team_id": self._place_of(request), "team": "Here", "user_id": "UBOT"}
        return web.json_response(answer, headers={"x-oauth-scopes": "chat:write,im:history"})

    async def _somebody(self, request: web.Request) -> web.Response:
        body = await _body(request)
        self._asked += 1
        await asyncio.sleep(self._thinks)
        user = {"id": body["user"], "team_id": self._place_of(request), "profile": {}, "tz": "UTC"}
        return web.json_response({"ok": True, "user": user})

    async def _everybody(self, request: web.Request) -> web.Response:
        place = self._place_of(request)
        people = [{"id": f"UHERE{n}", "team_id": place, "profile": {}} for n in range(self._people)]
        return web.json_response({"ok": True, "members": people, "response_metadata": {"next_cursor": ""}})

    async def _asked_about(self, _: web.Request) -> web.Response:
        return web.json_response(self._asked)

    async def _ledger(self, _: web.Request) -> web.Response:
        return web.json_response([key for *_, key in self.posts])

    def _fault(self) -> str | None:
        return self._chance.choice(KINDS_OF_FAULT) if self._chance.random() < self._faults else None

    def _fail(self, request: web.Request, fault: str) -> web.Response:
        if fault == "429":
            headers = {"Retry-After": "0"}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        if fault.endswith("500"):
            return web.Response(status=500, text="<html>")
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


async def _body(request: web.Request) -> Json:
    """What was sent, as JSON, as a form or in the address: Slack takes all three."""
    sent = await request.json() if request.content_type == "application/json" else await request.post()
    return {**request.query, **sent}


def _now() -> float:
    return time.time()  # noqa: TID251  (this is Slack's own clock)


async def _serve(options: Json) -> None:
    runner = web.AppRunner(StandIn(**options).app(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)  # noqa: T201  (the one who started it reads this)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(json.loads(sys.argv[1])))
