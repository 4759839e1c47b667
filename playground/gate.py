"""Before every method: its name, the token, the scope, the rate, a fault on purpose, the arguments; and the journal."""

import asyncio
import contextlib
import re
from typing import Any

from aiohttp import web

from playground.api.call import Call, missing_scope
from playground.api.table import METHODS, Method, Token
from playground.arguments import read_arguments
from playground.faults import Fault
from playground.records import App, Json
from playground.refusals import RefusalError
from playground.shapes import first_line
from playground.world import World

HTML = "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Something is broken here</h1></body></html>"
REAL = re.compile(r"xox[a-z.\-]*-?\d{9,}|xapp-\d-A")
BEFORE = frozenset({"ratelimited", "http_error", "error", "hang", "drop_before", "late_write"})


class Gate:
    """Answers /api/{method}."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._late: set[asyncio.Task[Any]] = set()
        self.closing = asyncio.Event()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One call, from its bytes to its answer."""
        name = request.match_info["method"]
        try:
            arguments, token = await read_arguments(request)
        except RefusalError as refusal:
            return self._answered(name, {}, refusal.answer(), refusal)
        fault = self._world.faults.strike(name, people=self._people_in(arguments))
        if fault is not None and fault.name in BEFORE:
            return await self._fail_before(request, fault, name, arguments, token)
        if fault is not None and fault.name == "slow":
            await asyncio.sleep(fault.seconds)
        response = self._perform(name, arguments, token)
        if fault is not None and fault.name == "lost_answer":
            self._note(name, arguments, "done, and the answer was lost", status="failed", detail={})
            return _cut(request)
        if fault is not None and fault.name == "malformed_json":
            self._note(name, arguments, "done, and the answer was garbled", status="failed", detail={})
            return web.Response(text='{"ok": tr', content_type="application/json")
        return response

    def _perform(self, name: str, arguments: Json, token: str) -> web.Response:
        try:
            answer = self._run(name, arguments, token)
        except RefusalError as refusal:
            return self._answered(name, arguments, refusal.answer(), refusal)
        return self._answered(name, arguments, answer, None)

    def _run(self, name: str, arguments: Json, token: str) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise RefusalError("unknown_method", req_method=name)
        scopes = self._allowed(method, token)
        wait = self._world.rates.wait_for_method(name, method.tier)
        if wait:
            raise RefusalError("ratelimited", wait=wait)
        call = Call(self._world, name, arguments, scopes)
        answer = {"ok": True, **method.run(call)}
        if call.warnings:
            answer["warning"] = ",".join(call.warnings)
            metadata = answer.setdefault("response_metadata", {})
            metadata["warnings"] = call.warnings
        return answer

    # -- tokens ------------------------------------------------------------------------------------------

    def _allowed(self, method: Method, token: str) -> frozenset[str]:
        app = self._world.state.app
        if method.token is Token.NONE:
            return frozenset(app.scopes)
        if not token:
            raise RefusalError("not_authed")
        scopes = self._scopes_of(app, token)
        wanted = app.app_token if method.token is Token.APP else app.bot_token
        if token != wanted:
            raise RefusalError("not_allowed_token_type")
        if method.scopes and not scopes.intersection(method.scopes):
            raise missing_scope(scopes, method.scopes)
        return scopes

    def _scopes_of(self, app: App, token: str) -> frozenset[str]:
        if token not in {app.bot_token, app.app_token}:
            if REAL.match(token):
                self._world.journal.note("api", "A token that looks like a real one was turned away", status="refused")
            raise RefusalError("invalid_auth")
        if app.removed:
            raise RefusalError("account_inactive")
        if app.revoked and token == app.bot_token:
            raise RefusalError("token_revoked")
        return frozenset({"connections:write"} if token == app.app_token else app.scopes)

    # -- answers -----------------------------------------------------------------------------------------

    def _answered(self, name: str, arguments: Json, answer: Json, refusal: RefusalError | None) -> web.Response:
        words = "ok" if refusal is None else str(answer["error"])
        status = "ok" if refusal is None else "refused"
        self._note(name, arguments, words, status=status, detail=answer)
        headers = {"X-Slack-Req-Id": self._world.ids.hexadecimal()}
        method = METHODS.get(name)
        if method is not None and method.token is Token.BOT:
            headers["X-OAuth-Scopes"] = ",".join(self._world.state.app.scopes)
            headers["X-Accepted-OAuth-Scopes"] = ",".join(method.scopes)
        if refusal is not None and refusal.wait:
            headers["Retry-After"] = str(refusal.wait)
        code = 429 if refusal is not None and refusal.wait else 200
        return web.json_response(answer, status=code, headers=headers)

    def _note(self, name: str, arguments: Json, words: str, *, status: str, detail: Json) -> None:
        about = self._about(arguments)
        title = f"{name}{about}" if status == "ok" else f"{name}{about}: {words}"
        shown = {key: value for key, value in arguments.items() if not key.startswith("_")}
        self._world.journal.note("api", title, status=status, detail={"arguments": shown, "answer": detail})

    def _about(self, arguments: Json) -> str:
        state = self._world.state
        place = next((arguments[key] for key in ("channel", "user_id", "user", "users") if arguments.get(key)), None)
        if not isinstance(place, str):
            return ""
        name = place
        if place in state.users:
            name = state.users[place].name
        elif place in state.conversations:
            others = [each for each in state.conversations[place].members if each != state.app.user_id]
            name = state.conversations[place].name or ", ".join(state.users[each].name for each in others)
        text = arguments.get("text")
        said = f", “{first_line(text, 60)}”" if isinstance(text, str) and text else ""
        return f" → {name}{said}"

    def _people_in(self, arguments: Json) -> tuple[str, ...]:
        state = self._world.state
        named = [str(arguments.get(key, "")) for key in ("channel", "user_id", "user", "users")]
        people = [each for name in named for each in name.split(",") if each in state.users]
        place = state.conversations.get(named[0])
        return tuple(people + (place.members if place is not None else []))

    # -- failing on purpose ------------------------------------------------------------------------------

    async def _fail_before(
        self, request: web.Request, fault: Fault, name: str, arguments: Json, token: str
    ) -> web.StreamResponse:
        self._note(name, arguments, f"failed on purpose ({fault.name})", status="failed", detail={})
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
            self._write_later(fault.seconds, name, arguments, token)
        await self._hang(request)
        return _cut(request)

    async def _hang(self, request: web.Request) -> None:
        """Until the caller gives up or the playground stops."""
        while not self.closing.is_set() and request.transport is not None and not request.transport.is_closing():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    await self.closing.wait()

    def _write_later(self, seconds: float, name: str, arguments: Json, token: str) -> None:
        async def later() -> None:
            await asyncio.sleep(seconds)
            self._perform(name, arguments, token)

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
