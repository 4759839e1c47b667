"""auth.*, api.test, apps.*, team.info, bots.info: who the app is and where."""

from playground import leaving
from playground.api.call import Answer, Call
from playground.api.oauth import check_client
from playground.payloads import bot_profile
from playground.refusals import RefusalError


def test(call: Call) -> Answer:
    """auth.test: the app and its workspace."""
    app, team = call.state.app, call.state.team
    return {
        "url": call.world.url,
        "team": team.name,
        "user": call.state.users[app.user_id].username,
        "team_id": team.id,
        "user_id": app.user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


def api_test(call: Call) -> Answer:
    """api.test: hands the arguments back, and fails on demand."""
    if call.text("error"):
        raise RefusalError(call.text("error"), args=call.arguments)
    return {"args": call.arguments}


def connections_open(call: Call) -> Answer:
    """apps.connections.open: a single-use address for a socket."""
    if not call.world.manifest.socket_mode:
        raise RefusalError("forbidden_team")
    if call.world.hub.refusing:
        raise RefusalError("internal_error")
    address = call.world.base_url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link?ticket={call.world.hub.ticket()}&app_id={call.state.app.id}"}


def revoke(call: Call) -> Answer:
    """auth.revoke: the token is worthless from now on; `test` only asks."""
    if call.flag("test"):
        return {"revoked": False}
    leaving.revoke(call.world)
    return {"revoked": True}


def uninstall(call: Call) -> Answer:
    """apps.uninstall: the app leaves the workspace."""
    check_client(call)
    leaving.remove(call.world)
    return {}


def team_info(call: Call) -> Answer:
    """team.info: the workspace."""
    team = call.state.team
    if call.text("team") not in {"", team.id}:
        raise RefusalError("team_not_found")
    return {
        "team": {
            "id": team.id,
            "name": team.name,
            "url": call.world.url,
            "domain": team.domain,
            "email_domain": "",
            "icon": {"image_default": True},
            "avatar_base_url": "",
            "is_verified": False,
        }
    }


def bots_info(call: Call) -> Answer:
    """bots.info: the app as a bot."""
    app = call.state.app
    if call.text("bot") not in {"", app.bot_id}:
        raise RefusalError("bot_not_found")
    return {"bot": bot_profile(call.state) | {"user_id": app.user_id}}


def dnd_info(call: Call) -> Answer:
    """dnd.info: nobody of the cast has quiet hours of their own."""
    if call.text("user"):
        call.user()
    return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1, "snooze_enabled": False}
