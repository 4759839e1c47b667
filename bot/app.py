"""The shell: ack, transaction, carry out the reply. The only file on Bolt; no exception is ever let through to it."""

import asyncio
import json
import logging
import re
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from sqlalchemy.orm import Session

from bot.answers import Answers
from bot.clients import Clients
from bot.clock import Clock
from bot.deeds import REPLAY, Deeds, Outcome, crashed, is_first, misread, named, refused
from bot.directory import Directory, SlackAwayError
from bot.errors import BusyError, MentorError, NotForYouError
from bot.outbox.courier import Courier
from bot.outbox.slack_errors import SENDING_PROBLEMS, code_of
from bot.rules.inbox import WAITS, last_tried_before
from bot.slack import incoming as read
from bot.slack.forms import FormError
from bot.slack.incoming import Incoming
from bot.slack.notices import as_view_of_loading
from bot.slack.replies import Nothing
from bot.slack.router import Route, RouteKind
from bot.slack.signing import SIGNED, Refusal
from bot.views.errors import NOT_INSTALLED
from bot.watch import Watch
from storage.database import Database, Priority, StoreUnavailableError
from storage.queries import inbox, outbox

log = logging.getLogger(__name__)

ACK_BY = 1.5
SUBMISSION_BY = 2.7
LONG_AGO = timedelta(minutes=1)
HOME = "home"
"""Where Bolt's context carries which workspace of ours it is."""
ANY = re.compile(r".*", re.DOTALL)
Json = Mapping[str, Any]
Next = Callable[[], Awaitable[BoltResponse]]


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything a delivery meets on its way; `under_way` is what a stop waits for."""

    clients: Clients
    deeds: Deeds
    database: Database
    clock: Clock
    directory: Directory
    answers: Answers
    courier: Courier
    watch: Watch
    under_way: set[asyncio.Task[Any]]

    def listen(self, app: AsyncApp) -> AsyncApp:
        """Hang one listener a kind on Bolt; routing is ours, so nothing can be unmatched."""
        app.use(self._take_in)
        app.command(ANY)(self._on_command)
        app.action(ANY)(self._on_action)
        app.shortcut(ANY)(self._on_shortcut)
        app.view(ANY)(self._on_submission)
        app.view_closed(ANY)(_acknowledge)
        app.options(ANY)(_acknowledge_options)
        app.event(ANY)(self._on_event)
        app.error(_acknowledge_the_unheard_of)
        return app

    async def drain(self, seconds: float) -> None:
        """Let what is under way finish, for so long at most."""
        if self.under_way:
            await asyncio.wait(set(self.under_way), timeout=seconds)

    async def move_in(self, workspace_id: str) -> None:
        """Somebody installed the app: speak there from now on, and get to know its people."""
        self.clients.forget(workspace_id)
        await self.clients.of(workspace_id)
        self._start(self.directory.try_listing(workspace_id))
        self.courier.wake()

    async def redo_unfinished(self, older_than: timedelta = LONG_AGO) -> int:
        """Deal with events that were acknowledged and whose work failed, or was cut off by a crash; how many.

        What another process may be at work on is left to it for a while; one that fails again and again is set aside.
        """
        return sum([await self._redo(workspace_id, older_than) for workspace_id in self.clients.workspace_ids])

    async def _redo(self, home: str, older_than: timedelta) -> int:
        again = self.database.write(lambda session: self._take_up(session, home, older_than), Priority.SWEEP)
        found, given_up = await asyncio.wrap_future(again)
        for payload in given_up:
            self.watch.set_aside += 1
            kind = read.read_event(json.loads(payload)).id
            log.warning("An event of kind '%s' failed for a day and is set aside.", kind, extra={"route": kind})
        for payload in found:
            await self._try_event(json.loads(payload), home)
        return len(found)

    def _take_up(self, session: Session, home: str, older_than: timedelta) -> tuple[list[str], list[str]]:
        tx = self.deeds.tx(session, home, self.clock.now())
        given_up = inbox.set_aside(tx, len(WAITS), tx.now - older_than)
        return inbox.take_up(tx, last_tried_before(tx.now, older_than)), given_up

    async def _on_command(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await self._tap(ack, self._named(read.read_command(body), context))

    async def _on_action(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await self._tap(ack, self._named(read.read_action(body), context))

    async def _on_shortcut(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await self._tap(ack, self._named(read.read_shortcut(body), context))

    def _named(self, incoming: Incoming, context: AsyncBoltContext) -> Incoming:
        return named(incoming, context[HOME], context.get(SIGNED))

    async def _tap(self, ack: AsyncAck, incoming: Incoming) -> None:
        """Deed, commit, ack, answer; past a second and a half, or where a view must open first, ack before."""
        begun, loading = self.watch.now(), ""
        if self._opens_first(incoming):
            await ack()
            loading = await self._open_loading(incoming)
        job = self._start(self._outcome(incoming))
        await asyncio.wait({job}, timeout=ACK_BY)
        if job.done() and job.result().is_replay:
            _turn_away(ack)
        elif not loading:
            await ack()
        self.watch.acks.add(self.watch.now() - begun)
        outcome = await job
        self._start(self.answers.give(outcome.reply, incoming, loading=loading))

    def _opens_first(self, incoming: Incoming) -> bool:
        try:
            return self.deeds.route(incoming).flags.opens_first
        except MentorError:
            return False

    async def _open_loading(self, incoming: Incoming) -> str:
        try:
            return await self.answers.open_loading(as_view_of_loading("Mentor"), incoming)
        except SENDING_PROBLEMS as problem:
            log.warning("A view could not be opened: %s", code_of(problem))
            return ""

    async def _on_submission(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Deed and stored result, commit, ack with the result; a redelivery gets the same, a replay gets nothing.

        What is not done in time keeps its form open, and pressed again it gets what came of it meanwhile.
        """
        incoming, begun = self._named(read.read_submission(body), context), self.watch.now()
        job = self._start(self._outcome(incoming))
        done, _ = await asyncio.wait({job}, timeout=SUBMISSION_BY)
        outcome = job.result() if done else refused(BusyError(self.clock.now()), incoming)
        if outcome.is_replay:
            _turn_away(ack)
        else:
            await ack(**(outcome.ack or {}))
        self.watch.acks.add(self.watch.now() - begun)

    async def _on_event(self, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await self._try_event(body, context[HOME])

    async def _try_event(self, body: Json, home: str) -> None:
        """The event is written down already; if its work fails, it is taken up again in a while."""
        try:
            await self._start(self._deal_with(body, home))
        except Exception:
            log.exception("An event could not be dealt with; it is taken up again in a while.")

    async def _deal_with(self, body: Json, home: str) -> None:
        incoming = named(read.read_event(body), home)
        if incoming.slack_id:
            outcome = await self._outcome(incoming)
            await self.answers.give(outcome.reply, incoming)
        else:
            await self._finish(incoming)

    async def _finish(self, incoming: Incoming) -> None:
        def finish(session: Session) -> None:
            inbox.finish(self.deeds.tx(session, incoming.workspace_id, self.clock.now()), incoming.key)

        await asyncio.wrap_future(self.database.write(finish))

    async def _take_in(self, body: dict[str, Any], context: AsyncBoltContext, next_: Next) -> BoltResponse | None:
        """Find out whose it is, and write an event down before Bolt acknowledges it; a repeat goes no further."""
        if body.get("type") == "app_rate_limited":
            log.warning("Slack is holding events back: more than 30,000 in an hour.")
            return BoltResponse(status=200, body="")
        is_event = body.get("type") == "event_callback"
        try:
            home = await self._home_of(body)
            if not home:
                log.warning("Something came in from a workspace that the app is not installed in.")
                return BoltResponse(status=200, body=NOT_INSTALLED if body.get("command") else "")
            if is_event and read.is_parting(body, self.clients.bot_user_in(home)):
                return await self._part(home, body)
            context[HOME] = home
            is_new = not is_event or await asyncio.wrap_future(
                self.database.write(lambda session: self._write_down(session, body, home))
            )
        except StoreUnavailableError:
            log.exception("What came in could not be written down; Slack sends an event again.")
            return BoltResponse(status=503, body="")
        return await next_() if is_new else BoltResponse(status=200, body="")

    async def _home_of(self, body: Json) -> str:
        """Which workspace of ours this is of; empty if the app is in none of those it names.

        Where there is but one, everything is of that one, whatever a stranger's payload names.
        """
        if self.clients.is_fixed and len(ours := self.clients.workspace_ids) == 1:
            return ours[0]
        for team in read.teams_in(body):
            if await self.clients.lives_in(team):
                return team
        return ""

    async def _part(self, home: str, body: Json) -> BoltResponse:
        """Uninstalled: the tokens are forgotten at once, and nothing is done there any more."""
        if await self.clients.part(home, datetime.fromtimestamp(read.time_of(body), UTC)):
            log.warning("The app was uninstalled from a workspace.", extra={"workspace": home})
        return BoltResponse(status=200, body="")

    def _write_down(self, session: Session, body: Json, home: str) -> bool:
        tx = self.deeds.tx(session, home, self.clock.now())
        kept = {key: body.get(key) for key in ("team_id", "event_id", "event")}
        return inbox.take_in(tx, f"event:{body.get('event_id')}", json.dumps(kept)) is not None

    async def _outcome(self, incoming: Incoming) -> Outcome:
        """Run the deed and say what came of it; whatever goes wrong becomes words."""
        try:
            return await self._done(incoming)
        except MentorError as problem:
            keeps = incoming.kind is RouteKind.FORM and not isinstance(problem, NotForYouError)
            return await self._undone(refused(problem, incoming), incoming, keeps=keeps)
        except FormError as problem:
            return await self._undone(misread(problem, incoming), incoming, keeps=False)
        except StoreUnavailableError:
            log.exception("The database did not answer.", extra={"route": incoming.id})
            return refused(BusyError(self.clock.now()), incoming)
        except SlackAwayError:
            return refused(BusyError(self.clock.now()), incoming)
        except Exception:
            reference = uuid.uuid4().hex[:8]
            log.exception("Nobody foresaw this; reference %s.", reference, extra={"route": incoming.id})
            return crashed(reference, incoming)

    async def _done(self, incoming: Incoming) -> Outcome:
        route = self.deeds.route(incoming) if incoming.kind is not RouteKind.EVENT else self._event_route(incoming)
        if route is None:
            await self._finish(incoming)
            return Outcome(Nothing())
        await self.directory.ensure(incoming.workspace_id, incoming.slack_id)
        now = self.clock.now()
        if route.flags.reads and incoming.signed is None:
            return await asyncio.wrap_future(
                self.database.read(lambda session: self.deeds.carry_out(session, incoming, route, now))
            )

        def work(session: Session) -> tuple[Outcome, bool]:
            return self.deeds.carry_out(session, incoming, route, now), outbox.is_touched(session)

        outcome, is_owed = await asyncio.wrap_future(self.database.write(work, durable=route.flags.durable))
        if is_owed:
            self.courier.wake()
        return outcome

    def _event_route(self, incoming: Incoming) -> Route | None:
        """The listener of an event; one nobody listens for is acknowledged and forgotten."""
        try:
            return self.deeds.route(incoming)
        except MentorError:
            return None

    async def _undone(self, outcome: Outcome, incoming: Incoming, *, keeps: bool) -> Outcome:
        """A refusal keeps what was typed, so that trying again starts from the same words."""
        try:
            if incoming.kind is RouteKind.EVENT:
                await self._finish(incoming)
            elif (keeps or incoming.signed) and not await self._note(incoming, keeps=keeps):
                return REPLAY
        except StoreUnavailableError:
            log.exception("What was typed could not be kept.", extra={"route": incoming.id})
        return outcome

    async def _note(self, incoming: Incoming, *, keeps: bool) -> bool:
        """Remember that it came, since what its deed wrote is undone; False if it came before."""
        now = self.clock.now()

        def note(session: Session) -> bool:
            first = is_first(session, incoming)
            if first and keeps:
                self.deeds.keep_draft(session, incoming, now)
            return first

        return await asyncio.wrap_future(self.database.write(note))

    def _start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.ensure_future(work)
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)
        return task


async def _acknowledge_the_unheard_of(error: Exception) -> BoltResponse:
    """What no listener takes is acknowledged all the same, so that Slack does not send it again and again.

    A form that can be read is always taken; one that comes here was answered too late for Bolt, and an empty yes
    would close it over what was typed.
    """
    if not isinstance(error, BoltUnhandledRequestError):
        raise error
    body = error.request.body
    if body.get("type") == "view_submission" and isinstance(read.part_of(body, "view").get("callback_id"), str):
        log.warning("A form was not answered in time.")
        return BoltResponse(status=503, body="")
    log.warning("Something came in that nobody listens for.")
    return BoltResponse(status=200, body="")


def _turn_away(ack: AsyncAck) -> None:
    log.warning("A request came a second time with the same signature, and was turned away.")
    ack.response = BoltResponse(status=Refusal.NOT_SLACKS, body="")


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


async def _acknowledge_options(ack: AsyncAck) -> None:
    await ack(options=[])
