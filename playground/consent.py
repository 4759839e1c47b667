"""The page an installer sees at /oauth/v2/authorize: what the app asks for, and two buttons."""

import hmac
from html import escape
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from playground.api.oauth import grant
from playground.world import World

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
ASKED = ("client_id", "scope", "state", "redirect_uri")


class Consent:
    """Asks, and sends the browser back to the app with a code or with access_denied."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """The question and its answer."""
        return [web.get("/oauth/v2/authorize", self._ask), web.post("/oauth/v2/authorize", self._decide)]

    async def _ask(self, request: web.Request) -> web.Response:
        asked = {name: request.query.get(name, "") for name in ASKED}
        problem = self._problem(asked)
        if problem:
            return self._page(f"<h1>This can't be installed</h1><p>{escape(problem)}</p>", 400)
        name = escape(self._world.manifest.name)
        scopes = "".join(f"<li>{escape(each)}</li>" for each in asked["scope"].split(",") if each)
        hidden = "".join(
            f'<input type="hidden" name="{escape(key)}" value="{escape(value, quote=True)}">'
            for key, value in {**asked, "key": self._world.state.memory.page_key}.items()
        )
        return self._page(
            f"<h1>{name} asks to be installed</h1><ul>{scopes}</ul><form method='post'>{hidden}"
            "<button name='answer' value='allow'>Allow</button>"
            " <button name='answer' value='deny'>Cancel</button></form>"
        )

    async def _decide(self, request: web.Request) -> web.Response:
        form = await request.post()
        asked = {name: str(form.get(name, "")) for name in ASKED}
        key = str(form.get("key", ""))
        problem = self._problem(asked)
        if problem or not hmac.compare_digest(key.encode(), self._world.state.memory.page_key.encode()):
            return self._page(f"<h1>This can't be installed</h1><p>{escape(problem or 'Begin again.')}</p>", 400)
        facts = {"state": asked["state"]} if asked["state"] else {}
        if form.get("answer") == "allow":
            scopes = tuple(each for each in asked["scope"].split(",") if each)
            owner = next((each for each in self._world.state.people() if each.is_primary_owner), None)
            installer = owner or self._world.state.people()[0]
            facts |= {"code": grant(self._world, installer.id, asked["redirect_uri"], scopes)}
        else:
            facts |= {"error": "access_denied"}
        join = "&" if urlsplit(asked["redirect_uri"]).query else "?"
        raise web.HTTPFound(f"{asked['redirect_uri']}{join}{urlencode(facts)}")

    def _problem(self, asked: dict[str, str]) -> str:
        """Why the app can't be installed like this; empty when it can."""
        manifest = self._world.manifest
        if asked["client_id"] != self._world.state.app.client_id:
            return "invalid_client_id: no app has this client id."
        unknown = sorted(set(asked["scope"].split(",")) - set(manifest.scopes) - {""})
        if unknown or not asked["scope"]:
            return f"invalid_scope: the manifest does not name {', '.join(unknown) or 'any'}."
        back = asked["redirect_uri"]
        allowed = any(back == each or back.startswith((f"{each}/", f"{each}?")) for each in manifest.redirect_urls)
        return "" if allowed else "bad_redirect_uri: the manifest does not name this redirect URL."

    def _page(self, body: str, status: int = 200) -> web.Response:
        text = f"<!DOCTYPE html><html lang='en'><meta charset='utf-8'><title>Local workspace</title>{body}</html>"
        return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS)
