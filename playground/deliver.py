"""Bringing what people did to the app: interactions and commands once, events again until they are acknowledged."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from playground.clock import WorldClock
from playground.ids import Ids
from playground.journal import Journal
from playground.limits import Limits
from playground.records import Json
from playground.signed_http import SignedHttp
from playground.socket import Answer, AnswerKind, Hub
from playground.timetable import Timetable
from playground.watch import Watch

# what an app is told of its own end, when it can be told nothing else any more
FAREWELLS = frozenset({"tokens_revoked", "app_uninstalled"})


@dataclass(slots=True)
class Line:
    """What all workspaces share: the app's sockets and addresses, the timetable, and what is under way."""

    hub: Hub
    http: SignedHttp
    timetable: Timetable
    watch: Watch
    limits: Limits
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    in_flight: int = 0


class Deliver:
    """One workspace's door for both ways in, Socket Mode and signed HTTP; `gone` tells whether its app still is."""

    def __init__(self, line: Line, journal: Journal, gone: Callable[[], bool]) -> None:
        self._line = line
        self._hub = line.hub
        self._http = line.http
        self._timetable = line.timetable
        self._journal = journal
        self._gone = gone
        self._watch = line.watch
        self._limits = line.limits
        self._tasks = line.tasks

    @property
    def in_flight(self) -> int:
        """How many envelopes wait for the app's answer, of all workspaces."""
        return self._line.in_flight

    @property
    def _ids(self) -> Ids:
        return self._hub.ids

    @property
    def _clock(self) -> WorldClock:
        return self._timetable.clock

    @property
    def over_socket(self) -> bool:
        """Which way the manifest asks for."""
        return self._http.manifest.socket_mode

    @property
    def reachable(self) -> bool:
        """Whether the app could be told something now, as far as can be known."""
        return self._hub.connected if self.over_socket else True

    async def ask(self, kind: str, payload: Json, people: tuple[str, ...] = ()) -> Answer:
        """Deliver a command or interaction: one attempt, three seconds."""
        envelope = self._envelope(kind, payload, accepts=True)
        names = (kind, str(payload.get("type") or payload.get("command") or ""))
        return await self._attempt(envelope, names, people)

    def event(self, payload: Json, people: tuple[str, ...] = ()) -> None:
        """Deliver an event in the background, redelivering it as Slack does."""
        self.spawn(self._try_event(payload, people, 0, ""))

    def _pointless(self, payload: Json) -> bool:
        """An app that is gone from the workspace hears of that, and of nothing else."""
        return self._gone() and payload.get("event", payload)["type"] not in FAREWELLS

    async def _try_event(self, payload: Json, people: tuple[str, ...], attempt: int, reason: str) -> None:
        if self._pointless(payload):
            return
        envelope = self._envelope("events_api", payload, accepts=False)
        envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        answer = await self._attempt(envelope, ("events_api", payload.get("event", payload)["type"]), people)
        stop = isinstance(answer.payload, dict) and answer.payload.get("stop")
        waits = self._limits.redelivery_seconds
        if answer.kind is AnswerKind.ACK or stop or attempt >= len(waits):
            return

        async def again() -> None:
            self.spawn(self._try_event(payload, people, attempt + 1, answer.reason))

        self._timetable.at(self._clock.seconds() + waits[attempt], again)

    def _envelope(self, kind: str, payload: Json, *, accepts: bool) -> Json:
        return {
            "envelope_id": self._ids.uuid(),
            "type": kind,
            "payload": payload,
            "accepts_response_payload": accepts,
        }

    async def _attempt(self, envelope: Json, names: tuple[str, ...], people: tuple[str, ...]) -> Answer:
        self._line.in_flight += 1
        way = self._hub if self.over_socket else self._http
        try:
            answer = await way.deliver(envelope, names, people, self._journal.team)
        finally:
            self._line.in_flight -= 1
            self._watch.notify()
        self._note(envelope, names, answer)
        return answer

    def _note(self, envelope: Json, names: tuple[str, ...], answer: Answer) -> None:
        again = f", attempt {envelope['retry_attempt'] + 1}" if envelope.get("retry_attempt") else ""
        words = {
            AnswerKind.ACK: "acknowledged",
            AnswerKind.TIMEOUT: "not acknowledged in time",
            AnswerKind.UNREACHABLE: "the app is not there",
        }
        self._journal.note(
            "socket" if self.over_socket else "http",
            f"{names[-1] or names[0]}{again}: {words[answer.kind]}",
            status="ok" if answer.kind is AnswerKind.ACK else "failed",
            detail={"envelope": envelope, "answer": answer.payload, "reason": answer.reason},
        )

    # -- background work ---------------------------------------------------------------------------------

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside; it is kept alive, and ended when the playground stops."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self, seconds: float = 10.0) -> None:
        """Wait until nothing is on its way to the app any more."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while (self.in_flight or self._tasks) and loop.time() < deadline:
            await self._watch.change(min(0.05, deadline - loop.time()))

    async def close(self) -> None:
        """End what is still under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.close()
