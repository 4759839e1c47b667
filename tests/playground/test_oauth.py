"""Installing by consent: who may, what is asked, the code and the token for it, and the way back to the app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from aiohttp import web as http
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore

from playground import Playground, Workspace
from playground.driver_browser import Page
from tests.playground.kit import MANIFEST, connected, running
from tests.playground.neighbours import client, manifest_for, two
from tests.playground.test_gate import refusal

BACK = "http://127.0.0.1:3000/slack/oauth_redirect"
ELSEWHERE = "http://127.0.0.1:3000/other"
# the library's own way of authenticating here is deprecated by aiohttp
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
Json = dict[str, Any]


def question(playground: Playground, **changes: str) -> str:
    """The consent page's address, as an app writes it."""
    app = playground.world.state.app
    asked = {"client_id": app.client_id, "scope": "chat:write,commands", "state": "s1", "redirect_uri": BACK, **changes}
    return f"{playground.url}/oauth/v2/authorize?{urlencode({name: each for name, each in asked.items() if each})}"


@asynccontextmanager
async def nowhere() -> AsyncIterator[list[str]]:
    """An app's redirect address that only remembers what it was called with."""
    called: list[str] = []

    async def remember(request: http.Request) -> http.Response:
        called.append(str(request.url))
        return http.Response(text="Back at the app.")

    app = http.Application()
    app.add_routes([http.get("/{path:.*}", remember)])
    runner = http.AppRunner(app)
    await runner.setup()
    await http.TCPSite(runner, "127.0.0.1", 0).start()
    called.append(f"http://127.0.0.1:{runner.addresses[0][1]}")
    try:
        yield called
    finally:
        await runner.cleanup()


async def code_for(playground: Playground, workspace: Workspace, who: str = "noor", **changes: str) -> str:
    """What the app is handed when somebody allows it."""
    browser = workspace.person(who).browser()
    page = await browser.open(question(playground, **changes))
    assert page.asks, page.text
    return facts_of(await browser.decide(page))["code"][0]


def facts_of(page: Page) -> dict[str, list[str]]:
    """What the way back carries."""
    return parse_qs(urlsplit(page.url).query)


def secrets(playground: Playground, **more: str) -> Json:
    """How the app shows who it is."""
    app = playground.world.state.app
    return {"client_id": app.client_id, "client_secret": app.client_secret, "redirect_uri": BACK, **more}


async def redeem(playground: Playground, code: str, **more: str) -> Any:
    """The token for a code."""
    return await client(playground, None).oauth_v2_access(code=code, **secrets(playground, **more))


@pytest.fixture(autouse=True)
async def back(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[str]]:
    """Where the app takes people back, for every test here."""
    async with nowhere() as called:
        monkeypatch.setattr("tests.playground.test_oauth.BACK", f"{called[0]}/slack/oauth_redirect")
        yield called


async def test_an_app_that_nobody_installed_is_nowhere() -> None:
    async with two(manifest=manifest_for(BACK), installed=False) as (playground, harbour, fjord):
        assert [each.is_installed for each in (harbour, fjord)] == [False, False]
        assert [each.bot_token for each in (harbour, fjord)] == ["", ""]
        assert (await harbour.person("noor").command("/lantern")).error == "invalid_command"
        assert (await refusal(client(playground, "").auth_test()))["error"] == "not_authed"
        await harbour.person("noor").say("nobody hears it")
        await harbour.settled()
        assert not [each for each in harbour.journal if each.kind == "socket"]


async def test_whoever_installs_it_brings_it_to_their_workspace_alone() -> None:
    async with two(manifest=manifest_for(BACK), installed=False) as (playground, harbour, fjord):
        token = await redeem(playground, await code_for(playground, fjord, "erik"))
        assert token.data == {
            "ok": True,
            "app_id": playground.world.state.app.id,
            "authed_user": {"id": fjord.person("erik").id},
            "scope": "chat:write,commands",
            "token_type": "bot",
            "access_token": fjord.bot_token,
            "bot_user_id": fjord.bot_user_id,
            "team": {"id": fjord.team_id, "name": "Fjord"},
            "enterprise": None,
            "is_enterprise_install": False,
        }
        assert token["access_token"].startswith("xoxb-playground-")
        assert [each.is_installed for each in (harbour, fjord)] == [False, True]
        here = await client(playground, token["access_token"]).auth_test()
        assert (here["team_id"], here["user_id"]) == (fjord.team_id, fjord.bot_user_id)
        assert (await refusal(client(playground, token["access_token"]).users_list()))["error"] == "missing_scope"


async def test_installing_again_adds_scopes_and_keeps_the_bot_user_and_its_token() -> None:
    async with two(manifest=manifest_for(BACK), installed=False) as (playground, harbour, _):
        first = await redeem(playground, await code_for(playground, harbour))
        again = await redeem(playground, await code_for(playground, harbour, "tomas", scope="users:read,commands"))
        assert again["scope"] == "chat:write,commands,users:read"
        assert again["bot_user_id"] == first["bot_user_id"]
        assert again["access_token"] == first["access_token"]
        assert again["authed_user"]["id"] == harbour.person("tomas").id
        await client(playground, first["access_token"]).users_list()


async def test_after_a_removal_a_new_token_is_given_and_the_old_one_stays_dead() -> None:
    async with two(manifest=manifest_for(BACK)) as (playground, harbour, _):
        old, user = harbour.bot_token, harbour.bot_user_id
        harbour.remove_app()
        token = await redeem(playground, await code_for(playground, harbour))
        assert token["access_token"] != old
        assert (token["bot_user_id"], token["scope"]) == (user, "chat:write,commands")
        assert (await refusal(client(playground, old).auth_test()))["error"] == "account_inactive"
        await client(playground, token["access_token"]).auth_test()


async def test_a_code_is_for_one_token() -> None:
    async with running(manifest=manifest_for(BACK), installed=False) as playground:
        code = await code_for(playground, playground.workspace)
        await redeem(playground, code)
        assert (await refusal(redeem(playground, code)))["error"] == "invalid_code"
        assert (await refusal(redeem(playground, "made.up")))["error"] == "invalid_code"


async def test_a_code_is_for_ten_minutes() -> None:
    async with running(manifest=manifest_for(BACK), installed=False) as playground:
        assert playground.limits.code_seconds == 600.0
        code = await code_for(playground, playground.workspace)
        playground.limits.code_seconds = 0.0
        assert (await refusal(redeem(playground, code)))["error"] == "invalid_code"
        assert not playground.workspace.is_installed


async def test_the_way_back_must_be_the_one_that_was_asked_for() -> None:
    async with running(manifest=manifest_for(BACK, ELSEWHERE), installed=False) as playground:
        for wrong in (ELSEWHERE, ""):
            code = await code_for(playground, playground.workspace)
            assert (await refusal(redeem(playground, code, redirect_uri=wrong)))["error"] == "bad_redirect_uri"
        code = await code_for(playground, playground.workspace, redirect_uri="")
        assert (await redeem(playground, code, redirect_uri=""))["ok"] is True


async def test_a_wrong_client_gets_no_token() -> None:
    async with running(manifest=manifest_for(BACK), installed=False) as playground:
        code = await code_for(playground, playground.workspace)
        for changes, word in (
            ({"client_id": "1.2"}, "invalid_client_id"),
            ({"client_secret": "wrong"}, "bad_client_secret"),
            ({"grant_type": "password"}, "invalid_grant_type"),
        ):
            assert (await refusal(redeem(playground, code, **changes)))["error"] == word


async def test_a_no_is_told_to_the_app() -> None:
    async with running(manifest=manifest_for(BACK), installed=False) as playground:
        page = await playground.workspace.person("noor").install(question(playground), answer="deny")
        assert (page.status, page.text) == (200, "Back at the app.")
        assert facts_of(page) == {"state": ["s1"], "error": ["access_denied"]}
        assert not playground.workspace.is_installed


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"user_scope": "chat:write"}, "invalid_scope"),
        ({"redirect_uri": "https://evil.example"}, "bad_redirect_uri"),
        ({"redirect_uri": "{back}.evil.example"}, "bad_redirect_uri"),
        ({"team": "T0NOWHERE00"}, "invalid_team"),
    ],
)
async def test_a_wrong_question_is_not_asked(change: dict[str, str], words: str) -> None:
    async with running(manifest=manifest_for(BACK)) as playground:
        there = {name: each.format(back=BACK) for name, each in change.items()}
        page = await playground.workspace.person("noor").install(question(playground, **there))
        assert (page.status, page.asks) == (400, False)
        assert words in page.text


async def test_a_manifest_without_a_way_back_cannot_be_installed_by_consent() -> None:
    async with running() as playground:
        page = await playground.workspace.person("noor").install(question(playground))
        assert "bad_redirect_uri" in page.text


async def test_only_members_are_offered_and_a_guest_who_asks_all_the_same_is_refused() -> None:
    async with two(manifest=manifest_for(BACK), installed=False) as (playground, harbour, fjord):
        browser = harbour.person("gus").browser()
        page = await browser.open(question(playground))
        assert browser.offered(page) == ["Noor Haddad", "Tomás Silva", "Ingrid Berg"]
        assert fjord.person("noor").browser().offered(page) == ["Noor Hansen", "Erik Dahl"]
        assert "chat:write" in page.text
        assert (await browser.decide(page)).status == 403
        assert (await harbour.person("ada").browser().decide(page)).status == 400
        assert not harbour.is_installed


async def test_a_question_about_one_workspace_offers_nobody_of_another() -> None:
    async with two(manifest=manifest_for(BACK), installed=False) as (playground, harbour, fjord):
        browser = harbour.person("noor").browser()
        page = await browser.open(question(playground, team=fjord.team_id))
        assert browser.offered(page) == []
        assert (await browser.decide(page)).status == 400


async def test_a_page_made_by_somebody_else_installs_nothing() -> None:
    async with running(manifest=manifest_for(BACK), installed=False) as playground:
        browser = playground.workspace.person("noor").browser()
        page = await browser.open(question(playground))
        key = playground.world.state.memory.page_key
        forged = Page(page.status, page.text.replace(key, "guessed"), page.url)
        assert (await browser.decide(forged)).status == 400


# -- a whole app -----------------------------------------------------------------------------------------


async def flow(app: AsyncApp, request: http.Request) -> http.StreamResponse:
    """Bolt's two pages."""
    asked = await to_bolt_request(request)
    assert app.oauth_flow is not None
    install = request.path.endswith("/install")
    handle = app.oauth_flow.handle_installation if install else app.oauth_flow.handle_callback
    return await to_aiohttp_response(await handle(asked))


@asynccontextmanager
async def bolt_app(folder: Path) -> AsyncIterator[tuple[Playground, str]]:
    """A Bolt app that is installed by consent at an address of its own and listens on the socket."""
    doors: dict[str, AsyncApp] = {}

    async def serve(request: http.Request) -> http.StreamResponse:
        return await flow(doors["app"], request)

    app = http.Application()
    app.add_routes([http.get("/slack/install", serve), http.get("/slack/oauth_redirect", serve)])
    runner = http.AppRunner(app)
    await runner.setup()
    await http.TCPSite(runner, "127.0.0.1", 0).start()
    here = f"http://127.0.0.1:{runner.addresses[0][1]}"
    manifest = manifest_for(f"{here}/slack/oauth_redirect")
    async with two(manifest=manifest, installed=False) as (playground, _, _):
        doors["app"] = bolt_installed_by_consent(playground, f"{here}/slack/oauth_redirect", folder)
        async with connected(playground, doors["app"]):
            yield playground, f"{here}/slack/install"
    await runner.cleanup()


def bolt_installed_by_consent(playground: Playground, back: str, folder: Path) -> AsyncApp:
    """It says hello to whoever writes to it."""
    known = playground.world.state.app
    settings = AsyncOAuthSettings(
        client_id=known.client_id,
        client_secret=known.client_secret,
        scopes=MANIFEST["oauth_config"]["scopes"]["bot"],
        redirect_uri=back,
        installation_store=FileInstallationStore(base_dir=str(folder / "installed")),
        state_store=FileOAuthStateStore(expiration_seconds=600, base_dir=str(folder / "states")),
    )
    app = AsyncApp(oauth_settings=settings, client=client(playground, None), signing_secret=known.signing_secret)

    @app.event("message")
    async def greet(say: Any, context: Any) -> None:
        await say(f"Hello from {context.team_id}")

    return app


async def test_a_bolt_app_is_installed_in_two_workspaces_and_answers_in_each(tmp_path: Path) -> None:
    async with bolt_app(tmp_path) as (playground, install):
        harbour, fjord = playground.workspaces
        for workspace, who in ((harbour, "tomas"), (fjord, "erik")):
            page = await workspace.person(who).install(install)
            assert page.status == 200, page.text
            assert workspace.is_installed
            await workspace.person("noor").say("anybody there?")
            answer = await workspace.person("noor").message()
            assert answer.text == f"Hello from {workspace.team_id}"
        assert len(harbour.person("noor").all_messages()) == 1


async def test_a_state_that_another_browser_was_given_installs_nothing(tmp_path: Path) -> None:
    async with bolt_app(tmp_path) as (playground, install):
        noor, tomas = (playground.workspace.person(who) for who in ("noor", "tomas"))
        begun = await noor.browser().open(install)
        assert begun.asks
        ended = await tomas.browser().decide(begun)
        assert "code" in facts_of(ended)
        assert not playground.workspace.is_installed
        forged = noor.browser()
        page = await forged.open(install)
        assert (
            await forged.decide(
                Page(page.status, page.text.replace('name="state" value="', 'name="state" value="x'), page.url)
            )
        ).status >= 400
        assert not playground.workspace.is_installed


async def test_a_no_comes_back_to_the_bolt_app(tmp_path: Path) -> None:
    async with bolt_app(tmp_path) as (playground, install):
        page = await playground.workspace.person("noor").install(install, answer="deny")
        assert "access_denied" in page.text
        assert not playground.workspace.is_installed
