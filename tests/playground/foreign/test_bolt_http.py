"""An app in Python over HTTP, written after Slack's pages alone: installed by its own page, then met by two people."""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import yaml

from playground import Cast, Channel, Person, Playground, Workspace
from playground.casts import EXAMPLE
from tests.playground.foreign.programs import HERE, program

APP = HERE / "bolt_http"
RENEW_AT_ONCE = 24 * 60  # before a token ends after twelve hours, so that each is renewed before it is used
ELSEWHERE = "https://tools.example"
NEIGHBOUR = Cast(
    team_name="Mill Lane",
    team_domain="mill-lane",
    home_zone="Europe/Oslo",
    people=(
        Person("ben", "Ben Berg", "Miller", "Europe/Oslo"),
        Person("ida", "Ida Ek", "Owner", "Europe/Oslo", is_primary_owner=True),
    ),
    channels=(Channel("general", ("ben", "ida")),),
    first="ben",
)


def free_address() -> tuple[str, str]:
    """A port nobody listens at, and the address there."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = str(found.getsockname()[1])
    return port, f"http://127.0.0.1:{port}"


@asynccontextmanager
async def tool_shed(folder: Path, *, rotates: bool = False, **choices: Any) -> AsyncIterator[tuple[Playground, str]]:
    """A workspace, and the app at an address of its own; installed by nobody yet."""
    port, url = free_address()
    manifest = yaml.safe_load((APP / "manifest.yml").read_text(encoding="utf-8").replace(ELSEWHERE, url))
    manifest["settings"]["token_rotation_enabled"] = rotates
    more = {"PORT": port, "TOOLS_URL": url, "TOOLS_FOLDER": str(folder), "TOOLS_RENEW_MINUTES": str(RENEW_AT_ONCE)}
    playground = Playground(manifest, EXAMPLE, installed=False, **choices)
    async with playground, program(playground, sys.executable, str(APP / "app.py"), more=more):
        await reachable(playground)
        yield playground, url


async def reachable(playground: Playground) -> None:
    """Wait until the app answers Slack's challenge."""
    for _ in range(200):
        if await playground.verify_request_url():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("The app never answered the challenge.")


async def borrowed(workspace: Workspace, key: str, domain: str) -> None:
    """Somebody borrows a tool and is told so in the words of their own workspace."""
    person = workspace.person(key)
    (await person.command("/borrow")).taken()
    form = await person.modal("Tool shed")
    assert await form.options("tool", "sa") == ["Saw"]
    await form.fill(tool="Saw", days=2)
    (await form.submit()).taken()
    await person.message(f"Saw is yours for 2 days ({domain})")


async def test_it_is_installed_and_lends_a_tool(tmp_path: Path) -> None:
    async with tool_shed(tmp_path) as (playground, url):
        ben, ana = playground.workspace.person("ben"), playground.workspace.person("ana")
        assert (await ben.command("/borrow")).error is not None
        assert "Thank you!" in (await ana.install(f"{url}/slack/install")).text
        (await ben.command("/borrow")).taken()
        form = await ben.modal("Tool shed")
        assert await form.options("tool", "dr") == ["Drill", "Drill press"]
        await form.fill(tool="Drill press", days=15)
        await form.submit()
        assert form.errors == {"days": "A fortnight is the most."}
        await form.fill(days=3)
        (await form.submit()).taken()
        loan = await ben.message("Drill press is yours for 3 days (willow-street)")
        (await loan.click("Bring it back")).taken()
        await loan.changed("Drill press is back.")
        said = await ana.say("Hello?")
        assert (await ana.message("Type /borrow")).thread_ts == said.ts
        (await ana.use_shortcut("borrow_tool")).taken()
        await (await ana.modal("Tool shed")).close()
        assert "Drill, Drill press" in (await ana.home()).text


async def test_whoever_declines_is_told_by_the_app_and_nothing_is_installed(tmp_path: Path) -> None:
    async with tool_shed(tmp_path) as (playground, url):
        page = await playground.workspace.person("ana").install(f"{url}/slack/install", answer="deny")
        assert "access_denied" in page.text
        assert not playground.workspace.is_installed


async def test_two_workspaces_get_answers_of_their_own_while_their_tokens_are_renewed(tmp_path: Path) -> None:
    async with tool_shed(tmp_path, rotates=True, neighbours=(NEIGHBOUR,)) as (playground, url):
        willow, mill = playground.workspaces
        await willow.person("ana").install(f"{url}/slack/install")
        await mill.person("ida").install(f"{url}/slack/install")
        first = {willow.bot_token, mill.bot_token}
        await borrowed(willow, "ben", "willow-street")
        await borrowed(mill, "ben", "mill-lane")
        assert willow.team_id in (await willow.person("chika").home("Drill")).text
        assert mill.team_id in (await mill.person("ida").home("Drill")).text
        now = {willow.bot_token, mill.bot_token}
        assert len(now) == 2
        assert not now & first
        kept = [json.loads(each.read_text())["bot_token"] for each in (tmp_path / "installations").rglob("bot-latest")]
        assert set(kept) == now


async def test_an_app_that_was_removed_forgets_that_workspace_alone(tmp_path: Path) -> None:
    async with tool_shed(tmp_path, neighbours=(NEIGHBOUR,)) as (playground, url):
        willow, mill = playground.workspaces
        await willow.person("ana").install(f"{url}/slack/install")
        await mill.person("ida").install(f"{url}/slack/install")
        mill.remove_app()
        await mill.settled()
        folders = sorted(each.name for each in (tmp_path / "installations").iterdir() if any(each.iterdir()))
        assert folders == [f"none-{willow.team_id}"]
        assert (await mill.person("ben").command("/borrow")).error is not None
        await borrowed(willow, "ben", "willow-street")
        await mill.person("ida").install(f"{url}/slack/install")
        await borrowed(mill, "ben", "mill-lane")
