"""A tool shed, after Slack's own pages for Bolt for Python: over HTTP, and installed by whoever wants it."""

import os
from typing import Any

from slack_bolt import App
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore

HERE = os.environ["TOOLS_URL"]
FOLDER = os.environ["TOOLS_FOLDER"]
TOOLS = ["Drill", "Drill press", "Hammer", "Saw"]

store = FileInstallationStore(base_dir=f"{FOLDER}/installations")

app = App(
    client=WebClient(base_url=os.environ["SLACK_API_URL"]),
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
    installation_store=store,  # here too, or Bolt renews tokens at slack.com and not at its client's base
    oauth_settings=OAuthSettings(
        client_id=os.environ["SLACK_CLIENT_ID"],
        client_secret=os.environ["SLACK_CLIENT_SECRET"],
        scopes=["chat:write", "commands", "im:history", "im:write", "users:read"],
        redirect_uri=f"{HERE}/slack/oauth_redirect",
        authorization_url=os.environ["SLACK_AUTHORIZE_URL"],
        installation_store=store,
        state_store=FileOAuthStateStore(expiration_seconds=600, base_dir=f"{FOLDER}/states"),
        token_rotation_expiration_minutes=int(os.environ["TOOLS_RENEW_MINUTES"]),
    ),
)


def plain(text: str) -> dict[str, Any]:
    """Words without markup."""
    return {"type": "plain_text", "text": text}


def form() -> dict[str, Any]:
    """Which tool, and for how many days."""
    tool = {"type": "external_select", "action_id": "tools", "min_query_length": 0}
    days = {"type": "number_input", "action_id": "number", "is_decimal_allowed": False}
    return {
        "type": "modal",
        "callback_id": "loan",
        "title": plain("Tool shed"),
        "submit": plain("Borrow"),
        "blocks": [
            {"type": "input", "block_id": "tool", "label": plain("Which tool?"), "element": tool},
            {"type": "input", "block_id": "days", "label": plain("For how many days?"), "element": days},
        ],
    }


def note(text: str, *buttons: dict[str, Any]) -> list[dict[str, Any]]:
    """A line, and perhaps buttons below it."""
    line = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return [line, {"type": "actions", "block_id": "loan", "elements": list(buttons)}] if buttons else [line]


@app.command("/borrow")
def borrow(ack: Any, body: dict[str, Any], client: WebClient) -> None:
    """Ask which."""
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=form())


@app.shortcut("borrow_tool")
def borrow_by_shortcut(ack: Any, shortcut: dict[str, Any], client: WebClient) -> None:
    """The same from the menu of shortcuts."""
    ack()
    client.views_open(trigger_id=shortcut["trigger_id"], view=form())


@app.options("tools")
def offer(ack: Any, payload: dict[str, Any]) -> None:
    """The tools whose names hold these letters."""
    asked = payload["value"].lower()
    ack(options=[{"text": plain(each), "value": each} for each in TOOLS if asked in each.lower()])


@app.view("loan")
def lend(ack: Any, body: dict[str, Any], view: dict[str, Any], client: WebClient) -> None:
    """A fortnight at most; then the borrower is told, in this workspace's own words."""
    values = view["state"]["values"]
    days = int(values["days"]["number"]["value"])
    if days > 14:
        ack(response_action="errors", errors={"days": "A fortnight is the most."})
        return
    ack()
    tool = values["tool"]["tools"]["selected_option"]["value"]
    text = f"{tool} is yours for {days} days ({body['team']['domain']})"
    back = {"type": "button", "action_id": "bring_back", "text": plain("Bring it back"), "value": tool}
    client.chat_postMessage(channel=body["user"]["id"], text=text, blocks=note(text, back))


@app.action("bring_back")
def bring_back(ack: Any, action: dict[str, Any], respond: Any) -> None:
    """Rewrite the message by its own address."""
    ack()
    text = f"{action['value']} is back. Thank you!"
    respond(text=text, blocks=note(text), replace_original=True)


@app.event("message")
def listen(event: dict[str, Any], say: Any) -> None:
    """Answer in a thread."""
    if "subtype" not in event:
        say(text="Type /borrow to borrow a tool.", thread_ts=event["ts"])


@app.event("app_home_opened")
def show(event: dict[str, Any], client: WebClient, context: dict[str, Any]) -> None:
    """Which tools there are, and by whose token that was said."""
    if event["tab"] == "home":
        text = f"{', '.join(TOOLS)} in {context['team_id']}"
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": note(text)})


app.enable_token_revocation_listeners()

if __name__ == "__main__":
    print("ready", flush=True)  # noqa: T201  (whoever starts it waits for this)
    app.start(port=int(os.environ["PORT"]))
