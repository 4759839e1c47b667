"""Tokens that run out: a new pair for each refresh token, once, and what the clock does to the old ones."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator

from playground import Playground, Workspace
from tests.playground.kit import running
from tests.playground.neighbours import client, manifest_for, two
from tests.playground.test_gate import refusal
from tests.playground.test_oauth import code_for, nowhere, redeem, secrets

pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
BACK = "http://127.0.0.1:3000/slack/oauth_redirect"
TWELVE_HOURS = timedelta(seconds=43_200)
ROTATES = manifest_for(BACK, rotates=True)


async def refresh(playground: Playground, token: str, **more: str) -> Any:
    """A new pair for this refresh token."""
    facts = secrets(playground, grant_type="refresh_token", refresh_token=token, **more)
    del facts["redirect_uri"]
    return await client(playground, None).api_call("oauth.v2.access", data=facts)


async def pass_by(playground: Playground, span: timedelta) -> None:
    """The world's time goes on."""
    await playground.step_to(playground.clock.now() + span)


async def test_a_token_that_rotates_looks_like_none_of_the_real_ones_and_runs_out() -> None:
    async with running(manifest=ROTATES) as playground:
        workspace = playground.workspace
        assert workspace.bot_token.startswith("xoxe.xoxb-playground-")
        assert workspace.refresh_token.startswith("xoxe-playground-")
        web = client(playground, workspace.bot_token)
        await pass_by(playground, TWELVE_HOURS - timedelta(minutes=1))
        await web.auth_test()
        await pass_by(playground, timedelta(minutes=2))
        assert (await refusal(web.auth_test()))["error"] == "token_expired"


async def test_without_rotation_nothing_runs_out() -> None:
    async with running() as playground:
        assert (playground.workspace.refresh_token, playground.bot_token[:16]) == ("", "xoxb-playground-")
        await pass_by(playground, timedelta(days=400))
        await client(playground, playground.bot_token).auth_test()


async def test_a_refresh_token_is_worth_one_new_pair() -> None:
    async with running(manifest=ROTATES) as playground:
        workspace = playground.workspace
        old, first = workspace.bot_token, workspace.refresh_token
        answer = await refresh(playground, first)
        assert answer.data == {
            "ok": True,
            "app_id": playground.world.state.app.id,
            "scope": ",".join(playground.world.manifest.scopes),
            "token_type": "bot",
            "access_token": workspace.bot_token,
            "bot_user_id": workspace.bot_user_id,
            "team": {"id": workspace.team_id, "name": "Harbour"},
            "enterprise": None,
            "is_enterprise_install": False,
            "refresh_token": workspace.refresh_token,
            "expires_in": 43200,
        }
        assert answer["access_token"] != old
        assert answer["refresh_token"] != first
        await client(playground, answer["access_token"]).auth_test()
        for token in (first, "xoxe-playground-made-up", ""):
            assert (await refusal(refresh(playground, token)))["error"] == "invalid_refresh_token"


async def test_two_tokens_work_at_most_and_each_to_its_own_end() -> None:
    async with running(manifest=ROTATES) as playground:
        workspace, tokens = playground.workspace, [playground.bot_token]
        await pass_by(playground, timedelta(hours=11))
        await refresh(playground, workspace.refresh_token)
        tokens.append(workspace.bot_token)
        for token in tokens:
            await client(playground, token).auth_test()
        await pass_by(playground, timedelta(hours=2))
        assert (await refusal(client(playground, tokens[0]).auth_test()))["error"] == "token_expired"
        await client(playground, tokens[1]).auth_test()
        for _ in range(2):
            await refresh(playground, workspace.refresh_token)
        assert (await refusal(client(playground, tokens[1]).auth_test()))["error"] == "token_revoked"


async def test_a_refresh_token_of_one_workspace_renews_only_that_one() -> None:
    async with two(manifest=ROTATES) as (playground, harbour, fjord):
        before = harbour.bot_token
        answer = await refresh(playground, fjord.refresh_token)
        assert (answer["team"]["id"], harbour.bot_token) == (fjord.team_id, before)


async def test_a_wrong_client_gets_no_pair() -> None:
    async with running(manifest=ROTATES) as playground:
        for changes, word in (
            ({"client_id": "1.2"}, "invalid_client_id"),
            ({"client_secret": "wrong"}, "bad_client_secret"),
        ):
            call = refresh(playground, playground.workspace.refresh_token, **changes)
            assert (await refusal(call))["error"] == word
        assert (await refresh(playground, playground.workspace.refresh_token))["ok"] is True


@pytest.mark.parametrize("how", ["revoke_token", "remove_app"])
async def test_the_end_of_the_app_is_the_end_of_its_refresh_token(how: str) -> None:
    async with running(manifest=ROTATES) as playground:
        token = playground.workspace.refresh_token
        getattr(playground.workspace, how)()
        assert (await refusal(refresh(playground, token)))["error"] == "invalid_refresh_token"


async def test_a_consent_gives_a_pair_too() -> None:
    async with nowhere() as called:
        back = f"{called[0]}/back"
        async with running(manifest=manifest_for(back, rotates=True), installed=False) as playground:
            for _ in range(2):
                code = await code_for(playground, playground.workspace, redirect_uri=back)
                answer = await redeem(playground, code, redirect_uri=back)
                assert answer["expires_in"] == 43200
                assert answer["refresh_token"] == playground.workspace.refresh_token
                await client(playground, answer["access_token"]).auth_test()


async def test_the_library_s_own_rotator_renews_it() -> None:
    async with running(manifest=ROTATES) as playground:
        workspace, app = playground.workspace, playground.world.state.app
        rotator = AsyncTokenRotator(
            client_id=app.client_id, client_secret=app.client_secret, client=client(playground, None)
        )
        old = Installation(
            user_id=workspace.person("ingrid").id,
            team_id=workspace.team_id,
            bot_token=workspace.bot_token,
            bot_refresh_token=workspace.refresh_token,
            bot_token_expires_at=0,
        )
        new = await rotator.perform_token_rotation(installation=old)
        assert new is not None
        assert (new.bot_token, new.bot_refresh_token) == (workspace.bot_token, workspace.refresh_token)


# -- from a token that never runs out to one that does ---------------------------------------------------


async def exchange(playground: Playground, workspace: Workspace, token: str | None = None, **more: str) -> Any:
    """oauth.v2.exchange for the token there is."""
    facts, given = secrets(playground, **more), workspace.bot_token if token is None else token
    client_id, secret = facts["client_id"], facts["client_secret"]
    return await client(playground, given).oauth_v2_exchange(token=given, client_id=client_id, client_secret=secret)


async def test_a_long_lived_token_is_exchanged_once(tmp_path: Path) -> None:
    async with running(home=tmp_path) as before:
        old = before.bot_token
        assert (await refusal(exchange(before, before.workspace)))["error"] == "token_rotation_not_enabled"
    async with running(home=tmp_path, manifest=ROTATES) as playground:
        workspace = playground.workspace
        assert workspace.bot_token == old
        await client(playground, old).auth_test()
        answer = await exchange(playground, workspace)
        assert (answer["access_token"], answer["expires_in"]) == (workspace.bot_token, 43200)
        assert answer["access_token"].startswith("xoxe.xoxb-playground-")
        assert (await refusal(exchange(playground, workspace, old)))["error"] == "token_already_exchanged"
        assert (await refusal(exchange(playground, workspace)))["error"] == "invalid_token"
        assert (await refusal(exchange(playground, workspace, "xoxb-nobody")))["error"] == "invalid_token"
        await refresh(playground, answer["refresh_token"])
        assert (await refusal(exchange(playground, workspace, old)))["error"] == "authorization_not_found"


async def test_an_exchange_asks_who_the_app_is() -> None:
    async with running(manifest=ROTATES) as playground:
        call = exchange(playground, playground.workspace, client_id="1.2")
        assert (await refusal(call))["error"] == "invalid_client_id"
        call = exchange(playground, playground.workspace, client_secret="wrong")  # noqa: S106  (it is meant to be)
        assert (await refusal(call))["error"] == "bad_client_secret"
