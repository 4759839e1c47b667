"""The page's own doors: who may come in, what is read, what is done, and what is told at once."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from playground import Guide, Happening, Playground, PortTakenError, Sample, Step, Target
from tests.playground.kit import CAST, MANIFEST, actions, button, connected, field, modal, running, section, web
from tests.playground.test_journey import lantern_app
from tests.playground.test_messages import dm
from tests.playground.test_views import collecting, trigger_of

Json = dict[str, Any]


class Page:
    """What the browser's page does, by hand."""

    def __init__(self, playground: Playground, session: aiohttp.ClientSession, key: str) -> None:
        self.playground, self.session, self.key = playground, session, key

    def id(self, who: str) -> str:
        """Somebody's id."""
        return self.playground.workspace.person(who).id

    async def read(self, path: str, **query: str) -> Json:
        """A GET under /local."""
        headers = {"X-Playground-Key": self.key}
        async with self.session.get(f"{self.playground.url}/local/{path}", params=query, headers=headers) as got:
            found: Json = await got.json()
            return found

    async def tell(self, path: str, body: Json, who: str | None = None) -> Json:
        """A POST under /local."""
        query = {"as": self.id(who)} if who else {}
        headers = {"X-Playground-Key": self.key}
        url = f"{self.playground.url}/local/{path}"
        async with self.session.post(url, params=query, json=body, headers=headers) as got:
            found: Json = await got.json()
            return found

    @asynccontextmanager
    async def stream(self) -> AsyncIterator[asyncio.Queue[Json]]:
        """The happenings, as they come."""
        happenings: asyncio.Queue[Json] = asyncio.Queue()
        got = await self.session.get(f"{self.playground.url}/local/stream", params={"key": self.key})

        async def follow() -> None:
            async for line in got.content:
                if line.startswith(b"data: "):
                    happenings.put_nowait(json.loads(line[6:]))

        following = asyncio.create_task(follow())
        await self.playground.workspace.until(lambda: self.playground.world.stream.watched or None, "a page listens")
        try:
            yield happenings
        finally:
            following.cancel()
            got.close()


async def until(happenings: asyncio.Queue[Json], kind: str) -> Json:
    """The next happening of this kind."""
    async with asyncio.timeout(5):
        while (found := await happenings.get())["type"] != kind:
            continue
    return found


@asynccontextmanager
async def page(**choices: Any) -> AsyncIterator[Page]:
    """A playground and a page open on it."""
    async with running(**choices) as playground, aiohttp.ClientSession() as session:
        async with session.get(playground.url + "/") as got:
            text = await got.text()
        found = re.search(r'name="playground-key" content="([^"]+)"', text)
        assert found is not None
        yield Page(playground, session, found[1])


async def test_the_page_is_served_under_a_strict_policy() -> None:
    async with running() as playground, aiohttp.ClientSession() as session:
        async with session.get(playground.url) as got:
            policy = got.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; script-src 'self';")
            assert "unsafe" not in policy
            assert "{{key}}" not in await got.text()
        async with session.get(playground.url + "/page/main.js") as got:
            assert got.content_type == "text/javascript"
        for outside in ("/page/../server.py", "/page/%2e%2e/server.py", "/page//etc/passwd", "/page/"):
            async with session.get(playground.url + outside) as got:
                assert got.status == 404, outside


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
    ],
)
async def test_a_foreign_host_or_origin_is_refused_everywhere(headers: dict[str, str]) -> None:
    async with running() as playground, aiohttp.ClientSession() as session:
        for path in ("/", "/api/api.test", "/local/state", "/page/main.js"):
            async with session.get(playground.url + path, headers=headers) as got:
                assert got.status == 403, path


async def test_its_own_origin_and_the_name_localhost_are_taken_and_a_host_without_its_port() -> None:
    async with running() as playground, aiohttp.ClientSession() as session:
        port = playground.url.rpartition(":")[2]
        named = {"Host": f"localhost:{port}", "Origin": f"http://localhost:{port}"}
        for headers in (named, {"Host": "127.0.0.1"}, {"Host": "localhost"}):
            async with session.get(playground.url + "/api/api.test", headers=headers) as got:
                assert got.status == 200, headers


async def test_without_the_key_nothing_local_is_answered() -> None:
    async with page() as here:
        here.key = "wrong"
        assert (await here.read("state"))["code"] == "bad_key"
        assert (await here.tell("do", {"do": "become"}, "noor"))["code"] == "bad_key"


async def test_the_state_is_what_one_person_sees() -> None:
    async with page(gallery=[Sample("one", "message", {"text": "hi"})]) as here:
        state = await here.read("state", **{"as": here.id("tomas")})
        assert state["workspace"] == {"name": "Harbour", "domain": "harbour"}
        assert (state["you"]["key"], state["you"]["initials"]) == ("tomas", "TS")
        kinds = [(each["kind"], each["name"], each["member"]) for each in state["conversations"]]
        assert sorted(kinds) == [
            ("app", "Lantern", True),
            ("channel", "general", True),
            ("channel", "lanterns", True),
        ]
        ingrid = await here.read("state", **{"as": here.id("ingrid")})
        assert "quiet" in [each["name"] for each in ingrid["conversations"]]
        assert (state["app"]["connected"], state["app"]["can_write"]) == (False, True)
        assert state["clock"]["can_step"] is False
        assert re.fullmatch(r"\w{3} \d+ \w{3}, \d\d:\d\d", state["you"]["local"])
        assert (await here.read("state"))["you"]["key"] == "noor"
        assert (await here.read("state", **{"as": "U0"}))["code"] == "user_not_found"
        assert (await here.read("gallery"))["samples"][0]["name"] == "one"


async def test_messages_come_in_pages_oldest_first_and_threads_by_themselves() -> None:
    async with page() as here:
        noor = here.playground.workspace.person("noor")
        said = [await noor.say(f"m{number}", channel="lanterns") for number in range(5)]
        reply = await noor.say("below", channel="lanterns", thread=said[0])
        channel = said[0].channel
        first = await here.read("messages", **{"as": noor.id, "channel": channel, "limit": "2"})
        assert ([each["text"] for each in first["messages"]], first["more"]) == (["m3", "m4"], True)
        before = first["messages"][0]["ts"]
        rest = await here.read("messages", **{"as": noor.id, "channel": channel, "before": before})
        assert ([each["text"] for each in rest["messages"]], rest["more"]) == (["m0", "m1", "m2"], False)
        assert rest["messages"][0]["replies"] == 1
        thread = await here.read("messages", **{"as": noor.id, "channel": channel, "thread": said[0].ts})
        assert [each["ts"] for each in thread["messages"]] == [said[0].ts, reply.ts]
        hidden = here.playground.workspace.person("ingrid").names("quiet") or ""
        assert (await here.read("messages", **{"as": noor.id, "channel": hidden}))["messages"] == []


async def test_the_whole_journey_through_the_page_s_doors() -> None:
    async with page() as here, connected(here.playground, lantern_app(here.playground)), here.stream() as happenings:
        assert await here.tell("do", {"do": "command", "text": "/lantern"}, "noor") == {"ok": True}
        opened = await until(happenings, "modals")
        assert opened["for"] == [here.id("noor")]
        (view,) = opened["modals"]
        body: Json = {"do": "submit", "view": view["id"], "values": {"colour": {"it": "pink"}, "days": {"it": ""}}}
        refused = await here.tell("do", body, "noor")
        assert (refused["ok"], refused["errors"]) == (False, {"days": "This one is needed."})
        body["values"]["days"]["it"] = "3"
        assert (await here.tell("do", body, "noor"))["errors"] == {"colour": "No pink ones left."}
        body["values"]["colour"]["it"] = "blue"
        assert (await here.tell("do", body, "noor"))["ok"] is True
        said = await until(happenings, "message")
        assert here.id("tomas") in said["for"]
        assert said["message"]["by_app"] is True
        assert (await until(happenings, "news"))["news"][here.id("tomas")] == 1
        place = {"message": {"channel": said["channel"], "ts": said["message"]["ts"]}}
        click = {"do": "click", "in": place, "block_id": "actions", "action_id": "lanterns.accept"}
        assert (await here.tell("do", click, "tomas"))["ok"] is True
        assert (await until(happenings, "message_changed"))["message"]["text"] == "Lent."
        assert (await until(happenings, "message"))["message"]["only_you"] is True
        gone = await here.tell("do", click, "tomas")
        assert (gone["ok"], gone["code"]) == (False, "element_not_found")
        await here.tell("do", {"do": "open", "channel": said["channel"], "tab": "messages"}, "tomas")
        assert (await here.read("state", **{"as": here.id("tomas")}))["news"][here.id("tomas")] == 0
        titles = [each["title"] for each in (await here.read("traffic"))["entries"]]
        assert any(title.startswith("chat.postMessage → Tomás Silva, “A blue lantern?”") for title in titles)


async def test_a_deed_that_fails_is_said_in_a_sentence_with_its_code() -> None:
    async with page() as here:
        answer = await here.tell("do", {"do": "command", "text": "/lantern"}, "noor")
        assert answer == {
            "ok": False,
            "error": "/lantern failed: the app isn't running.",
            "code": "dispatch_failed",
        }
        assert (await here.tell("do", {"do": "fly"}, "noor"))["code"] == "unknown_deed"
        assert (await here.tell("do", {"do": "say", "channel": "C0", "text": "x"}, "noor"))[
            "code"
        ] == "channel_not_found"


async def test_an_external_select_and_a_dispatching_one_through_the_page() -> None:
    async with page() as here:
        app, bodies = collecting(here.playground)

        @app.options("it")
        async def offer(ack: Any) -> None:
            await ack(options=[{"text": {"type": "plain_text", "text": "Blue"}, "value": "blue"}])

        async with connected(here.playground, app):
            select = {"type": "external_select", "min_query_length": 0}
            view = modal(field("colour", select), actions({"type": "datepicker", "action_id": "a.any"}))
            trigger = await trigger_of(here.playground, bodies)
            opened = (await web(here.playground).views_open(trigger_id=trigger, view=view))["view"]["id"]
            asked = {"do": "options", "in": {"view": opened}, "block_id": "colour", "action_id": "it", "query": "b"}
            assert (await here.tell("do", asked, "noor"))["options"][0]["value"] == "blue"
            click = {"do": "click", "in": {"view": opened}, "block_id": "actions", "action_id": "a.any"}
            values = {"colour": {"it": "blue"}}
            await here.tell("do", {**click, "date": "2026-12-24", "values": values}, "noor")
            assert bodies[-1]["actions"][0]["selected_date"] == "2026-12-24"
            assert bodies[-1]["view"]["state"]["values"]["colour"]["it"]["selected_option"]["value"] == "blue"
            assert (await here.tell("do", {"do": "close", "view": opened}, "noor"))["ok"] is True


async def test_time_and_misfortune_are_in_the_page_s_hands() -> None:
    async with page() as here, here.stream() as happenings:
        before = (await here.read("state"))["clock"]
        assert (await here.tell("world", {"do": "jump", "days": 1}))["ok"] is True
        assert (await until(happenings, "jump"))["state"] == "begin"
        after = (await here.read("state"))["clock"]
        assert 86_000 < after["offset_seconds"] - before["offset_seconds"] < 87_000
        await here.tell("world", {"do": "fault", "name": "lost_answer"})
        armed = [each["name"] for each in (await here.read("state"))["faults"] if each["armed"]]
        assert armed == ["lost_answer"]
        await here.tell("world", {"do": "mend"})
        assert not any(each["armed"] for each in (await here.read("state"))["faults"])
        await here.tell("world", {"do": "fault", "name": "remove_app"})
        assert (await here.read("state"))["app"]["removed"] is True
        await here.tell("world", {"do": "fault", "name": "reinstall_app"})
        assert (await here.read("state"))["app"]["removed"] is False
        assert (await here.tell("world", {"do": "fault", "name": "rain"}))["code"] == "unknown_fault"
        await here.tell("world", {"do": "deactivate", "user": here.id("tomas")})
        await here.tell("world", {"do": "set_zone", "user": here.id("noor"), "tz": "Asia/Tokyo"})
        people = {each["key"]: each for each in (await here.read("state"))["people"]}
        assert (people["tomas"]["deleted"], people["noor"]["tz_label"]) == (True, "Japan Standard Time")
        assert (await here.tell("world", {"do": "set_zone", "user": "noor", "tz": "Mars"}))["code"] == "invalid"
        assert (await here.tell("world", {"do": "start_over"}))["ok"] is True
        assert (await here.read("state"))["people"][1]["deleted"] is False


async def test_each_step_of_a_jump_is_told_with_its_moment_and_its_reader() -> None:
    async with page() as here, here.stream() as happenings:
        place = await dm(here.playground, "tomas")
        at = int(here.playground.clock.now().timestamp()) + 3600
        await web(here.playground).chat_scheduleMessage(channel=place, text="Meeting\ntomorrow", post_at=at)
        await here.tell("world", {"do": "next"})
        step = await until(happenings, "step")
        assert (step["to"], step["line"], step["channel"]) == (here.id("tomas"), "Meeting tomorrow", place)


async def test_a_stopped_app_is_told_to_the_page() -> None:
    async with page() as here, here.stream() as happenings:
        async with connected(here.playground, lantern_app(here.playground)):
            assert (await until(happenings, "connection"))["connected"] is True
        assert (await until(happenings, "connection"))["connected"] is False


GUIDE = Guide(
    "Three steps",
    (
        Step(
            "ask",
            "noor",
            "Ask.",
            "Ask",
            Target("command", "/lantern"),
            {},
            Happening("command", "noor", "/lantern"),
            "a",
        ),
        Step(
            "be", "tomas", "Be Tomás.", "Become", Target("person", "tomas"), {}, Happening("become", ref="tomas"), "b"
        ),
        Step("say", "tomas", "Say it.", "Say", None, {"name": "Lamp"}, Happening("message", "tomas"), "b"),
        Step("wait", "tomas", "Wait.", "Step", Target("clock"), {}, Happening("step"), "b"),
    ),
    "You wandered off, good.",
)


async def test_the_guide_moves_by_what_really_happens_and_forgives_wandering() -> None:
    async with page(guide=GUIDE) as here, connected(here.playground, lantern_app(here.playground)):

        async def guide() -> Json:
            found: Json = (await here.read("state"))["guide"]
            return found

        first = await guide()
        assert (first["index"], first["count"], first["step"]["act_as"]) == (0, 4, here.id("noor"))
        await here.tell("do", {"do": "command", "text": "/lantern"}, "tomas")
        assert ((await guide())["index"], (await guide())["wandered"]) == (0, True)
        await here.tell("do", {"do": "command", "text": "/lantern blue"}, "noor")
        second = await guide()
        assert (second["index"], second["wandered"]) == (1, False)
        assert second["step"]["target"] == {"kind": "person", "ref": here.id("tomas")}
        await here.tell("do", {"do": "become"}, "tomas")
        assert (await guide())["step"]["fill"] == {"name": "Lamp"}
        channel = here.playground.workspace.person("tomas").names("lanterns")
        await here.tell("do", {"do": "say", "channel": channel, "text": "hi"}, "tomas")
        await here.tell("world", {"do": "jump", "hours": 1})
        done = await guide()
        assert (done["done"], done["step"]) == (True, None)
        await here.tell("do", {"do": "guide", "action": "back"}, "noor")
        assert (await guide())["index"] == 3
        await here.tell("do", {"do": "guide", "action": "restart"}, "noor")
        assert (await guide())["index"] == 0


async def test_who_one_is_already_needs_no_becoming() -> None:
    async with page(guide=GUIDE) as here, connected(here.playground, lantern_app(here.playground)):
        await here.tell("do", {"do": "command", "text": "/lantern"}, "noor")
        assert (await here.read("state"))["guide"]["step"]["key"] == "be"
        channel = here.playground.workspace.person("tomas").names("lanterns")
        await here.tell("do", {"do": "say", "channel": channel, "text": "hi"}, "tomas")
        assert (await here.read("state"))["guide"]["step"]["key"] == "wait"


async def test_a_section_with_hostile_words_stays_data() -> None:
    async with page() as here:
        place = await dm(here.playground)
        await web(here.playground).chat_postMessage(channel=place, text="<b>", blocks=[section("<img src=x>")])
        got = await here.read("messages", **{"as": here.id("noor"), "channel": place})
        assert got["messages"][0]["blocks"][0]["text"]["text"] == "<img src=x>"
        assert button("x", "y")["type"] == "button"


async def test_a_public_channel_can_be_joined_and_read_from_the_page() -> None:
    async with page() as here:
        ingrid = here.playground.workspace.person("ingrid")
        lanterns = ingrid.names("lanterns") or ""
        await here.playground.workspace.person("noor").say("hi", channel="lanterns")

        async def seen() -> Json:
            places = (await here.read("state", **{"as": ingrid.id}))["conversations"]
            found: Json = next(each for each in places if each["id"] == lanterns)
            return found

        assert ((await seen())["member"], (await seen())["unread"]) == (False, 1)
        assert (await here.tell("do", {"do": "join", "channel": lanterns}, "ingrid"))["ok"] is True
        assert (await here.tell("do", {"do": "read", "channel": lanterns}, "ingrid"))["ok"] is True
        assert ((await seen())["member"], (await seen())["unread"]) == (True, 0)
        hidden = ingrid.names("quiet")
        assert (await here.tell("do", {"do": "join", "channel": hidden}, "noor"))["code"] == "channel_not_found"


async def test_a_taken_port_is_said_in_a_sentence() -> None:
    async with running() as playground:
        port = int(playground.url.rpartition(":")[2])
        with pytest.raises(PortTakenError, match=f"Port {port} is taken"):
            await Playground(MANIFEST, CAST, port=port).start()
