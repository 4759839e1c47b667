"""Carrying out one call: the token, the scope, the rate; the method; the answer and the journal."""

import re
from dataclasses import dataclass

from aiohttp import web

from playground.api.call import Call, missing_scope
from playground.api.table import METHODS, Method, Token
from playground.records import Json
from playground.refusals import RefusalError
from playground.shapes import first_line
from playground.tokens import known, refusal_of
from playground.world import World

REAL = re.compile(r"(?!.*-playground-)(xox[a-z.\-]*-?\d{9,}|xoxe(\.xox[bp])?-\d-|xapp-\d-A)")


@dataclass(frozen=True, slots=True)
class Calling:
    """One call of a method, by its name, in one workspace."""

    world: World
    name: str
    arguments: Json
    token: str

    def perform(self) -> web.Response:
        """Do it, and tell what came of it."""
        try:
            answer = self._run()
        except RefusalError as refusal:
            return self.answered(refusal.answer(), refusal)
        return self.answered(answer, None)

    def _run(self) -> Json:
        method = METHODS.get(self.name)
        if method is None:
            raise RefusalError("unknown_method", req_method=self.name)
        scopes = self._allowed(method)
        wait = self.world.rates.wait_for_method(self.name, method.tier)
        if wait:
            raise RefusalError("ratelimited", wait=wait)
        call = Call(self.world, self.name, self.arguments, scopes, token=self.token)
        answer = {"ok": True, **method.run(call)}
        if call.warnings:
            answer["warning"] = ",".join(call.warnings)
            metadata = answer.setdefault("response_metadata", {})
            metadata["warnings"] = call.warnings
        return answer

    # -- tokens ------------------------------------------------------------------------------------------

    def _allowed(self, method: Method) -> frozenset[str]:
        app = self.world.state.app
        if method.token is Token.NONE:
            return frozenset(app.scopes)
        if not self.token:
            raise RefusalError("not_authed")
        scopes = self._scopes()
        if (self.token == app.app_token) != (method.token is Token.APP):
            raise RefusalError("not_allowed_token_type")
        if method.scopes and not scopes.intersection(method.scopes):
            raise missing_scope(scopes, method.scopes)
        return scopes

    def _scopes(self) -> frozenset[str]:
        app = self.world.state.app
        if self.token == app.app_token:
            return frozenset({"connections:write"})
        if not known(app, self.token):
            if REAL.match(self.token):
                words = "A token that looks like a real one was turned away"
                self.world.journal.note("api", words, status="refused")
            raise RefusalError("invalid_auth")
        word = refusal_of(app, self.token, self.world.clock.seconds())
        if word:
            raise RefusalError(word)
        return frozenset(app.scopes)

    # -- answers -----------------------------------------------------------------------------------------

    def answered(self, answer: Json, refusal: RefusalError | None) -> web.Response:
        """The HTTP answer, noted."""
        words = "ok" if refusal is None else str(answer["error"])
        self.note(words, status="ok" if refusal is None else "refused", detail=answer)
        headers = {"X-Slack-Req-Id": self.world.ids.hexadecimal()}
        method = METHODS.get(self.name)
        if method is not None and method.token is Token.BOT and known(self.world.state.app, self.token):
            headers["X-OAuth-Scopes"] = ",".join(self.world.state.app.scopes)
            headers["X-Accepted-OAuth-Scopes"] = ",".join(method.scopes)
        if refusal is not None and refusal.wait:
            headers["Retry-After"] = str(refusal.wait)
        code = 429 if refusal is not None and refusal.wait else 200
        return web.json_response(answer, status=code, headers=headers)

    def note(self, words: str, *, status: str, detail: Json) -> None:
        """Write the call down."""
        about = self._about()
        title = f"{self.name}{about}" if status == "ok" else f"{self.name}{about}: {words}"
        shown = {key: value for key, value in self.arguments.items() if not key.startswith("_")}
        self.world.journal.note("api", title, status=status, detail={"arguments": shown, "answer": detail})

    def _about(self) -> str:
        state, arguments = self.world.state, self.arguments
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

    def people(self) -> tuple[str, ...]:
        """Who takes part, for faults about somebody."""
        state = self.world.state
        named = [str(self.arguments.get(key, "")) for key in ("channel", "user_id", "user", "users")]
        people = [each for name in named for each in name.split(",") if each in state.users]
        place = state.conversations.get(named[0])
        return tuple(people + (place.members if place is not None else []))
