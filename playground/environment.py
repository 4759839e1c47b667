"""What an app in any language has to be told to find this workspace: a few variables, ready to be sourced."""

import json
import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from playground.server import Playground

FORMATS = ("shell", "dotenv", "json")


def environment(playground: Playground) -> dict[str, str]:
    """The variables by the names Bolt and Slack's own samples use.

    The client's id and secret are there only for an app that is installed by OAuth, one whose manifest names
    redirect URLs: Bolt for Python takes them as the wish for OAuth and then leaves the bot token unused. Until the app
    is installed there is no bot token.
    """
    app = playground.world.state.app
    found = {"SLACK_BOT_TOKEN": app.bot_token} if app.bot_token else {}
    found |= {"SLACK_APP_TOKEN": app.app_token, "SLACK_SIGNING_SECRET": app.signing_secret}
    if playground.world.manifest.redirect_urls:
        found |= {"SLACK_CLIENT_ID": app.client_id, "SLACK_CLIENT_SECRET": app.client_secret}
    return found | {
        "SLACK_API_URL": playground.api_url,
        "SLACK_AUTHORIZE_URL": f"{playground.url}/oauth/v2/authorize",
    }


def written(variables: Mapping[str, str], style: str) -> str:
    """The variables as text: for `source`, for a .env file, or as JSON."""
    if style == "json":
        return json.dumps(dict(variables), indent=2) + "\n"
    prefix = "export " if style == "shell" else ""
    return "".join(f"{prefix}{name}={shlex.quote(value)}\n" for name, value in variables.items())


def write_privately(path: Path, text: str) -> None:
    """Into a file only its owner can read, also where it was open to others before."""
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        path.chmod(0o600)
        file.write(text)
