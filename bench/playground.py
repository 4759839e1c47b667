"""How the playground bears a big workspace: 1,000 people, 100,000 messages, strictness on, over HTTP as the page asks.

Reading a page of messages and writing one must cost about what they cost in a small workspace (a ratio from one run);
what grows with the number of people, opening the page, has to stay within a blink, and memory within a laptop's means.
The bars of readiness and of the journey are those of bench/startup.py and bench/journey.py, where strictness is on too.
"""

import asyncio
import re
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median

import aiohttp

from bench.measure import Measurement, Unit, main
from bot.commands.manifests import manifest
from playground import Cast, Channel, Person, Playground

ROUNDS = 15
BLINK = 300.0  # milliseconds; below it opening a page feels immediate
GROWTH = 3.0  # times what the same costs among ten people
MEMORY = 400.0  # megabytes, all of it messages held for the page
LOADING = 8_000.0  # milliseconds, from a kept home of 100,000 messages to serving
KEY = re.compile(r'name="playground-key" content="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Size:
    """How big a workspace is."""

    people: int
    messages: int


SMALL = Size(10, 100)
BIG, QUICK_BIG = Size(1_000, 100_000), Size(200, 5_000)


def measure(*, quick: bool) -> Iterator[Measurement]:
    """Each deed's median in the big workspace, beside the small one of the same run."""
    small, big = asyncio.run(_both(QUICK_BIG if quick else BIG))
    for name in ("messages", "say"):
        yield Measurement(f"playground.{name}_growth", big[name] / small[name], Unit.RATIO, GROWTH)
    for name in ("open", "messages", "say", "hour"):
        yield Measurement(f"playground.{name}", big[name], Unit.MILLISECONDS, BLINK)
    yield Measurement("playground.load", big["load"], Unit.MILLISECONDS, LOADING)
    yield Measurement("playground.memory", big["memory"], Unit.MEGABYTES, MEMORY)


async def _both(size: Size) -> tuple[dict[str, float], dict[str, float]]:
    return await _measured(SMALL), await _measured(size)


async def _measured(size: Size) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as home:
        first = Playground(manifest(), _cast(size), home=Path(home), rate_limits=False)
        await first.start()
        await first.stop()
        begun = time.perf_counter()
        kept = Playground(manifest(), _cast(Size(2, 1)), home=Path(home), rate_limits=False)
        await kept.start()
        found = {"load": (time.perf_counter() - begun) * 1000}
        try:
            return found | await _as_the_page(kept) | {"memory": _resident()}
        finally:
            await kept.stop()


def _cast(size: Size) -> Cast:
    people = tuple(Person(f"p{n}", f"Person {n}", "Somebody", "Europe/Lisbon") for n in range(size.people))
    keys = tuple(person.key for person in people)
    said = tuple((keys[n % len(keys)], f"Message number {n} of many", size.messages - n) for n in range(size.messages))
    channel = Channel("general", members=keys, purpose="Everything", said=said)
    return Cast("Big", "big", "Europe/Lisbon", people, (channel,), "p0")


async def _as_the_page(playground: Playground) -> dict[str, float]:
    async with aiohttp.ClientSession(playground.url) as web:
        key = await _key(web)
        web.headers["X-Playground-Key"] = key
        me = playground.workspace.person("p0").id
        state = await _read(web, f"/local/state?as={me}")
        general = next(c["id"] for c in state["conversations"] if c["kind"] == "channel")
        page = f"/local/messages?as={me}&channel={general}&limit=50"
        words = {"do": "say", "channel": general, "text": "One more"}
        return {
            "open": await _timed(lambda: _read(web, f"/local/state?as={me}")),
            "messages": await _timed(lambda: _read(web, page)),
            "say": await _timed(lambda: _write(web, f"/local/do?as={me}", words)),
            "hour": await _timed(lambda: playground.step_to(playground.clock.now() + timedelta(hours=1))),
        }


async def _key(web: aiohttp.ClientSession) -> str:
    async with web.get("/") as answer:
        found = KEY.search(await answer.text())
    if found is None:
        message = "the page carries no key"
        raise LookupError(message)
    return found[1]


async def _read(web: aiohttp.ClientSession, path: str) -> dict[str, list[dict[str, str]]]:
    async with web.get(path, raise_for_status=True) as answer:
        read: dict[str, list[dict[str, str]]] = await answer.json()
        return read


async def _write(web: aiohttp.ClientSession, path: str, body: dict[str, str]) -> None:
    async with web.post(path, json=body, raise_for_status=True) as answer:
        await answer.read()


async def _timed(deed: Callable[[], Awaitable[object]]) -> float:
    """The median of the rounds, in milliseconds."""
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        await deed()
        took.append((time.perf_counter() - begun) * 1000)
    return median(took)


def _resident() -> float:
    """What this process holds, in megabytes."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


if __name__ == "__main__":
    main(measure, __doc__)
