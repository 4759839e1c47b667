"""Snapshots: taken without a home, begun from, gone back to with the app still there; each cheap enough for a test."""

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from playground import Playground, SnapshotRefusedError
from playground.store import NAME
from tests.playground.kit import bolt, connected, home, running, section, web
from tests.playground.neighbours import two
from tests.playground.test_messages import dm


async def _said(playground: Playground) -> list[str]:
    return [each.text for each in await playground.workspace.person("noor").messages("lanterns")]


async def test_a_world_without_a_home_is_copied_and_begun_from_again_and_again(tmp_path: Path) -> None:
    async with running() as playground:
        await playground.workspace.person("noor").say("before", channel="lanterns")
        playground.clock.move_to(playground.clock.now() + timedelta(days=3))
        await playground.snapshot(tmp_path)
        await playground.workspace.person("noor").say("after", channel="lanterns")
        token, there = playground.bot_token, (tmp_path / NAME).read_bytes()
    for _ in range(2):
        async with running(snapshot=tmp_path) as again:
            assert (again.bot_token, await _said(again)) == (token, ["before"])
            assert again.clock.offset > timedelta(days=2, hours=23)
            await again.workspace.person("noor").say("mine", channel="lanterns")
            await web(again).auth_test()
    assert (tmp_path / NAME).read_bytes() == there
    assert os.listdir(tmp_path) == [NAME]  # noqa: PTH208  (nothing is left open beside it)


async def test_a_snapshot_is_a_home_too_and_a_home_goes_before_a_snapshot(tmp_path: Path) -> None:
    async with running() as playground:
        await playground.workspace.person("noor").say("before", channel="lanterns")
        await playground.snapshot(tmp_path / "copy")
    async with running(home=tmp_path / "copy") as kept:
        await kept.workspace.person("noor").say("kept", channel="lanterns")
    async with running(home=tmp_path / "copy", snapshot=tmp_path / "copy") as again:
        assert await _said(again) == ["before", "kept"]
    async with running(home=tmp_path / "new", snapshot=tmp_path / "copy") as begun:
        assert await _said(begun) == ["before", "kept"]
    async with running(home=tmp_path / "new") as later:
        assert await _said(later) == ["before", "kept"]


async def test_going_back_keeps_the_app_connected_and_the_time_where_it_is(tmp_path: Path) -> None:
    async with running() as playground:
        app = bolt(playground)

        @app.event("app_home_opened")
        async def show(event: dict[str, Any], client: Any) -> None:
            await client.views_publish(user_id=event["user"], view=home(section("Hello")))

        @app.event("message")
        async def hear() -> None:
            pass

        @app.event("user_change")
        async def look() -> None:
            pass

        async with connected(playground, app):
            noor = playground.workspace.person("noor")
            await noor.say("before", channel="lanterns")
            await web(playground).chat_scheduleMessage(
                channel=await dm(playground), text="later", post_at=int(playground.clock.seconds()) + 7200
            )
            await playground.snapshot(tmp_path)
            await noor.say("after", channel="lanterns")
            await noor.home("Hello")
            playground.workspace.deactivate("tomas")
            await playground.step_to(playground.clock.now() + timedelta(hours=1))
            now = playground.clock.now()
            await playground.restore(tmp_path)
            assert await _said(playground) == ["before"]
            assert playground.clock.now() >= now
            assert not playground.workspace.person("tomas").user.deleted
            assert playground.world.state.home(noor.id) is None
            await (await noor.home("Hello")).changed("Hello")
            await playground.step_to(playground.clock.now() + timedelta(hours=2))
            assert (await playground.workspace.person("noor").message("later")).text == "later"
            assert len(noor.all_messages()) == 1


async def test_every_workspace_goes_back_and_is_begun_from(tmp_path: Path) -> None:
    async with two() as (playground, harbour, fjord):
        await fjord.person("erik").say("ahoy", channel="boats")
        await playground.snapshot(tmp_path)
        await fjord.person("erik").say("later", channel="boats")
        await harbour.person("noor").say("later", channel="lanterns")
        await playground.restore(tmp_path)
        assert [each.text for each in await fjord.person("noor").messages("boats")] == ["ahoy"]
        assert await _said(playground) == []
        tokens = [each.bot_token for each in playground.workspaces]
    async with two(snapshot=tmp_path) as (_, harbour, fjord):
        assert [harbour.bot_token, fjord.bot_token] == tokens
        assert [each.text for each in await fjord.person("noor").messages("boats")] == ["ahoy"]
    async with running() as alone:
        await alone.snapshot(tmp_path / "alone")
    with pytest.raises(SnapshotRefusedError, match="no workspace called 'fjord'"):
        async with two(snapshot=tmp_path / "alone"):
            pass


async def test_going_back_is_cheap(tmp_path: Path) -> None:
    async with running() as playground:
        for number in range(50):
            await playground.workspace.person("noor").say(f"Line {number}", channel="lanterns")
        await playground.snapshot(tmp_path)
        began = time.process_time()
        for _ in range(10):
            await playground.snapshot(tmp_path / "again")
            await playground.restore(tmp_path)
        assert (time.process_time() - began) / 10 < 0.1
        assert len(await _said(playground)) == 50


async def test_a_snapshot_of_another_app_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    async with running() as other:
        await other.snapshot(tmp_path)
    async with running() as playground:
        await playground.workspace.person("noor").say("mine", channel="lanterns")
        with pytest.raises(SnapshotRefusedError, match="of another app"):
            await playground.restore(tmp_path)
        assert await _said(playground) == ["mine"]


@pytest.mark.parametrize(("bytes_", "words"), [(None, "no snapshot in"), (b"nonsense" * 200, "is no snapshot")])
def test_what_is_no_snapshot_is_refused(tmp_path: Path, bytes_: bytes | None, words: str) -> None:
    if bytes_ is not None:
        (tmp_path / NAME).write_bytes(bytes_)
    with pytest.raises(SnapshotRefusedError, match=words):
        Playground(
            {"display_information": {"name": "Lantern"}, "settings": {"socket_mode_enabled": True}}, snapshot=tmp_path
        )
