"""playground/README.md does what it says: every block is run, in the order a stranger meets them."""

import ast
import asyncio
import os
import re
import signal
import sys
import tomllib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from yarl import URL

from playground import reference
from playground.casts import read_cast
from tests.playground.foreign.programs import HERE, node, node_modules
from tests.playground.foreign.test_bolt_http import free_address
from tests.playground.readme import (
    PAGE,
    ROOT,
    bare_environment,
    blocks,
    file_called,
    follow_installation,
    shell_blocks,
)

pytestmark = pytest.mark.timeout(300)
SECONDS = 30
KEY = re.compile(r'name="playground-key" content="([^"]+)"')
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stranger's folder, with everything installed as the page says, and its files."""
    place = tmp_path_factory.mktemp("stranger") / "tea"
    follow_installation(place)
    for block in blocks():
        if block.file:
            (place / block.file).write_text(block.text, encoding="utf-8")
    return place


@pytest.fixture
def with_node(folder: Path) -> Path:
    """The same with Bolt for JavaScript beside it, from the cache of the tests."""
    node()
    modules = folder / "node_modules"
    if not modules.exists():
        modules.symlink_to(node_modules(HERE / "bolt_js" / "package.json"))
    return folder


async def ran(folder: Path, command: str) -> str:
    """What a command says, which must go well."""
    pipe, both = asyncio.subprocess.PIPE, asyncio.subprocess.STDOUT
    environment = bare_environment(folder)
    program = await asyncio.create_subprocess_shell(command, cwd=folder, env=environment, stdout=pipe, stderr=both)
    said, _ = await program.communicate()
    assert program.returncode == 0, said.decode()
    return said.decode()


async def test_the_tests_of_the_page_pass_in_a_folder_of_their_own(folder: Path) -> None:
    (command,) = [text for text in shell_blocks() if text.startswith("pytest")]
    said = await ran(folder, f"{command.strip()} -q --ignore test_in_javascript.py")
    assert "4 passed" in said, said


@pytest.mark.node
async def test_its_test_of_an_app_in_javascript_passes_too(with_node: Path) -> None:
    (install,) = [text for text in shell_blocks("node") if text.startswith("npm")]
    assert install.split()[-1] == "@slack/bolt"
    assert "1 passed" in await ran(with_node, "pytest -q test_in_javascript.py")


@asynccontextmanager
async def terminal(folder: Path, commands: str, ready: re.Pattern[str] | None) -> AsyncIterator[str]:
    """A terminal in which something goes on running, once it has said what shows that it does; Ctrl-C at the end."""
    pipe, both = asyncio.subprocess.PIPE, asyncio.subprocess.STDOUT
    program = await asyncio.create_subprocess_exec(
        "bash", "-c", commands, cwd=folder, env=bare_environment(folder), stdout=pipe, stderr=both, process_group=0
    )
    assert program.stdout is not None
    try:
        said = ""
        async with asyncio.timeout(SECONDS):
            while ready is not None and not ready.search(said):
                line = await program.stdout.readline()
                assert line, said
                said += line.decode()
        yield said
    finally:
        os.killpg(program.pid, signal.SIGINT)
        try:
            await asyncio.wait_for(program.communicate(), 5)
        except TimeoutError:
            os.killpg(program.pid, signal.SIGKILL)
            await program.wait()


class Page:
    """What the browser does with the page's address."""

    def __init__(self, session: aiohttp.ClientSession, address: str, key: str) -> None:
        self._session = session
        self.address = address
        self._headers = {"X-Playground-Key": key}

    async def write(self, text: str) -> bool:
        """Run a command in the conversation with the app; whether the app took it."""
        channel = await self._chat()
        body = {"do": "command", "text": text, "channel": channel}
        async with self._session.post(f"{self.address}/local/do", json=body, headers=self._headers) as got:
            return bool((await got.json())["ok"])

    async def install(self, url: str) -> str:
        """Go by the app's own page to that of consent, and back."""
        (link,) = re.findall(r'href="([^"]+/oauth/v2/authorize[^"]*)"', await self._text("GET", url))
        link = link.replace("&amp;", "&")
        asked = await self._text("GET", link)
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked))
        (person,) = re.findall(r'<option value="([^"]*)" selected', asked)
        return await self._text("POST", link, {**fields, "person": person, "answer": "allow"})

    async def _text(self, method: str, url: str, form: dict[str, str] | None = None) -> str:
        async with self._session.request(method, url, data=form) as got:
            return await got.text()

    async def read(self) -> list[str]:
        """What stands there."""
        found = await self._get(f"/local/messages?channel={await self._chat()}")
        return [each["text"] for each in found["messages"]]

    async def _chat(self) -> str:
        state = await self._get("/local/state")
        return str(next(each["id"] for each in state["conversations"] if each["kind"] == "app"))

    async def _get(self, path: str) -> Any:
        async with self._session.get(self.address + path, headers=self._headers) as got:
            return await got.json()


@asynccontextmanager
async def both_terminals(
    folder: Path, first: str, second: str, app_at: str = "http://localhost"
) -> AsyncIterator[Page]:
    """The workspace in one terminal, the app in another, and the page opened."""
    first = first.replace("--manifest", "--port 0 --manifest")
    async with AsyncExitStack() as open_now:
        said = await open_now.enter_async_context(terminal(folder, first, re.compile("your app needs")))
        await open_now.enter_async_context(terminal(folder, second, None))
        # a browser sends a cookie that asks for https to this machine without it too, and Bolt's is such a one
        jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=URL(app_at))
        session = await open_now.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
        address = ADDRESS.search(said)
        assert address is not None, said
        async with session.get(address[0]) as got:
            key = KEY.search(await got.text())
        assert key is not None
        yield Page(session, address[0], key[1])


async def ordered(page: Page, words: str) -> None:
    """Order until the app is there to take it, then wait for its words."""
    for _ in range(SECONDS * 10):
        if await page.write("/tea mint"):
            break
        await asyncio.sleep(0.1)
    for _ in range(SECONDS * 10):
        if any(words in each for each in await page.read()):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"Nobody said {words!r}.")


async def test_two_terminals_and_the_page(folder: Path) -> None:
    workspace, app = shell_blocks("terminal=1")[0], shell_blocks("terminal=2")[0]
    async with both_terminals(folder, workspace, app) as page:
        await ordered(page, "Your mint tea")


@pytest.mark.node
async def test_two_terminals_and_javascript(with_node: Path) -> None:
    workspace, (app,) = shell_blocks("terminal=1")[0], shell_blocks("terminal=2", "node")
    async with both_terminals(with_node, workspace, app) as page:
        await ordered(page, "Your mint tea")


async def test_over_http_and_installed_by_its_own_page(folder: Path) -> None:
    port, url = free_address()
    for name in ("manifest-http.yml", "app_http.py"):
        text = file_called(name)
        assert "3000" in text
        (folder / name).write_text(
            text.replace("localhost:3000", f"localhost:{port}").replace("port=3000", f"port={port}")
        )
    url = url.replace("127.0.0.1", "localhost")
    workspace, app = shell_blocks("terminal=1")[1], shell_blocks("terminal=2")[1]
    async with both_terminals(folder, workspace, app, url) as page:
        await reachable(url)
        assert f"URL={page.address}/" in await page.install(f"{url}/slack/install")
        await ordered(page, "One mint tea is on its way.")


async def reachable(url: str) -> None:
    """Wait until somebody listens there."""
    host, port = url.removeprefix("http://").split(":")
    for _ in range(SECONDS * 10):
        try:
            _, writer = await asyncio.open_connection(host, int(port))
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise AssertionError(f"Nobody listens at {url}.")


def test_the_cast_of_the_page_can_be_read(folder: Path) -> None:
    cast = read_cast(folder / "cast.yml")
    assert [(person.key, person.tz) for person in cast.people] == [("noor", "Europe/Lisbon"), ("tomas", "UTC")]
    assert [channel.members for channel in cast.channels] == [("noor", "tomas"), ("noor",)]


def test_no_block_is_left_out() -> None:
    run = {*shell_blocks(), *shell_blocks("node"), *shell_blocks("terminal=1"), *shell_blocks("terminal=2")}
    run |= set(shell_blocks("terminal=2", "node"))
    assert len(shell_blocks()) == len(shell_blocks("terminal=1")) == len(shell_blocks("terminal=2")) == 2
    assert [block for block in blocks() if not block.file and block.text not in run] == []


def test_the_reference_is_what_the_code_says() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == reference.written(text)
    for name in ("`command(text, channel=None)`", "`submit()`", "`archive(channel)`", "`lost_answer()`", "`gone`"):
        assert name in text


def test_what_it_needs_is_what_it_imports() -> None:
    project = tomllib.loads((ROOT / "playground" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {re.split(r"[<>=\[]", each)[0] for each in project["dependencies"]}
    imported: set[str] = set()
    for path in (ROOT / "playground").rglob("*.py"):
        for found in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(found, ast.Import):
                imported |= {each.name.split(".")[0] for each in found.names}
            elif isinstance(found, ast.ImportFrom) and found.module:
                imported.add(found.module.split(".")[0])
    foreign = imported - set(sys.stdlib_module_names) - {"playground"}
    assert foreign == {"aiohttp", "pytest", "yaml", "yarl"} & foreign
    assert {"aiohttp", "pyyaml"} <= named
