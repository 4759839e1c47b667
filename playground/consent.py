"""The page an installer sees at /oauth/v2/authorize: where and as whom, what the app asks for, and two buttons."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from playground.api.oauth import grant
from playground.records import User
from playground.world import Workspaces, World

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",  # with none, a browser sends the form with no Origin of ours
    "Cache-Control": "no-store",
}
ASKED = ("client_id", "scope", "user_scope", "state", "redirect_uri", "team")


@dataclass(frozen=True, slots=True)
class Installer:
    """Somebody of one workspace, as who they install."""

    world: World
    user: User

    @property
    def may(self) -> bool:
        """Guests and people of other organisations cannot install apps."""
        return not (self.user.is_restricted or self.user.is_stranger)


class Consent:
    """Asks, and sends the browser back to the app with a code or with access_denied."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    def routes(self) -> list[web.RouteDef]:
        """The question and its answer."""
        return [web.get("/oauth/v2/authorize", self._ask), web.post("/oauth/v2/authorize", self._decide)]

    async def _ask(self, request: web.Request) -> web.Response:
        asked = _asked(request.query)
        problem = self._problem(asked)
        if problem:
            return _page(f"<h1>This can't be installed</h1><p>{escape(problem)}</p>", 400)
        first = self._workspaces.first
        scopes = "".join(f"<li><code>{escape(each)}</code></li>" for each in asked["scope"].split(",") if each)
        hidden = "".join(
            f'<input type="hidden" name="{escape(key)}" value="{escape(value, quote=True)}">'
            for key, value in {**asked, "key": first.state.memory.page_key}.items()
        )
        return _page(
            f"<h1>{escape(first.manifest.name)} asks to be installed</h1><ul>{scopes}</ul><form method='post'>{hidden}"
            f"<p><label>Workspace and person <select name='person'>{self._choices(asked['team'])}</select></label></p>"
            "<p class='answers'><button class='button primary' name='answer' value='allow'>Allow</button>"
            "<button class='button' name='answer' value='deny'>Cancel</button></p></form>"
        )

    def _choices(self, team: str) -> str:
        wanted = [each for each in self._workspaces if team in {"", each.state.team.id}]
        return "".join(
            f'<optgroup label="{escape(world.state.team.name, quote=True)}">'
            f"{_options(world, preferred=world is wanted[0])}</optgroup>"
            for world in wanted
        )

    async def _decide(self, request: web.Request) -> web.Response:
        form = await request.post()
        asked = _asked({name: str(value) for name, value in form.items()})
        key, ours = str(form.get("key", "")), self._workspaces.first.state.memory.page_key
        problem = self._problem(asked)
        if problem or not hmac.compare_digest(key.encode(), ours.encode()):
            return _page(f"<h1>This can't be installed</h1><p>{escape(problem or 'Begin again.')}</p>", 400)
        installer = self._installer(str(form.get("person", "")), asked["team"])
        if installer is None:
            return _page("<h1>This can't be installed</h1><p>Choose who you are.</p>", 400)
        if not installer.may:
            return _page("<h1>This can't be installed</h1><p>Guests can't install apps here.</p>", 403)
        raise web.HTTPFound(_way_back(self._default(asked), self._answer(asked, str(form.get("answer")), installer)))

    def _answer(self, asked: dict[str, str], answer: str, installer: Installer) -> dict[str, str]:
        state = {"state": asked["state"]} if asked["state"] else {}
        if answer != "allow":
            return state | {"error": "access_denied"}
        scopes = tuple(each for each in asked["scope"].split(",") if each)
        return state | {"code": grant(installer.world, installer.user.id, asked["redirect_uri"], scopes)}

    def _installer(self, chosen: str, team: str) -> Installer | None:
        team_id, _, user_id = chosen.partition("/")
        world = self._workspaces.of_team(team_id)
        if world is None or team not in {"", team_id}:
            return None
        user = next((each for each in _present(world) if each.id == user_id), None)
        return Installer(world, user) if user else None

    def _default(self, asked: dict[str, str]) -> str:
        return asked["redirect_uri"] or self._workspaces.first.manifest.redirect_urls[0]

    def _problem(self, asked: dict[str, str]) -> str:
        """Why the app can't be installed like this; empty when it can."""
        manifest, app = self._workspaces.first.manifest, self._workspaces.first.state.app
        if asked["client_id"] != app.client_id:
            return "invalid_client_id: no app has this client id."
        unknown = sorted(set(f"{asked['scope']},{asked['user_scope']}".split(",")) - set(manifest.scopes) - {""})
        if unknown or not asked["scope"]:
            return f"invalid_scope: the manifest does not name {', '.join(unknown) or 'any'}."
        if asked["user_scope"]:
            return "invalid_scope: no tokens of people are given out here."
        if asked["team"] and self._workspaces.of_team(asked["team"]) is None:
            return "invalid_team: there is no such workspace."
        return _redirect_problem(asked["redirect_uri"], manifest.redirect_urls)


def _asked(given: Mapping[str, str]) -> dict[str, str]:
    return {name: given.get(name, "") for name in ASKED}


def _redirect_problem(back: str, known: tuple[str, ...]) -> str:
    if not known:
        return "bad_redirect_uri: the manifest names no redirect URL."
    allowed = not back or any(back == each or back.startswith((f"{each}/", f"{each}?")) for each in known)
    return "" if allowed else "bad_redirect_uri: the manifest does not name this redirect URL."


def _present(world: World) -> Iterable[User]:
    return [each for each in world.state.people() if not each.deleted and not each.foreign]


def _options(world: World, *, preferred: bool) -> str:
    able = [each for each in _present(world) if Installer(world, each).may]
    owner = next((each.id for each in able if each.is_primary_owner), "") if preferred else ""
    return "".join(
        f'<option value="{world.state.team.id}/{each.id}"{" selected" if each.id == owner else ""}>'
        f"{escape(each.name)}, {escape(world.state.team.name)}</option>"
        for each in able
    )


def _way_back(redirect_uri: str, facts: dict[str, str]) -> str:
    join = "&" if urlsplit(redirect_uri).query else "?"
    return f"{redirect_uri}{join}{urlencode(facts)}"


def _page(body: str, status: int = 200) -> web.Response:
    look = "<link rel='stylesheet' href='/page/tokens.css'><link rel='stylesheet' href='/page/consent.css'>"
    head = f"<meta charset='utf-8'><title>Local workspace</title>{look}"
    text = f"<!DOCTYPE html><html lang='en'><head>{head}</head><body><main>{body}</main></body></html>"
    return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS)
