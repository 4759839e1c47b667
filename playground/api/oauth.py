"""oauth.v2.*: a code for the installer, a token for the code, a new pair for a refresh token."""

import base64
import binascii
import time

from playground import leaving
from playground.api.call import Answer, Call
from playground.grants import Grant
from playground.records import App
from playground.refusals import RefusalError
from playground.seed import install_anew
from playground.tokens import LIFETIME, known, rotate
from playground.world import World


def grant(world: World, user_id: str, redirect_uri: str, scopes: tuple[str, ...]) -> str:
    """A single-use code for somebody who consented."""
    code = f"{world.ids.digits(13)}.{world.ids.hexadecimal(48)}"
    world.grants[code] = Grant(user_id, redirect_uri, scopes, time.monotonic())
    return code


def _client(call: Call) -> tuple[str, str]:
    basic = call.text("_authorization").removeprefix("Basic ")
    if call.text("_authorization").startswith("Basic "):
        try:
            client_id, _, secret = base64.b64decode(basic.encode(), validate=True).decode().partition(":")
        except (ValueError, binascii.Error) as problem:
            raise RefusalError("invalid_client_id") from problem
        return client_id, secret
    return call.text("client_id"), call.text("client_secret")


def check_client(call: Call) -> None:
    """Refuse whoever is not the app."""
    client_id, secret = _client(call)
    if client_id != call.state.app.client_id:
        raise RefusalError("invalid_client_id")
    if secret != call.state.app.client_secret:
        raise RefusalError("bad_client_secret")


def access(call: Call) -> Answer:
    """oauth.v2.access: the app is installed, or gets a new pair for a refresh token."""
    check_client(call)
    kind = call.text("grant_type") or "authorization_code"
    if kind == "refresh_token":
        return _refresh(call)
    if kind != "authorization_code":
        raise RefusalError("invalid_grant_type")
    given = _redeem(call)
    install_anew(call.state, call.world.manifest, given.scopes)
    leaving.come_back(call.world)
    return _installation(call) | {"authed_user": {"id": given.user}}


def _redeem(call: Call) -> Grant:
    given = call.world.grants.pop(call.text("code", "invalid_code"), None)
    if given is None or time.monotonic() - given.made > call.world.limits.code_seconds:
        raise RefusalError("invalid_code")
    expected = {given.redirect_uri} if given.redirect_uri else {"", call.world.manifest.redirect_urls[0]}
    if call.text("redirect_uri") not in expected:
        raise RefusalError("bad_redirect_uri")
    return given


def _refresh(call: Call) -> Answer:
    app, token = call.state.app, call.text("refresh_token", "invalid_refresh_token")
    if app.gone or token != app.refresh_token:
        raise RefusalError("invalid_refresh_token")
    rotate(app, call.world.ids, call.world.clock.seconds())
    call.state.keep(app)
    return _installation(call)


def exchange(call: Call) -> Answer:
    """oauth.v2.exchange: a token that never runs out becomes one that does, with a refresh token."""
    check_client(call)
    app = call.state.app
    if not call.world.manifest.rotates:
        raise RefusalError("token_rotation_not_enabled")
    if not call.token or not known(app, call.token):
        raise RefusalError("invalid_token")
    if app.gone or call.token in app.spent:
        raise RefusalError("authorization_not_found")
    if call.token == app.earlier_token:
        raise RefusalError("token_already_exchanged")
    if app.expires_at:
        raise RefusalError("invalid_token")
    rotate(app, call.world.ids, call.world.clock.seconds())
    call.state.keep(app)
    return _installation(call)


def _installation(call: Call) -> Answer:
    app, team = call.state.app, call.state.team
    found = {
        "app_id": app.id,
        "scope": ",".join(app.scopes),
        "token_type": "bot",
        "access_token": app.bot_token,
        "bot_user_id": app.user_id,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    return found | _rotation(app)


def _rotation(app: App) -> Answer:
    return {"refresh_token": app.refresh_token, "expires_in": LIFETIME} if app.refresh_token else {}
