"""Runs one route in one transaction: who is it, may they, what do they say, what is answered. Plain and synchronous."""

import difflib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.answers import in_ack
from bot.errors import MentorError, NotForYouError, NotYoursError, UnknownButtonError, UnknownCommandError
from bot.rules.permissions import Standing
from bot.services import drafts
from bot.services.access import admit
from bot.slack.blocks import Message
from bot.slack.calls import Call, Source
from bot.slack.forms import Form, FormError, read_form, read_values
from bot.slack.incoming import Incoming, first_input, inputs_of
from bot.slack.notices import as_modal, as_plain
from bot.slack.replies import Nothing, OpenModal, Reply, Tell, UpdateModal, Wrong
from bot.slack.router import Route, RouteKind, Routes, run
from bot.slack.signing import Signed
from bot.views import errors as words
from storage.database import Tx
from storage.queries import inbox, members, signatures
from storage.vault import Vault

ALIASES = {"?": "help", "start": "find", "search": "find", "quit": "leave", "home": ""}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a deed came to; `ack` is what a submission's acknowledgement carries, and a replay is told nothing."""

    reply: Reply
    ack: dict[str, Any] | None = None
    is_replay: bool = False


REPLAY = Outcome(Nothing(), is_replay=True)


class Deeds:
    """Every route, ready to be run in a database thread."""

    def __init__(self, routes: Routes, vault: Vault) -> None:
        self._routes = routes
        self._vault = vault

    def route(self, incoming: Incoming) -> Route:
        """The listener for what came in; a refusal with words where there is none."""
        route_id = ALIASES.get(incoming.id, incoming.id) if incoming.kind is RouteKind.COMMAND else incoming.id
        found = self._routes.find(incoming.kind, route_id)
        if found is not None:
            return found
        if incoming.kind is not RouteKind.COMMAND:
            raise UnknownButtonError
        known = tuple(route.id for route in self._routes.of(RouteKind.COMMAND) if route.id)
        nearest = difflib.get_close_matches(incoming.id, known, n=1, cutoff=0.5)
        raise UnknownCommandError(incoming.id, nearest[0] if nearest else "", known)

    def tx(self, session: Session, workspace_id: str, now: datetime) -> Tx:
        """A transaction's own facts."""
        return Tx(session, workspace_id, now, self._vault)

    def carry_out(self, session: Session, incoming: Incoming, route: Route, now: datetime) -> Outcome:
        """Do it once: a delivery that came before has no second effect, and a submission gets the same answer."""
        tx = self.tx(session, incoming.workspace_id, now)
        if not is_first(session, incoming):
            return REPLAY
        if route.flags.reads:
            return Outcome(self._run(tx, incoming, route))
        if incoming.kind is RouteKind.EVENT:
            return self._deal_with(tx, incoming, route)
        row_id = inbox.take_in(tx, incoming.key)
        if row_id is None:
            again = inbox.result_of(tx, incoming.key)
            return Outcome(Nothing(), json.loads(again) if again else {})
        reply = self._run(tx, incoming, route)
        ack = in_ack(reply) if incoming.kind is RouteKind.FORM else None
        if ack:
            inbox.keep_result(tx, row_id, json.dumps(ack))
        return Outcome(reply, ack)

    def _deal_with(self, tx: Tx, incoming: Incoming, route: Route) -> Outcome:
        """An event was written down when it came, since it was acknowledged then."""
        if not inbox.is_open(tx, incoming.key):
            return Outcome(Nothing())
        reply = self._run(tx, incoming, route)
        inbox.finish(tx, incoming.key)
        return Outcome(reply)

    def _run(self, tx: Tx, incoming: Incoming, route: Route) -> Reply:
        actor = members.by_slack_id(tx, incoming.slack_id)
        if actor is None:
            raise NotYoursError
        admit(actor, f"{route.kind}:{route.id}")
        call = Call(
            tx=tx,
            actor=actor,
            source=incoming.source,
            text=incoming.text,
            value=incoming.value,
            meta=incoming.meta,
            event=incoming.event,
        )
        if route.form is None:
            return run(route, call)
        form: Form = read_form(route.form, incoming.state)
        drafts.drop(tx, actor, route.id)
        return run(route, call, form)

    def keep_draft(self, session: Session, incoming: Incoming, now: datetime) -> None:
        """Keep what was typed into a form that was refused, in a transaction of its own."""
        tx = self.tx(session, incoming.workspace_id, now)
        actor = members.by_slack_id(tx, incoming.slack_id)
        if actor is not None:
            drafts.keep(tx, actor, incoming.id, read_values(incoming.state))


def is_first(session: Session, incoming: Incoming) -> bool:
    """Remember who signed it, in the transaction of what it does; False for a request that was let in before."""
    signed = incoming.signed
    return signed is None or signatures.is_first(session, signed.digest, signed.at)


def refused(problem: MentorError, incoming: Incoming) -> Outcome:
    """A refusal, where the person is: a form keeps what was typed, with the words beside its first field."""
    if incoming.kind is RouteKind.EVENT:
        return Outcome(Nothing())
    if isinstance(problem, NotForYouError) and problem.standing in {Standing.BOT, Standing.GONE}:
        return Outcome(Nothing(), {})
    message = words.refusal_message(problem)
    return _told(incoming, message, as_plain(words.refusal(problem)), problem.field)


def misread(problem: FormError, incoming: Incoming) -> Outcome:
    """A form whose fields need another try."""
    errors = {field: said or words.FIELD_UNREAD for field, said in problem.errors.items()}
    here = inputs_of(incoming.view)
    known = {field: said for field, said in errors.items() if field in here}
    reply = Wrong(known or {first_input(incoming.view): words.FIELD_UNREAD})
    return Outcome(reply, in_ack(reply))


def crashed(reference: str, incoming: Incoming) -> Outcome:
    """Something nobody foresaw, with the reference that is also in the log."""
    if incoming.kind is RouteKind.EVENT:
        return Outcome(Nothing())
    return _told(incoming, words.crash_message(reference), as_plain(words.crash(reference)))


def _told(incoming: Incoming, message: Message, plain: str, belongs: str = "") -> Outcome:
    if incoming.kind is RouteKind.FORM:
        field = belongs if belongs in inputs_of(incoming.view) else first_input(incoming.view)
        reply: Reply = Wrong({field: plain}) if field else UpdateModal(as_modal(message, "Mentor"))
        return Outcome(reply, in_ack(reply))
    if incoming.source in {Source.HOME, Source.MODAL}:
        return Outcome(OpenModal(as_modal(message, "Mentor")))
    return Outcome(Tell(message))


def named(incoming: Incoming, workspace_id: str, signed: Signed | None = None) -> Incoming:
    """The same delivery under the workspace the bot was installed in; a stranger's payload names their own."""
    return replace(incoming, workspace_id=workspace_id, signed=signed)
