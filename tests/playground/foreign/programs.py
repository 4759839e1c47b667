"""Programs by others' rules, each a process that knows the workspace only by what its environment says."""

import asyncio
import hashlib
import os
import shutil
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from playground import Playground
from playground.environment import environment
from tests.types.compiler import install

HERE = Path(__file__).parent
SECONDS = 15
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")


def node() -> str:
    """Where Node is; a machine without it skips, and says so."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("Node is not installed (apt-get install nodejs npm)")
    return found


def node_modules(package: Path) -> str:
    """The packages of a package.json, fetched once into the user's cache folder, outside of this repository."""
    place = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "playground-foreign"
    home = place / hashlib.sha256(package.read_bytes()).hexdigest()[:16]
    home.mkdir(parents=True, exist_ok=True)
    install(home, package)
    return str(home / "node_modules")


@asynccontextmanager
async def program(playground: Playground, *command: str, more: Mapping[str, str]) -> AsyncIterator[None]:
    """A program from its first word, `ready`, to its end; what it complained of is shown when the test fails."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    surroundings = kept | environment(playground) | dict(more)
    pipe, both = asyncio.subprocess.PIPE, asyncio.subprocess.STDOUT
    process = await asyncio.create_subprocess_exec(*command, env=surroundings, stdout=pipe, stderr=both)
    said: list[str] = []
    ready = asyncio.Event()
    reading = asyncio.create_task(_read(process, said, ready))
    try:
        async with asyncio.timeout(SECONDS):
            await ready.wait()
        assert process.returncode is None, "".join(said)
        yield
    except BaseException:
        print("".join(said))  # noqa: T201  (pytest shows it with the failure)
        raise
    finally:
        await _end(process)
        await reading


async def _read(process: asyncio.subprocess.Process, said: list[str], ready: asyncio.Event) -> None:
    assert process.stdout is not None
    async for line in process.stdout:
        said.append(line.decode())
        if said[-1].strip() == "ready":
            ready.set()
    ready.set()


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), 2)
    except TimeoutError:
        process.kill()
        await process.wait()
