"""oauth.v2.access and the consent page behind it: a code for the installer, a token for the code."""

import base64
import binascii
import time

from playground.api.call import Answer, Call
from playground.grants import Grant
from playground.refusals import RefusalError
from playground.world import World

CODE_SECONDS = 600.0


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


def access(call: Call) -> Answer:
    """oauth.v2.access: the app is installed (again) with the scopes it asked for."""
    app, team = call.state.app, call.state.team
    client_id, secret = _client(call)
    if client_id != app.client_id:
        raise RefusalError("invalid_client_id")
    if secret != app.client_secret:
        raise RefusalError("bad_client_secret")
    given = call.world.grants.pop(call.text("code", "invalid_code"), None)
    if given is None or time.monotonic() - given.made > CODE_SECONDS:
        raise RefusalError("invalid_code")
    if call.text("redirect_uri") not in {"", given.redirect_uri}:
        raise RefusalError("bad_redirect_uri")
    app.scopes, app.revoked, app.removed = list(given.scopes), False, False
    call.state.keep(app)
    return {
        "app_id": app.id,
        "authed_user": {"id": given.user},
        "scope": ",".join(app.scopes),
        "token_type": "bot",
        "access_token": app.bot_token,
        "bot_user_id": app.user_id,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }
