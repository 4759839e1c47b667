"""Slack's payloads, read into one shape, whatever is in them; every id is a claim that services check again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from bot.slack.calls import Source
from bot.slack.router import RouteKind
from bot.slack.signing import Signed

Json = Mapping[str, Any]
PARTING = frozenset({"app_uninstalled", "tokens_revoked"})
"""Events about the app itself, which no person did and no route listens for."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One delivery; `key` is the same when Slack sends the very same thing again, `signed` when anybody else does."""

    kind: RouteKind
    id: str
    key: str
    workspace_id: str
    slack_id: str
    source: Source
    text: str = ""
    value: str = ""
    meta: str = ""
    state: Json = field(default_factory=dict)
    event: Json = field(default_factory=dict)
    view: Json = field(default_factory=dict)
    trigger_id: str = ""
    response_url: str = ""
    signed: Signed | None = None


def read_body(raw: bytes, content_type: str) -> dict[str, Any]:
    """A request's body: JSON, a form, or JSON within a form; raises ValueError or RecursionError for anything else."""
    text = raw.decode("utf-8", errors="replace")
    if content_type != "application/json":
        form = dict(parse_qsl(text, keep_blank_values=True))
        if "payload" not in form:
            return form
        text = form["payload"]
    found = json.loads(text)
    if not isinstance(found, dict):
        message = "a payload is an object"
        raise ValueError(message)  # noqa: TRY004  (it is the sender's words that are wrong, not our code)
    return found


def read_command(body: Json) -> Incoming:
    """A slash command: the first word is the subcommand, the rest its text."""
    word, _, rest = str(body.get("text") or "").strip().partition(" ")
    return Incoming(
        kind=RouteKind.COMMAND,
        id=word.lower(),
        key=f"command:{body.get('trigger_id')}",
        workspace_id=str(body.get("team_id") or ""),
        slack_id=str(body.get("user_id") or ""),
        source=Source.COMMAND,
        text=rest.strip(),
        trigger_id=str(body.get("trigger_id") or ""),
        response_url=str(body.get("response_url") or ""),
    )


def read_action(body: Json) -> Incoming:
    """A press on a button, in a message, a modal or Home."""
    actions = body.get("actions")
    action = part_of({"first": actions[0]} if isinstance(actions, list) and actions else {}, "first")
    view, container = part_of(body, "view"), part_of(body, "container")
    place = container.get("message_ts") or container.get("view_id") or view.get("id")
    user = part_of(body, "user")
    return Incoming(
        kind=RouteKind.BUTTON,
        id=str(action.get("action_id") or ""),
        key=f"action:{user.get('id')}:{place}:{action.get('action_id')}:{action.get('action_ts')}",
        workspace_id=_workspace(body),
        slack_id=str(user.get("id") or ""),
        source=_source(view),
        value=str(action.get("value") or ""),
        meta=str(view.get("private_metadata") or ""),
        view=view,
        trigger_id=str(body.get("trigger_id") or ""),
        response_url=str(body.get("response_url") or ""),
    )


def read_submission(body: Json) -> Incoming:
    """A modal that was sent; with other words in it, it is another, also where Slack has not shown it anew."""
    view = part_of(body, "view")
    state = part_of(part_of(view, "state"), "values")
    return Incoming(
        kind=RouteKind.FORM,
        id=str(view.get("callback_id") or ""),
        key=f"view:{view.get('id')}:{view.get('hash')}:{json.dumps(state, sort_keys=True)}",
        workspace_id=_workspace(body),
        slack_id=str(part_of(body, "user").get("id") or ""),
        source=Source.MODAL,
        meta=str(view.get("private_metadata") or ""),
        state=state,
        view=view,
        trigger_id=str(body.get("trigger_id") or ""),
    )


def read_shortcut(body: Json) -> Incoming:
    """A shortcut, global or on a message."""
    return Incoming(
        kind=RouteKind.SHORTCUT,
        id=str(body.get("callback_id") or ""),
        key=f"shortcut:{body.get('trigger_id')}",
        workspace_id=_workspace(body),
        slack_id=str(part_of(body, "user").get("id") or ""),
        source=Source.SHORTCUT,
        trigger_id=str(body.get("trigger_id") or ""),
        response_url=str(body.get("response_url") or ""),
    )


def read_event(body: Json) -> Incoming:
    """An event; the person may be named or spelt out, or absent."""
    event = part_of(body, "event")
    user = event.get("user")
    return Incoming(
        kind=RouteKind.EVENT,
        id=str(event.get("type") or ""),
        key=f"event:{body.get('event_id')}",
        workspace_id=str(body.get("team_id") or ""),
        slack_id=str(user.get("id") or "") if isinstance(user, Mapping) else str(user or ""),
        source=Source.EVENT,
        event=event,
    )


def teams_in(body: Json) -> list[str]:
    """The workspaces a delivery names, the one whose installation it is for first; a stranger's own comes last.

    In a channel that two companies share, whoever acts may be of the other one: Slack names the installation where a
    view was opened, then the authorizations of an event, then the team the app is in.
    """
    listed = body.get("authorizations")
    known = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    found = (
        part_of(body, "view").get("app_installed_team_id"),
        *(each.get("team_id") for each in known),
        part_of(body, "team").get("id"),
        body.get("team_id"),
        part_of(body, "user").get("team_id"),
    )
    return list(dict.fromkeys(team for team in found if isinstance(team, str) and team))


def is_parting(body: Json, bot_user: str) -> bool:
    """Whether an event says that the app, or its bot's token, is gone from a workspace."""
    event = part_of(body, "event")
    if event.get("type") != "tokens_revoked":
        return event.get("type") == "app_uninstalled"
    revoked = part_of(event, "tokens").get("bot")
    return isinstance(revoked, list) and bot_user in revoked


def time_of(body: Json) -> float:
    """When an event happened, in seconds; 0 where it does not say."""
    said = body.get("event_time")
    return float(said) if isinstance(said, int | float) else 0.0


def first_input(view: Json) -> str:
    """The first field of a modal, where words about the whole of it can stand; empty if it has none."""
    return next(iter(inputs_of(view)), "")


def inputs_of(view: Json) -> list[str]:
    """The fields of a modal, by their blocks' names."""
    blocks = view.get("blocks")
    known = [block for block in blocks if isinstance(block, Mapping)] if isinstance(blocks, list) else []
    return [str(block.get("block_id")) for block in known if block.get("type") == "input"]


def part_of(whole: Json, name: str) -> Json:
    """An object within an object; empty where there is none, or something else stands there."""
    found = whole.get(name)
    return found if isinstance(found, Mapping) else {}


def _workspace(body: Json) -> str:
    return str(part_of(body, "team").get("id") or part_of(body, "user").get("team_id") or "")


def _source(view: Json) -> Source:
    if not view:
        return Source.MESSAGE
    return Source.HOME if view.get("type") == "home" else Source.MODAL
