"""Installing by OAuth: the consent page, the code and the token for it."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from playground import Playground
from tests.playground.kit import MANIFEST, running, web
from tests.playground.test_gate import refusal

BACK = "http://127.0.0.1:3000/slack/oauth_redirect"
# the library's own way of authenticating here is deprecated by aiohttp
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
OAUTH = {"redirect_urls": [BACK], **MANIFEST["oauth_config"]}


async def consent(playground: Playground, answer: str, **changes: str) -> dict[str, list[str]]:
    """Go through the page; what the app's redirect is given."""
    app = playground.world.state.app
    asked = {"client_id": app.client_id, "scope": "chat:write,commands", "state": "s1", "redirect_uri": BACK, **changes}
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{playground.url}/oauth/v2/authorize", params=asked) as got:
            text = await got.text()
        if got.status != 200:
            return {"refused": [text]}
        fields: dict[str, Any] = dict(re.findall(r'name="(\w+)" value="([^"]*)"', text))
        url = f"{playground.url}/oauth/v2/authorize"
        async with session.post(url, data={**fields, "answer": answer}, allow_redirects=False) as sent:
            assert sent.headers["Location"].startswith(BACK)
            return parse_qs(urlsplit(sent.headers["Location"]).query)


async def test_a_code_is_worth_one_token_with_the_scopes_asked_for() -> None:
    async with running(manifest={**MANIFEST, "oauth_config": OAUTH}) as playground:
        given = await consent(playground, "allow")
        assert given["state"] == ["s1"]
        app = playground.world.state.app
        secrets = {"client_id": app.client_id, "client_secret": app.client_secret, "redirect_uri": BACK}
        client = AsyncWebClient(base_url=playground.api_url, retry_handlers=[])
        token = await client.oauth_v2_access(code=given["code"][0], **secrets)
        assert (token["scope"], token["team"]["name"]) == ("chat:write,commands", "Harbour")
        await web(playground, token["access_token"]).auth_test()
        assert (await refusal(web(playground).users_list()))["error"] == "missing_scope"
        again = client.oauth_v2_access(code=given["code"][0], **secrets)
        assert (await refusal(again))["error"] == "invalid_code"


async def test_a_no_is_told_to_the_app() -> None:
    async with running(manifest={**MANIFEST, "oauth_config": OAUTH}) as playground:
        assert await consent(playground, "deny") == {"state": ["s1"], "error": ["access_denied"]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"redirect_uri": "https://evil.example"}, "bad_redirect_uri"),
        ({"redirect_uri": f"{BACK}.evil.example"}, "bad_redirect_uri"),
    ],
)
async def test_a_wrong_question_is_not_asked(change: dict[str, str], words: str) -> None:
    async with running(manifest={**MANIFEST, "oauth_config": OAUTH}) as playground:
        (text,) = (await consent(playground, "allow", **change))["refused"]
        assert words in text


async def test_a_wrong_client_gets_no_token() -> None:
    async with running(manifest={**MANIFEST, "oauth_config": OAUTH}) as playground:
        code = (await consent(playground, "allow"))["code"][0]
        app = playground.world.state.app
        client = AsyncWebClient(base_url=playground.api_url, retry_handlers=[])
        for secrets, error in (
            (("1.2", app.client_secret), "invalid_client_id"),
            ((app.client_id, "wrong"), "bad_client_secret"),
        ):
            call = client.oauth_v2_access(client_id=secrets[0], client_secret=secrets[1], code=code)
            assert (await refusal(call))["error"] == error
