"""An app in Python over HTTP, written after Slack's pages alone: installed by its own page, then met by two people."""

import asyncio
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import aiohttp
import yaml
from yarl import URL

from playground import Playground
from playground.casts import EXAMPLE
from tests.playground.foreign.programs import HERE, program

APP = HERE / "bolt_http"
ELSEWHERE = "https://tools.example"


def free_address() -> tuple[str, str]:
    """A port nobody listens at, and the address there."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = str(found.getsockname()[1])
    return port, f"http://127.0.0.1:{port}"


@asynccontextmanager
async def tool_shed(folder: Path) -> AsyncIterator[tuple[Playground, str]]:
    """A workspace, and the app at an address of its own; installed by nobody yet."""
    port, url = free_address()
    manifest = yaml.safe_load((APP / "manifest.yml").read_text(encoding="utf-8").replace(ELSEWHERE, url))
    more = {"PORT": port, "TOOLS_URL": url, "TOOLS_FOLDER": str(folder)}
    playground = Playground(manifest, EXAMPLE)
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


async def installed(url: str) -> str:
    """Go from the app's own page through consent and back; what the app says at the end."""
    # browsers send a cookie that asks for https to this machine without it too, and Bolt's is such a one
    jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=URL(url))
    async with aiohttp.ClientSession(cookie_jar=jar) as browser:
        async with browser.get(f"{url}/slack/install") as got:
            page = await got.text()
        (link,) = re.findall(r'href="([^"]+/oauth/v2/authorize[^"]*)"', page)
        async with browser.get(link.replace("&amp;", "&")) as got:
            text = await got.text()
        fields: dict[str, Any] = dict(re.findall(r'name="(\w+)" value="([^"]*)"', text))
        target = urljoin(link, "/oauth/v2/authorize")
        async with browser.post(target, data={**fields, "answer": "allow"}) as got:
            return await got.text()


async def test_it_is_installed_and_lends_a_tool(tmp_path: Path) -> None:
    async with tool_shed(tmp_path) as (playground, url):
        ben, ana = playground.workspace.person("ben"), playground.workspace.person("ana")
        assert "Thank you!" in await installed(url)
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
        assert (await ana.message("Type /borrow")).record.thread_ts == said.ts
        (await ana.use_shortcut("borrow_tool")).taken()
        await (await ana.modal("Tool shed")).close()
        assert "Drill, Drill press" in (await ana.home()).text
