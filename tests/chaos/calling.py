"""Calls the real program as Slack does over HTTP, and sees each call through, or hangs up in the middle of it."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.orm import Session

from bot.clock import real_time
from bot.front import PATH
from bot.slack.signing import signature
from storage.models.base import Base
from tests.chaos.loops import Loop, opened
from tests.chaos.programs import SECRET

HERE, SOMEBODY = "T0", "UNEW"
FORM = "application/x-www-form-urlencoded"
SECONDS, APART = 40.0, 10
TOPIC, GOAL = "data analysis", "Move into a data role"


def submission(view: str = "V1") -> bytes:
    """The two questions of a search, answered by somebody nobody has seen before."""
    values = {"topic": {"topic": _typed(TOPIC)}, "goal": {"goal": _typed(GOAL)}}
    shown = {"id": view, "hash": "1.a", "type": "modal", "callback_id": "find.search", "private_metadata": ""}
    blocks = [{"type": "input", "block_id": name} for name in values]
    sent = {
        "type": "view_submission",
        "team": {"id": HERE},
        "user": {"id": SOMEBODY, "team_id": HERE},
        "trigger_id": "1.1",
        "view": shown | {"blocks": blocks, "state": {"values": values}},
    }
    return urlencode({"payload": json.dumps(sent)}).encode()


def _typed(words: str) -> dict[str, str]:
    return {"type": "plain_text_input", "value": words}


def signed(body: bytes, number: int = 0) -> dict[str, str]:
    """The headers of a request signed just now; another number makes it another signature."""
    stamp = str(int(real_time().timestamp()) - number * APART)
    return {
        "Content-Type": FORM,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(SECRET, stamp, body),
    }


@dataclass(slots=True)
class Call:
    """One call, made by a thread of its own; `status` 0 where the program hung up."""

    port: int
    body: bytes
    number: int = 0
    status: int = 0
    answer: str = ""
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._make, daemon=True)
        self._thread.start()

    def _make(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            line.request("POST", PATH, self.body, signed(self.body, self.number))
            told = line.getresponse()
            self.status, self.answer = told.status, told.read().decode()
        except (OSError, http.client.HTTPException):
            self.status = 0
        finally:
            line.close()

    def over(self) -> "Call":
        """The same, once it has been answered or given up."""
        self._thread.join(SECONDS)
        assert not self._thread.is_alive(), "it was never answered"
        return self


def hang_up(port: int, body: bytes, *, after: float, sent: int | None = None) -> None:
    """Send it, or only so many bytes of it, and break the connection so long afterwards, with nothing read."""
    lines = [f"POST {PATH} HTTP/1.1", "Host: here", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in signed(body).items()]
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode() + body[:sent])
        time.sleep(after)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # reset it, so nothing is delivered


def count(url: str, model: type[Base]) -> int:
    """How many rows of a table there are."""

    def ask(session: Session) -> int:
        return session.scalar(select(func.count()).select_from(model)) or 0

    with opened(url) as database:
        return database.read(ask).result(SECONDS)


def until_under_way(slack: Loop) -> None:
    """Wait until the program has asked Slack who it is that calls: the deed comes after that."""
    ends = time.monotonic() + SECONDS
    while not _number_at(slack.slack.replace("/api/", "/asked")):
        assert time.monotonic() < ends, "nobody was asked about"
        time.sleep(0.05)


def _number_at(address: str) -> int:
    with urlopen(address, timeout=SECONDS) as answer:  # noqa: S310  (our own stand-in)
        return int(answer.read())


@contextmanager
def held(url: str, table: str) -> Iterator[None]:
    """Somebody else keeps what a deed has to write to themselves."""
    engine: Engine = create_engine(url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            raw: Any = connection.connection.driver_connection
            raw.isolation_level = None
            raw.execute("BEGIN IMMEDIATE")
        else:
            connection.execute(text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
        yield
        connection.rollback()
        if engine.dialect.name == "sqlite" and raw.in_transaction:
            raw.execute("ROLLBACK")
    engine.dispose()
