"""`mentorbot doctor`: what is set, what is wrong, how to mend it."""

import argparse
import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from bot.commands.manifests import manifest
from bot.installing import INSTALL
from bot.outbox.slack_errors import code_of
from bot.settings import SLACK_API, Settings
from bot.slack.incoming import PARTING
from bot.slack.router import RouteKind
from handlers import ROUTES
from storage.database import Database, StoreUnavailableError
from storage.migrations import run as migrations
from storage.queries import installations, outbox

SECONDS = 10
METHOD_SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.open": "im:write",
    "conversations.history": "im:history",
    "users.info": "users:read",
    "users.list": "users:read",
}

ALSO_NEEDED = frozenset({"commands", "mpim:write", "chat:write.public"})
NEEDED = frozenset(METHOD_SCOPES.values()) | ALSO_NEEDED


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: is it well, and if not, what to do."""

    name: str
    is_well: bool
    says: str


def command(settings: Settings, options: argparse.Namespace) -> int:  # noqa: ARG001  (every command takes both)
    """Print every finding; exits 1 if anything is wrong."""
    findings = [*_settings(settings), *_database(settings), *_manifest(), *asyncio.run(_slack(settings))]
    for finding in findings:
        print(f"{'ok   ' if finding.is_well else 'WRONG'}  {finding.name}: {finding.says}")
    return 0 if all(finding.is_well for finding in findings) else 1


def _settings(settings: Settings) -> list[Finding]:
    settings.vault()
    where = "MENTORBOT_KEY" if settings.key.get_secret_value() else str(settings.home / "key")
    named = len(settings.organisers)
    return [
        Finding("home", is_well=True, says=str(settings.home)),
        Finding("key", is_well=True, says=f"from {where}; keep a copy apart from your backups"),
        Finding(
            "organisers",
            is_well=True,
            says=f"{named} named" if named else "none named, so the workspace's owner; set MENTORBOT_ORGANISERS",
        ),
    ]


def _database(settings: Settings) -> list[Finding]:
    try:
        found = migrations.revision_of(settings.database)
    except migrations.NotReachableError as problem:
        return [Finding("database", is_well=False, says=f"can't be opened: {problem}")]
    if found is None and settings.database.startswith("sqlite"):
        return [Finding("database", is_well=True, says="not there yet; it is made at the first start")]
    if found != migrations.HEAD:
        says = f"at revision {found or 'none'}, this program needs {migrations.HEAD}: run `mentorbot migrate`"
        return [Finding("database", is_well=False, says=says)]
    return [Finding("database", is_well=True, says=f"at revision {found}"), _outbox(settings)]


def _outbox(settings: Settings) -> Finding:
    database = Database(settings.database)
    try:
        count: Callable[[Session], dict[str, int]] = outbox.counts
        counts = database.read(count).result()
    except StoreUnavailableError as problem:
        return Finding("outbox", is_well=False, says=f"can't be read: {problem}")
    finally:
        database.close()
    dead = counts.get("dead", 0)
    said = ", ".join(f"{number} {state}" for state, number in sorted(counts.items())) or "empty"
    return Finding(
        "outbox", is_well=dead == 0, says=said + ("; the log says why the dead could not be sent" if dead else "")
    )


def _manifest() -> list[Finding]:
    """Whether the shipped manifest has every event and scope the code uses; the one for an address has the same."""
    found = manifest()
    events = {name.split(".")[0] for name in found["settings"]["event_subscriptions"]["bot_events"]}
    needed = {route.id for route in ROUTES.of(RouteKind.EVENT)} | PARTING
    scopes = set(found["oauth_config"]["scopes"]["bot"])
    missing = sorted(needed - events) + sorted(NEEDED - scopes)
    says = f"lacks {', '.join(missing)}" if missing else "has every event and scope the code uses"
    return [Finding("manifest", is_well=not missing, says=says)]


async def _slack(settings: Settings) -> list[Finding]:
    if not settings.has_slack and not settings.has_http:
        return [Finding("Slack", is_well=True, says="no tokens set, so `mentorbot` runs the playground")]
    if settings.slack_api_url != SLACK_API:
        return [Finding("Slack", is_well=False, says=f"SLACK_API_URL is {settings.slack_api_url}, which is not Slack")]
    found = [await _bot_token(settings, token) for token in settings.bot_tokens]
    if settings.has_oauth:
        found.append(Finding("installing", is_well=True, says=f"at {settings.url}{INSTALL}, {_installed(settings)}"))
    if settings.has_slack:
        found.append(await _app_token(settings))
    if settings.has_http:
        says = "set; whether it is this app's own shows when Slack calls: `mentorbot run --http`"
        found.append(Finding("signing secret", is_well=True, says=says))
    return found


def _installed(settings: Settings) -> str:
    """In how many workspaces it is, as far as the database tells."""
    database = Database(settings.database)
    try:
        count: Callable[[Session], list[str]] = installations.all_ids
        return f"in {len(database.read(count).result())} workspaces so far"
    except StoreUnavailableError:
        return "and the database does not say where it is"
    finally:
        database.close()


async def _bot_token(settings: Settings, token: str) -> Finding:
    client = AsyncWebClient(token, base_url=settings.slack_api_url, timeout=SECONDS)
    try:
        answer = await client.auth_test()
    except SlackApiError as problem:
        return Finding("bot token", is_well=False, says=f"refused ({code_of(problem)}): reinstall the app")
    except (aiohttp.ClientError, TimeoutError, OSError):
        return Finding("bot token", is_well=False, says="Slack can't be reached from here")
    granted = {scope.strip() for scope in str(answer.headers.get("x-oauth-scopes", "")).split(",")}
    missing = sorted(NEEDED - granted)
    if missing:
        return Finding("bot token", is_well=False, says=f"lacks {', '.join(missing)}: update the manifest, reinstall")
    return Finding("bot token", is_well=True, says=f"for {answer['team']}")


async def _app_token(settings: Settings) -> Finding:
    client = AsyncWebClient(
        settings.slack_app_token.get_secret_value(), base_url=settings.slack_api_url, timeout=SECONDS
    )
    try:
        await client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except SlackApiError as problem:
        return Finding("app token", is_well=False, says=f"refused ({code_of(problem)}): needs connections:write")
    except (aiohttp.ClientError, TimeoutError, OSError):
        return Finding("app token", is_well=False, says="Slack can't be reached from here")
    return Finding("app token", is_well=True, says="opens connections")
