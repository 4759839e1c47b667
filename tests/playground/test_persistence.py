"""What survives a stop, a kill, another format and a copy."""

import asyncio
import os
import signal
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path

from playground.store import NAME
from tests.playground.kit import running, section, web
from tests.playground.test_messages import dm

CHILD = """
import asyncio, sys
from pathlib import Path
from tests.playground.kit import CAST, MANIFEST
from playground import Playground

async def main():
    playground = Playground(MANIFEST, CAST, home=Path(sys.argv[1]))
    await playground.start()
    noor = playground.workspace.person("noor")
    await noor.say("kept", channel="lanterns")
    await asyncio.sleep(1.0)
    print(playground.bot_token, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_a_kill_loses_at_most_the_last_moment(tmp_path: Path) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, str(tmp_path), stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert child.stdout is not None
    token = (await child.stdout.readline()).decode().strip()
    os.kill(child.pid, signal.SIGKILL)
    await child.wait()
    async with running(home=tmp_path) as playground:
        assert playground.bot_token == token
        assert [each.text for each in await playground.workspace.person("noor").messages("lanterns")] == ["kept"]


async def test_everything_comes_back_as_it_was(tmp_path: Path) -> None:
    async with running(home=tmp_path) as before:
        client, place = web(before), await dm(before)
        posted = await client.chat_postMessage(channel=place, text="hi", blocks=[section("hi")], thread_ts=None)
        await client.reactions_add(channel=place, timestamp=posted["ts"], name="wave")
        await client.chat_scheduleMessage(
            channel=place, text="later", post_at=int(before.clock.now().timestamp()) + 3600
        )
        before.workspace.set_zone("tomas", "Asia/Tokyo")
        before.workspace.remove_scope("team:read")
        kept = {kind: before.world.state.record(*kind) for kind in before.world.state.everything()}
        key = before.world.state.memory.page_key
    async with running(home=tmp_path) as after:
        assert after.world.state.memory.page_key == key
        for kind, record in kept.items():
            if kind[0] != "memory":
                assert after.world.state.record(*kind) == record
        assert set(after.world.state.everything()) == set(kept)
        await after.step_to(after.clock.now().replace(microsecond=0))
        due = after.world.timetable.next_due()
        assert due is not None


async def test_new_ids_after_a_restart_are_new_even_with_the_same_seed(tmp_path: Path) -> None:
    async with running(home=tmp_path, seed=5) as first:
        one = await dm(first)
    async with running(home=tmp_path, seed=5) as second:
        assert await dm(second, "tomas") != one


async def test_a_file_of_another_format_is_set_aside_with_a_sentence(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / NAME)
    other.execute("CREATE TABLE things (x)")
    other.execute("PRAGMA user_version = 99")
    other.close()
    async with running(home=tmp_path) as playground:
        assert "set aside as playground-set-aside-1.db" in playground.notice
        assert (tmp_path / "playground-set-aside-1.db").exists()
    (tmp_path / NAME).write_bytes(b"not a database at all, but long enough to look like one" * 20)
    async with running(home=tmp_path) as playground:
        assert "playground-set-aside-2.db" in playground.notice


async def test_a_snapshot_is_a_home_for_another_playground(tmp_path: Path) -> None:
    async with running(home=tmp_path / "one") as playground:
        await playground.workspace.person("noor").say("before", channel="lanterns")
        await playground.snapshot(tmp_path / "copy")
        await playground.workspace.person("noor").say("after", channel="lanterns")
    async with running(home=tmp_path / "copy") as copy:
        said = await copy.workspace.person("noor").messages("lanterns")
        assert [each.text for each in said] == ["before"]


async def test_starting_over_forgets_what_was_said_but_keeps_the_app_and_the_time(tmp_path: Path) -> None:
    async with running(home=tmp_path) as playground:
        forgotten: list[str] = []

        async def forget() -> None:
            forgotten.append(playground.workspace.person("noor").id)
            playground.clock.move_to(playground.clock.now() + timedelta(hours=9))

        old_id = playground.workspace.person("noor").id
        playground.on_start_over = forget
        team_id = playground.world.state.team.id
        token, now = playground.bot_token, playground.clock.now()
        await playground.workspace.person("noor").say("gone", channel="lanterns")
        await playground.start_over()
        assert forgotten == [playground.workspace.person("noor").id]
        assert old_id not in forgotten
        assert playground.world.state.team.id == team_id
        assert abs(playground.world.state.team.started - playground.clock.now().timestamp()) < 5
        assert playground.bot_token == token
        assert playground.clock.now() >= now
        assert await playground.workspace.person("noor").messages("lanterns") == []
        await web(playground).auth_test()
    async with running(home=tmp_path) as again:
        assert await again.workspace.person("noor").messages("lanterns") == []
        assert len(again.workspace.people) == 5
