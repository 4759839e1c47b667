"""Delivery over HTTP to an app's request URLs, signed as Slack signs."""

import asyncio
import contextlib
import hashlib
import hmac
import json
from urllib.parse import urlencode

import aiohttp

from playground.clock import real_time
from playground.faults import Fault, Faults
from playground.ids import Ids
from playground.journal import Journal
from playground.limits import Limits
from playground.manifest import AppManifest
from playground.records import Json
from playground.socket import Answer, AnswerKind

OK = range(200, 300)
REDIRECTS = 3  # the library counts the first answer too: two are followed, a third is too many
FORM = "application/x-www-form-urlencoded"
NOTHING = Fault("")


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The v0 signature over timestamp and raw body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class SignedHttp:
    """Posts what Socket Mode would carry to the URLs of the manifest."""

    def __init__(
        self, manifest: AppManifest, secret: str, limits: Limits, journal: Journal, ids: Ids, faults: Faults
    ) -> None:
        self.manifest = manifest
        self.secret = secret
        self._limits = limits
        self._journal = journal
        self._ids = ids
        self._faults = faults
        self._held = asyncio.Event()
        self._sending: set[asyncio.Task[Answer]] = set()
        self._session: aiohttp.ClientSession | None = None

    def url_for(self, kind: str, payload: Json) -> str:
        """Where this envelope goes; commands have a URL each."""
        if kind == "slash_commands":
            command = self.manifest.command(payload["command"])
            return command.url if command else ""
        if kind == "events_api":
            return self.manifest.event_url
        if payload.get("type") == "block_suggestion":
            return self.manifest.options_url or self.manifest.interactive_url
        return self.manifest.interactive_url

    async def deliver(self, envelope: Json, names: tuple[str, ...], people: tuple[str, ...], team: str) -> Answer:
        """Post one envelope and read the answer within the time for acknowledging, unless it fails on purpose."""
        fault = self._faults.strike("http", *names, people=people, team=team)
        kind, payload = envelope["type"], envelope["payload"]
        body, content_type = encode(kind, payload)
        headers = {"Content-Type": content_type}
        if envelope.get("retry_attempt"):
            headers["X-Slack-Retry-Num"] = str(envelope["retry_attempt"])
            headers["X-Slack-Retry-Reason"] = envelope["retry_reason"]
        if fault is not None:
            self._journal.note("http", f"{names[-1]}: {fault.name} on purpose", status="failed", team=team)
        return await self._send(self.url_for(kind, payload), body, headers, fault or NOTHING)

    async def _send(self, url: str, body: bytes, headers: dict[str, str], fault: Fault) -> Answer:
        """One delivery with what befalls it on the way there or back; it arrives although nobody waits any more."""
        if fault.name in {"cut", "drop_before"}:
            return Answer(AnswerKind.UNREACHABLE, reason="connection_failed")
        sending = asyncio.ensure_future(self._carry(url, body, headers, fault))
        self._sending.add(sending)
        sending.add_done_callback(self._sending.discard)
        try:
            async with asyncio.timeout(self._limits.ack_seconds):
                answer = await asyncio.shield(sending)
                if fault.name == "slow":
                    await asyncio.sleep(fault.seconds)
        except TimeoutError:
            return Answer(AnswerKind.TIMEOUT, reason="http_timeout")
        lost = fault.name == "lost_answer"
        return Answer(AnswerKind.TIMEOUT, reason="connection_failed") if lost else answer

    async def _carry(self, url: str, body: bytes, headers: dict[str, str], fault: Fault) -> Answer:
        match fault.name:
            case "hang":
                await asyncio.sleep(self._limits.ack_seconds)
                return Answer(AnswerKind.TIMEOUT, reason="http_timeout")
            case "delay":
                await asyncio.sleep(fault.seconds)
            case "reorder":
                await self._wait_for_next()
        answer = await self.post(url, body, headers)
        self._held.set()
        if fault.name == "duplicate":
            await self.post(url, body, headers)
        return answer

    async def _wait_for_next(self) -> None:
        """Until something else has gone out, or a second has passed."""
        self._held.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await self._held.wait()

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """A signed POST; anything but a 2xx is a failure with Slack's word for it."""
        stamp = str(int(real_time().timestamp()))
        signed = headers | {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature(self.secret, stamp, body),
            "User-Agent": "Playground (+local)",
        }
        timeout = aiohttp.ClientTimeout(total=self._limits.ack_seconds)
        try:
            async with self._client().post(
                url, data=body, headers=signed, timeout=timeout, max_redirects=REDIRECTS
            ) as got:
                text = await got.text()
                if got.status not in OK:
                    stop = got.headers.get("x-slack-no-retry") == "1"
                    return Answer(AnswerKind.TIMEOUT, payload={"stop": stop}, reason="http_error")
                return Answer(AnswerKind.ACK, read_answer(got.content_type, text))
        except TimeoutError:
            return Answer(AnswerKind.TIMEOUT, reason="http_timeout")
        except aiohttp.TooManyRedirects:
            return Answer(AnswerKind.TIMEOUT, reason="too_many_redirects")
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            self._journal.note("http", f"{url} could not be reached: {problem}", status="failed")
            return Answer(AnswerKind.UNREACHABLE, reason=_reason(problem))

    async def challenge(self, token: str) -> bool:
        """Slack's check of the events URL: it must hand the challenge back."""
        asked = self._ids.secret(40)
        body = json.dumps({"token": token, "challenge": asked, "type": "url_verification"}).encode()
        answer = await self.post(self.manifest.event_url, body, {"Content-Type": "application/json"})
        said = answer.payload
        given = said.get("challenge") if isinstance(said, dict) else said
        return answer.kind is AnswerKind.ACK and given == asked

    async def check_certificates(self, token: str) -> bool:
        """Slack's look at every command's URL: a plain form that is to be answered 200 and otherwise ignored."""
        body = urlencode({"token": token, "ssl_check": "1"}).encode()
        urls = {each.url for each in self.manifest.commands if each.url}
        answers = [await self.post(url, body, {"Content-Type": FORM}) for url in sorted(urls)]
        return all(each.kind is AnswerKind.ACK for each in answers)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    async def close(self) -> None:
        """Let go of the connections."""
        for task in list(self._sending):
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)
        if self._session is not None:
            await self._session.close()


def encode(kind: str, payload: Json) -> tuple[bytes, str]:
    """The body of a delivery: events as JSON, commands as a form, interactions as JSON inside a form."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    if kind == "slash_commands":
        return urlencode({key: _plain(value) for key, value in payload.items() if value is not None}).encode(), FORM
    return urlencode({"payload": json.dumps(payload)}).encode(), FORM


def _reason(problem: Exception) -> str:
    """Slack's word for why nothing was heard."""
    if isinstance(problem, aiohttp.ClientSSLError):
        return "ssl_error"
    known = isinstance(problem, aiohttp.ClientConnectionError | OSError)
    return "connection_failed" if known else "unknown_error"


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_answer(content_type: str, text: str) -> object:
    """An acknowledgement's payload as Socket Mode would carry it."""
    if not text.strip():
        return None
    if content_type == "application/json":
        try:
            return json.loads(text)
        except ValueError:
            return {"unreadable": text[:200]}
    return {"text": text}
