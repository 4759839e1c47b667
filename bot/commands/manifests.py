"""`mentorbot manifest`: the Slack app as one pastes it, for a socket or for an address of one's own."""

import argparse
import copy
import re
from pathlib import Path
from typing import Any

import yaml

from bot.front import PATH
from bot.settings import Settings, SettingsError

ADDRESS = re.compile(r"https://[^/\s]+\S*")


def command(settings: Settings, options: argparse.Namespace) -> int:  # noqa: ARG001  (every command takes both)
    """Print it, ready to paste."""
    if options.http is None:
        print(_path().read_text(encoding="utf-8"), end="")
        return 0
    if not ADDRESS.fullmatch(options.http):
        message = (
            "Slack calls https addresses only. Say where it finds the bot: "
            "`mentorbot manifest --http https://mentor.example.org`."
        )
        raise SettingsError(message)
    print(yaml.safe_dump(over_http(manifest(), options.http), sort_keys=False, allow_unicode=True), end="")
    return 0


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


def _path() -> Path:
    here = Path(__file__).parent.parent
    return next(p for p in (here / "manifest.yml", here.parent / "manifest.yml") if p.exists())
