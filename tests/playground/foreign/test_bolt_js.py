"""An app in JavaScript, written after Slack's pages alone, met by two people."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import pytest
import yaml

from playground import Playground
from playground.casts import EXAMPLE
from tests.playground.foreign.programs import HERE, node, node_modules, program

pytestmark = [pytest.mark.node, pytest.mark.timeout(400)]
APP = HERE / "bolt_js"
MANIFEST = yaml.safe_load((APP / "manifest.yml").read_text(encoding="utf-8"))


@asynccontextmanager
async def lost_property() -> AsyncIterator[Playground]:
    """A workspace with the app on its socket."""
    modules = {"NODE_PATH": node_modules(APP / "package.json")}
    playground = Playground(MANIFEST, EXAMPLE)
    async with playground, program(playground, node(), str(APP / "app.js"), more=modules):
        await playground.workspace.connected()
        yield playground


async def test_a_loss_is_told_found_and_shown_to_two_people() -> None:
    async with lost_property() as playground:
        ben, chika = playground.workspace.person("ben"), playground.workspace.person("chika")
        assert "Nothing is missing" in (await ben.home()).text

        (await ben.command("/lost ke")).taken()
        form = await ben.modal("Lost property")
        assert await form.options("place", "li") == ["Library", "Lift"]
        await form.fill(place="Lift", day=date(2031, 5, 6))
        refused = await form.submit()
        assert refused.error is not None
        assert form.errors == {"what": "A few more letters, please."}
        await form.fill(what="keys")
        (await form.submit()).taken()
        await ben.no_modal()

        notice = await chika.message("lost keys (Lift) on 2031-05-06", channel="general")
        assert notice.buttons == ["I found it"]
        (await notice.click("I found it")).taken()
        await notice.changed(f"found by <@{chika.id}>")
        assert notice.buttons == []

        await chika.say("Has anybody seen my cup?", channel="general")
        answer = await chika.message("Nobody yet has found my cup.", channel="general")
        assert answer.record.thread_ts is not None
        said = await ben.say("anybody seen Tom?")
        assert (await ben.message("Nobody yet has found Tom.")).record.thread_ts == said.ts

        await ben.open_home()
        await (await ben.home()).changed("Still missing: keys")


async def test_both_kinds_of_shortcut() -> None:
    async with lost_property() as playground:
        chika = playground.workspace.person("chika")
        (await chika.use_shortcut("report_loss")).taken()
        form = await chika.modal("What is it?")
        assert form.fields == ["what", "place", "day"]
        await form.close()
        await chika.no_modal()
        said = await chika.say("A green umbrella", channel="general")
        asked = (await said.use_shortcut("is_this_mine")).taken()
        told = await asked.told("I'll ask about “A green umbrella”")
        assert told.only_you
