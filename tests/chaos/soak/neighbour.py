"""A second process of the bot, on the same PostgreSQL and under the same moving clock, which is killed again and again.

Run as a program it is that process; its clock is the machine's plus what the first process writes into a file.
"""

import asyncio
import json
import logging
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clients
from bot.clock import Clock, real_time
from bot.commands import assemble
from bot.commands.assemble import Tokens, start_bot
from bot.commands.world import World
from bot.demo.cast import ORGANISER
from bot.outbox.rows import Rows
from bot.settings import key_in
from storage.database import Database, StoreUnavailableError
from storage.models.outbox import OutboxRow, RowState
from storage.vault import Vault

OFFSET = struct.Struct("d")
ERROR = "ERROR:"
OURS = ("bot", "handlers", "storage")
A_LOOK, AN_INSTANT, LOOKS = 0.02, 0.002, 400
READY = "is ready"


class Neighbour:
    """Starts the second process, and kills it; `met` is how often it was in the middle of a call."""

    def __init__(self, world: World, home: Path, call_seconds: int) -> None:
        self._stage, self._home = world.playground, home
        self._offset, self._said = home / "offset", home / "neighbour.log"
        self._call_seconds = call_seconds
        self._running: subprocess.Popen[bytes] | None = None
        self.kills = self.met = 0
        self._write_offset()
        self._stage.clock.moved.append(self._write_offset)

    def _write_offset(self) -> None:
        fresh = self._offset.with_suffix(".new")
        fresh.write_bytes(OFFSET.pack(self._stage.clock.offset.total_seconds()))
        fresh.replace(self._offset)

    @property
    def owner(self) -> str:
        """The owner of what it is sending now."""
        return f"neighbour {self.kills}"

    def start(self, database_url: str) -> None:
        """Let it begin; it takes part as soon as it is ready."""
        stage = self._stage
        plan = {
            "url": database_url,
            "slack": [stage.api_url, stage.bot_token, stage.app_token],
            "home": str(self._home),
            "offset": str(self._offset),
            "organiser": stage.workspace.person(ORGANISER).id,
            "owner": self.owner,
            "call_seconds": self._call_seconds,
        }
        command = [sys.executable, "-m", "tests.chaos.soak.neighbour", json.dumps(plan)]
        with self._said.open("ab") as log:
            self._running = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603  (our own program)

    def kill(self) -> None:
        """SIGKILL, whatever it is at."""
        if self._running is not None:
            self._running.kill()
            self._running.wait()
            self._running = None
            self.kills += 1

    async def has_nothing_in_hand(self, database: Database) -> None:
        """Wait until it sends nothing: no clock jumps over minutes in the middle of a call."""
        for _ in range(LOOKS):
            if not await self._is_sending(database):
                return
            await asyncio.sleep(A_LOOK)

    async def fall(self, database: Database) -> None:
        """Be killed in the middle of a call, if it makes one within a while, or else at what it is at; begin again."""
        for _ in range(LOOKS):
            if is_met := await self._is_sending(database):
                break
            await asyncio.sleep(AN_INSTANT)
        self.met += is_met
        self.kill()
        self.start(database.url)

    async def _is_sending(self, database: Database) -> bool:
        try:
            return bool(await asyncio.wrap_future(database.read(self._sending)))
        except StoreUnavailableError:  # the first process begins anew just now, and has let go of its own
            return False

    def _sending(self, session: Session) -> int:
        mine = (OutboxRow.state == RowState.SENDING, OutboxRow.owner == self.owner)
        return session.scalar(select(func.count()).select_from(OutboxRow).where(*mine)) or 0

    def lives(self) -> int:
        """How often it came to take part."""
        return self.said().count(READY)

    def errors(self) -> Iterator[str]:
        """Everything it logged as an error that is ours."""
        for line in self.said().splitlines():
            if line.startswith(tuple(f"{ERROR}{part}" for part in OURS)):
                yield f"the neighbour logged: {line.removeprefix(ERROR)}"

    def said(self) -> str:
        """All it said, for whoever looks for a cause."""
        return self._said.read_text(encoding="utf-8", errors="replace")


def _now_by(offset: Path) -> datetime:
    return real_time() + timedelta(seconds=OFFSET.unpack(offset.read_bytes())[0])


async def _live(plan: dict[str, Any]) -> None:
    clients.CALL_SECONDS = plan["call_seconds"]
    # So that the first process knows whose a row is.
    vars(assemble)["Rows"] = partial(Rows, owner=plan["owner"])
    clock = Clock(partial(_now_by, Path(plan["offset"])))
    vault = Vault(key_in(Path(plan["home"])))
    await start_bot(Tokens(*plan["slack"]), Database(plan["url"]), vault, clock, (plan["organiser"],))
    logging.getLogger().warning("%s %s", plan["owner"], READY)
    await asyncio.Event().wait()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="{levelname}:{name}: {message}", style="{")
    try:
        asyncio.run(_live(json.loads(sys.argv[1])))
    finally:
        os._exit(1)
