"""Socket Mode: single-use tickets, up to ten connections of which exactly one gets each envelope, acknowledgements."""

import asyncio
import contextlib
import json
import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aiohttp import WSMsgType, web

from playground.faults import Faults
from playground.ids import Ids
from playground.journal import Journal
from playground.limits import Limits
from playground.records import Json

TICKET_SECONDS = 30.0
HOST = "applink-local-1"


class AnswerKind(StrEnum):
    """How the app took an envelope."""

    ACK = "ack"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `payload` is what the acknowledgement carried, `reason` Slack's word for a failure."""

    kind: AnswerKind
    payload: Any = None
    reason: str = ""


@dataclass(slots=True, eq=False)
class Connection:
    """One open socket; it gets nothing before its hello nor after it was asked to leave."""

    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    number: int
    ready: bool = False
    leaving: bool = False
    renews: bool = False

    def abort(self) -> None:
        """Cut it without a word."""
        self.leaving = True
        if self.transport is not None:
            self.transport.abort()


@dataclass(slots=True)
class Hub:
    """All sockets of the app."""

    app_id: str
    ids: Ids
    journal: Journal
    limits: Limits
    faults: Faults
    connections: list[Connection] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    disabled: bool = False
    _tickets: dict[str, float] = field(default_factory=dict)
    _waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    _late: dict[str, str] = field(default_factory=dict)
    held: list[Json] = field(default_factory=list)
    _sending: set[asyncio.Future[None]] = field(default_factory=set)
    _refuse_until: float = 0.0
    _count: int = 0
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def connected(self) -> bool:
        """Whether an envelope could go out now."""
        return any(each.ready and not each.leaving for each in self.connections)

    # -- connecting --------------------------------------------------------------------------------------

    def ticket(self) -> str:
        """A new single-use ticket for /link."""
        ticket = self.ids.uuid()
        self._tickets[ticket] = time.monotonic()
        return ticket

    def refuse_for(self, seconds: float) -> None:
        """Let no new socket in for a while."""
        self._refuse_until = time.monotonic() + seconds

    @property
    def refusing(self) -> bool:
        """Whether new sockets are turned away now."""
        return time.monotonic() < self._refuse_until

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection from its ticket to its end."""
        made = self._tickets.pop(request.query.get("ticket", ""), None)
        if made is None or time.monotonic() - made > TICKET_SECONDS or self.refusing or self.disabled:
            self.journal.note("socket", "A socket was turned away: no valid ticket", status="refused")
            return web.Response(status=401, text="invalid ticket")
        socket = web.WebSocketResponse(heartbeat=self.limits.ping_seconds)
        await socket.prepare(request)
        self._count += 1
        connection = Connection(socket, request.transport, self._count)
        connection.renews = request.query.get("debug_reconnects") == "true"
        if len(self.connections) >= self.limits.connections:
            await self._ask_to_leave(connection, "too_many_websockets")
            await socket.close()
            return socket
        self.connections.append(connection)
        try:
            await self._greet(connection)
            await self._listen(connection)
        finally:
            self.connections.remove(connection)
            self.journal.note("socket", f"Socket {connection.number} closed")
            self._tell()
        return socket

    async def _greet(self, connection: Connection) -> None:
        fault = self.faults.strike("connect")
        if fault is not None:
            self.journal.note("socket", f"Socket {connection.number} opened and gets no hello", status="failed")
            asyncio.get_running_loop().call_later(fault.seconds, connection.abort)
            return
        hello = {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {
                "host": HOST,
                "started": f"{self.journal.begun:%Y-%m-%d %H:%M:%S}.000",
                "build_number": 10,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": self.app_id},
        }
        await self._send(connection, hello)
        connection.ready = True
        if connection.renews:
            self._keep_renewing(connection)
        self._arrived.set()
        self.journal.note("socket", f"Socket {connection.number} opened: hello", detail=hello)
        self._tell()

    def _keep_renewing(self, connection: Connection) -> None:
        """`debug_reconnects=true`: a warning, then the request to renew, as Slack does for trying it out."""
        after = self.limits.renewal_seconds
        for wait, reason in ((after - 10, "warning"), (after, "refresh_requested")):
            task = asyncio.ensure_future(self._ask_later(connection, max(wait, 0), reason))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _ask_later(self, connection: Connection, seconds: float, reason: str) -> None:
        await asyncio.sleep(seconds)
        if connection in self.connections:
            await self._ask_to_leave(connection, reason)

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type == WSMsgType.TEXT:
                self._take_answer(message.data)

    def _tell(self) -> None:
        for listener in self.changed:
            listener()

    # -- acknowledgements --------------------------------------------------------------------------------

    def _take_answer(self, text: str) -> None:
        try:
            answer = json.loads(text)
            key = answer["envelope_id"]
        except (ValueError, KeyError, TypeError):
            self.journal.note("socket", "An answer that is no acknowledgement", status="refused", detail={"text": text})
            return
        waiting = self._waiting.pop(key, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer.get("payload"))
        elif key in self._late:
            self.journal.note("socket", "Acknowledged too late", status="failed", detail=answer, team=self._late[key])

    # -- envelopes ---------------------------------------------------------------------------------------

    async def deliver(self, envelope: Json, names: tuple[str, ...], people: tuple[str, ...], team: str) -> Answer:
        """Send one envelope to exactly one connection and wait for its acknowledgement."""
        if not self.connected:
            return Answer(AnswerKind.UNREACHABLE, reason="connection_failed")
        key = envelope["envelope_id"]
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[key] = future
        sending = asyncio.ensure_future(self._dispatch(envelope, names, people, team))
        try:
            async with asyncio.timeout(self.limits.ack_seconds):
                payload = await future
        except TimeoutError:
            self._note_late(key, team)
            return Answer(AnswerKind.TIMEOUT, reason="timeout")
        finally:
            self._waiting.pop(key, None)
            if not sending.done():
                self._sending.add(sending)
                sending.add_done_callback(self._sending.discard)
        return Answer(AnswerKind.ACK, payload)

    def _note_late(self, key: str, team: str) -> None:
        self._late[key] = team
        while len(self._late) > self.limits.connections * 100:
            del self._late[next(iter(self._late))]

    async def _dispatch(self, envelope: Json, names: tuple[str, ...], people: tuple[str, ...], team: str) -> None:
        fault = self.faults.strike("socket", *names, people=people, team=team)
        match fault.name if fault else "":
            case "delay":
                await asyncio.sleep(fault.seconds if fault else 0)
            case "reorder":
                self.held.append(envelope)
                self.journal.note("socket", f"{names[-1]}: held back on purpose", status="failed", team=team)
                await asyncio.sleep(1.0)
                if envelope not in self.held:
                    return
                self.held.remove(envelope)
            case "cut":
                await self.cut()
                return
            case "drop_before" | "hang":
                return
            case "lost_answer":
                self._waiting.pop(envelope["envelope_id"], None)
            case "polite_disconnect":
                await self.ask_all_to_leave("refresh_requested")
                await self._wait_for_connection()
        await self._put(envelope)
        if fault is not None and fault.name == "duplicate":
            await self._put(envelope)
        held, self.held = self.held, []
        for each in held:
            await self._put(each)

    async def _put(self, envelope: Json) -> None:
        able = [each for each in self.connections if each.ready and not each.leaving]
        if able:
            await self._send(self.ids.random.choice(able), envelope)

    async def _send(self, connection: Connection, frame: Json) -> None:
        try:
            await connection.socket.send_str(json.dumps(frame, ensure_ascii=False))
        except (ConnectionError, RuntimeError) as problem:
            self.journal.note("socket", f"Socket {connection.number} broke: {problem}", status="failed")

    async def _wait_for_connection(self) -> None:
        self._arrived.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.limits.ack_seconds):
                await self._arrived.wait()

    # -- ending connections ------------------------------------------------------------------------------

    async def _ask_to_leave(self, connection: Connection, reason: str) -> None:
        """Slack drops the line soon after; an app that could not open another by then notices that."""
        connection.leaving = reason != "warning"
        await self._send(connection, {"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}})
        self.journal.note("socket", f"Socket {connection.number} was asked to leave: {reason}")
        if connection.leaving:
            asyncio.get_running_loop().call_later(self.limits.leave_seconds, connection.abort)

    async def ask_all_to_leave(self, reason: str = "refresh_requested") -> None:
        """Politely: warning, refresh_requested or link_disabled."""
        for connection in list(self.connections):
            await self._ask_to_leave(connection, reason)

    async def cut(self) -> None:
        """Impolitely: every socket is cut without a word."""
        for connection in list(self.connections):
            connection.abort()

    async def close(self) -> None:
        """The playground stops."""
        for task in self._sending:
            task.cancel()
        for connection in list(self.connections):
            await connection.socket.close(code=1001, message=b"going away")
