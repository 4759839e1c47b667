"""Chromium once a module, a fresh world and page for each test, and a watch over what the page must never do."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.playground.page_desk import Desk
from tests.playground.page_world import Mentor, running_world

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"phone": (390, 844), "tablet": (1024, 768), "desk": (1280, 800), "wall": (1600, 900)}

expect.set_options(timeout=8_000)


def _watch(desk: Desk, url: str) -> None:
    page = desk.page
    page.on("pageerror", lambda problem: desk.wrongs.append(f"script: {problem}"))

    def said(message: Any) -> None:
        failed_load = message.text.startswith("Failed to load resource")
        if message.type in {"error", "warning"} and not failed_load:
            desk.wrongs.append(f"console: {message.text}")

    def asked(request: Any) -> None:
        if not request.url.startswith((url, "data:")):
            desk.wrongs.append(f"left this machine: {request.url}")

    page.on("console", said)
    page.on("request", asked)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium, args=ARGS)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="module")
async def mentor() -> AsyncIterator[Mentor]:
    """A fresh world with its app connected."""
    async with running_world() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def desk(browser: Browser, mentor: Mentor, request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    """The page as Noor opens it; the parameter names a size, and an `-dark` ending the dark theme."""
    size, _, dark = getattr(request, "param", "desk").partition("-")
    width, height = SIZES[size]
    context = await browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", has_touch=size == "phone"
    )
    opened = Desk(await context.new_page(), mentor)
    opened.page.set_default_timeout(8_000)
    _watch(opened, mentor.playground.url)
    await opened.page.goto(mentor.playground.url)
    await expect(opened.page.get_by_role("heading", name="Hello Noor")).to_be_visible()
    yield opened
    await context.close()
    assert opened.wrongs == []
