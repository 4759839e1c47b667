"""`mentorbot manifest`: the Slack app as one pastes it, for a socket or for an address, for one workspace or many."""

import argparse
import copy
import re
from pathlib import Path
from typing import Any

import yaml

from bot.front import PATH
from bot.installing import BACK
from bot.settings import Settings, SettingsError

ADDRESS = re.compile(r"https://[^/\s]+\S*")


def command(settings: Settings, options: argparse.Namespace) -> int:  # noqa: ARG001  (every command takes both)
    """Print it, ready to paste."""
    if options.http is None and options.oauth is None:
        print(_path().read_text(encoding="utf-8"), end="")
        return 0
    app = manifest()
    if options.oauth is not None:
        app = installable(app, _address(options.oauth, "--oauth"))
    if options.http is not None:
        app = over_http(app, _address(options.http, "--http"))
    print(yaml.safe_dump(app, sort_keys=False, allow_unicode=True), end="")
    return 0


def _address(given: str, option: str) -> str:
    if not ADDRESS.fullmatch(given):
        message = (
            "Slack calls https addresses only. Say where it finds the bot: "
            f"`mentorbot manifest {option} https://mentor.example.org`."
        )
        raise SettingsError(message)
    return given


def manifest() -> dict[str, Any]:
    """The app's own manifest, from beside the packages or from inside the installed one."""
    found: dict[str, Any] = yaml.safe_load(_path().read_text(encoding="utf-8"))
    return found


def over_http(socket: dict[str, Any], base: str) -> dict[str, Any]:
    """The same app, called at an address instead of by a socket."""
    url, app = base.rstrip("/") + PATH, copy.deepcopy(socket)
    for command_ in app["features"]["slash_commands"]:
        command_["url"] = url
    app["settings"]["event_subscriptions"] = {"request_url": url, **app["settings"]["event_subscriptions"]}
    app["settings"]["interactivity"]["request_url"] = url
    app["settings"]["socket_mode_enabled"] = False
    return app


def installable(app: dict[str, Any], base: str) -> dict[str, Any]:
    """The same app, for workspaces to install by themselves: its tokens rotate, and the browser comes back to us."""
    offered = copy.deepcopy(app)
    offered["oauth_config"] = {"redirect_urls": [base.rstrip("/") + BACK], **offered["oauth_config"]}
    offered["settings"]["token_rotation_enabled"] = True
    return offered


def _path() -> Path:
    here = Path(__file__).parent.parent
    return next(p for p in (here / "manifest.yml", here.parent / "manifest.yml") if p.exists())
