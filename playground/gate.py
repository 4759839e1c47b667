"""Before every method: what it is called with and whose it is, and a fault on purpose; then it is carried out."""

import asyncio
import contextlib
from typing import Any

from aiohttp import web

from playground.api.calling import Calling
from playground.arguments import read_arguments
from playground.faults import Fault
from playground.records import Json
from playground.refusals import RefusalError
from playground.world import Workspaces, World

HTML = "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Something is broken here</h1></body></html>"
BEFORE = frozenset({"ratelimited", "http_error", "error", "hang", "drop_before", "late_write"})


class Gate:
    """Answers /api/{method}, each call in the workspace its token was given out in."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces
        self._late: set[asyncio.Task[Any]] = set()
        self.closing = asyncio.Event()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One call, from its bytes to its answer."""
        name = request.match_info["method"]
        try:
            arguments, token = await read_arguments(request)
        except RefusalError as refusal:
            return Calling(self._workspaces.first, name, {}, "").answered(refusal.answer(), refusal)
        calling = Calling(self._world_of(arguments, token), name, arguments, token)
        fault = calling.world.faults.strike(name, people=calling.people(), team=calling.world.state.team.id)
        if fault is not None and fault.name in BEFORE:
            return await self._fail_before(request, fault, calling)
        if fault is not None and fault.name == "slow":
            await asyncio.sleep(fault.seconds)
        response = calling.perform()
        if fault is not None and fault.name == "lost_answer":
            calling.note("done, and the answer was lost", status="failed", detail={})
            return _cut(request)
        if fault is not None and fault.name == "malformed_json":
            calling.note("done, and the answer was garbled", status="failed", detail={})
            return web.Response(text='{"ok": tr', content_type="application/json")
        return response

    def _world_of(self, arguments: Json, token: str) -> World:
        """Where the token belongs; for an installation where its code or refresh token does; else the first."""
        found = self._workspaces.of_token(token)
        code, refresh = str(arguments.get("code", "")), str(arguments.get("refresh_token", ""))
        found = found or self._workspaces.of_code(code) or self._workspaces.of_refresh_token(refresh)
        return found or self._workspaces.first

    # -- failing on purpose ------------------------------------------------------------------------------

    async def _fail_before(self, request: web.Request, fault: Fault, calling: Calling) -> web.StreamResponse:
        calling.note(f"failed on purpose ({fault.name})", status="failed", detail={})
        if fault.name == "ratelimited":
            refusal = RefusalError("ratelimited", wait=max(1, int(fault.seconds)))
            headers = {"Retry-After": str(refusal.wait)}
            return web.json_response(refusal.answer(), status=429, headers=headers)
        if fault.name == "http_error":
            return web.Response(status=fault.status, text=HTML, content_type="text/html")
        if fault.name == "error":
            return web.json_response({"ok": False, "error": fault.code})
        if fault.name == "drop_before":
            return _cut(request)
        if fault.name == "late_write":
            self._write_later(fault.seconds, calling)
        await self._hang(request)
        return _cut(request)

    async def _hang(self, request: web.Request) -> None:
        """Until the caller gives up or the playground stops."""
        while not self.closing.is_set() and request.transport is not None and not request.transport.is_closing():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    await self.closing.wait()

    def _write_later(self, seconds: float, calling: Calling) -> None:
        async def later() -> None:
            await asyncio.sleep(seconds)
            calling.perform()

        task = asyncio.get_running_loop().create_task(later())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def close(self) -> None:
        """Let go of calls that hang."""
        self.closing.set()
        for task in list(self._late):
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
