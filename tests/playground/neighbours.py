"""A second workspace beside the small one, and the small app's manifest for whoever installs it by consent."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from playground import Cast, Channel, Person, Playground, Workspace
from tests.playground.kit import MANIFEST, running

FJORD = Cast(
    team_name="Fjord",
    team_domain="fjord",
    home_zone="Europe/Oslo",
    people=(
        Person("noor", "Noor Hansen", "Sales", "Europe/Oslo", email="noor@fjord.example"),
        Person("erik", "Erik Dahl", "Support", "Europe/Oslo", email="erik@fjord.example", is_primary_owner=True),
        Person("gil", "Gil Guest", "Contractor", "Europe/Oslo", is_restricted=True),
        Person("una", "Una Gone", "Left", "Europe/Oslo", deleted=True),
    ),
    channels=(
        Channel("general", ("noor", "erik"), said=(("erik", "Welcome to the fjord", 30),)),
        Channel("boats", ("noor", "erik")),
    ),
    first="noor",
)


def manifest_for(*redirect_urls: str, rotates: bool = False, **settings: Any) -> dict[str, Any]:
    """The small manifest with ways back from the consent page."""
    oauth = {**MANIFEST["oauth_config"], "redirect_urls": list(redirect_urls)}
    changed = {**MANIFEST["settings"], "token_rotation_enabled": rotates, **settings}
    return {**MANIFEST, "oauth_config": oauth, "settings": changed}


@asynccontextmanager
async def two(**choices: Any) -> AsyncIterator[tuple[Playground, Workspace, Workspace]]:
    """A playground of two workspaces, Harbour and Fjord."""
    async with running(neighbours=(FJORD,), **choices) as playground:
        harbour, fjord = playground.workspaces
        yield playground, harbour, fjord


def client(playground: Playground, token: str | None) -> AsyncWebClient:
    """A client with this token, or none, that retries nothing."""
    return AsyncWebClient(token=token, base_url=playground.api_url, retry_handlers=[])


@asynccontextmanager
async def page_of(workspace: Workspace) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    """A browser on one workspace's page, with its key."""
    async with aiohttp.ClientSession() as plain:
        async with plain.get(workspace.url) as got:
            key = re.search(r'playground-key" content="([^"]+)"', await got.text())
        assert key is not None
        plain.headers["X-Playground-Key"] = key[1]
        yield plain, key[1]


async def text_of(browser: aiohttp.ClientSession, url: str) -> str:
    """What the page reads there."""
    async with browser.get(url) as got:
        assert got.status == 200
        return await got.text()
