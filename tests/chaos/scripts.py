"""Scripts of answers, crashes and times, and a stage on which the real courier and the played one act them out.

What happened is kept line by line: the points passed, the calls made, and how every row stood after every round.
"""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clock import Clock
from bot.outbox.courier import Courier
from bot.outbox.entries import Entry
from bot.outbox.lanes import Lanes, Room, in_place
from bot.outbox.machine import Standing
from bot.outbox.pace import ALLOWANCES
from bot.outbox.parcels import standing_of
from bot.outbox.rows import Rows
from bot.rules.news import KINDS
from bot.slack.blocks import Message as Words
from bot.slack.text import md
from bot.views.resent import SENT_AGAIN
from storage.database import Tx
from storage.models.members import Member
from storage.models.outbox import POSTING, Lane, Op, OutboxRow, RowState, Urgency
from storage.models.workspaces import Workspace
from storage.queries import outbox
from tests.builders import MONDAY, House
from tests.chaos.played import Answer, Message, Parcel, Played, Subject
from tests.speaking import Everywhere

A_MOMENT = 0.01
KIND = {True: "help.typed", False: "requests.sent"}
OPS = (Op.POST, Op.POST, Op.POST, Op.OPEN_GROUP, Op.POST_TO)
GAPS = (1, 6, 6, 20, 40, 40, 130, 200, 1000, 90_000)
RESTORED = timedelta(hours=1)


class DiedError(BaseException):
    """The process is gone; nothing of the courier may catch it."""


@dataclass(frozen=True, slots=True)
class Script:
    """What is owed, what Slack says in turn, where a process dies (None) or sleeps, and what each round brings.

    A round is so many seconds, and the message whose subject then changes (positive) or ends (negative), counted from
    one; 0 where nothing is done.
    """

    owed: tuple[tuple[Op, bool, bool], ...]
    answers: tuple[tuple[Answer, float], ...]
    events: Mapping[int, float | None]
    rounds: tuple[tuple[float, int], ...]
    may_look: bool = True
    is_restored: bool = False
    was_sent: bool = False

    @classmethod
    def by_chance(cls, seed: int) -> "Script":
        """The script of this seed."""
        dice = random.Random(seed)  # noqa: S311  (chance, not secrecy)
        owed = tuple((dice.choice(OPS), dice.random() < 0.5, dice.random() < 0.6) for _ in range(dice.randint(1, 3)))
        deeds = [0, 0, *range(1, len(owed) + 1), *range(1, len(owed) + 1), -dice.randint(1, len(owed))]
        says = (Answer.YES,) * 7
        return cls(
            owed=owed,
            answers=tuple((dice.choice((*says, *Answer)), dice.choice((0.3, 2.0, 9.0))) for _ in range(16)),
            events={dice.randrange(70): dice.choice((None, None, 3.0, 50.0, 110.0)) for _ in range(dice.randint(0, 5))},
            rounds=tuple((dice.choice(GAPS), dice.choice(deeds)) for _ in range(9)) + ((1000, 0),) * 3,
            may_look=dice.random() < 0.8,
            is_restored=dice.random() < 0.2,
            was_sent=dice.random() < 0.5,
        )


@dataclass(slots=True)
class Stage:
    """The time, what comes next, and the story so far."""

    script: Script
    now: datetime = MONDAY
    story: list[str] = field(default_factory=list)
    accepted: set[int] = field(default_factory=set)
    passed: int = 0
    asked: int = 0

    def __post_init__(self) -> None:
        if self.script.is_restored and self.script.was_sent:
            self.accepted.add(0)

    def point(self, name: str) -> None:
        """Come to a point: a moment passes, or much, or the process dies."""
        self.story.append(f"at {name}")
        self.now += timedelta(seconds=A_MOMENT)
        event = self.script.events.get(self.passed, 0.0)
        self.passed += 1
        if event is None:
            raise DiedError
        self.now += timedelta(seconds=event)

    def answer(self, called: str) -> tuple[Answer, float]:
        """What Slack says next; in the end it is well."""
        self.story.append(called)
        given = self.script.answers[self.asked] if self.asked < len(self.script.answers) else (Answer.YES, 0.3)
        self.asked += 1
        return given

    def call(self, number: int, op: Op, words: int, *, is_marked: bool) -> tuple[Answer, float]:
        """A message posted or changed."""
        answer, seconds = self.answer(f"{op} {number} v{words}{' again' if is_marked else ''}")
        if answer in {Answer.YES, Answer.LOST} and op in POSTING:
            self.accepted.add(number)
        return answer, seconds

    def look(self, number: int) -> tuple[Answer, bool, float]:
        """The history of the chat a message went to."""
        answer, seconds = self.answer(f"look for {number}")
        return answer, number in self.accepted, seconds

    def after_a_round(self, life: str, rows: list[tuple[Standing, str]]) -> None:
        """Keep how every row stands; owners of past lives are all one."""
        for number, (row, reason) in enumerate(rows):
            owner = row.owner and ("me" if row.owner == life else "another")
            times = (row.due_at, row.lease_until, row.tried_at, row.first_tried_at, row.expires_at)
            said = " ".join("-" if each is None else f"{(each - MONDAY).total_seconds():.2f}" for each in times)
            self.story.append(f"{number} {row.state} {row.attempts} {row.looks} {owner} {said} {reason}")


# -- the played courier ------------------------------------------------------------------------------------


@dataclass(slots=True)
class PlayedSlack:
    """The stage, as the played courier calls it."""

    stage: Stage

    def call(self, parcel: Parcel) -> tuple[Answer, float]:
        """Post or update."""
        message = parcel.message
        shown = message.target or message
        return self.stage.call(shown.number, message.op, parcel.words, is_marked=parcel.is_marked)

    def open(self, message: Message) -> tuple[Answer, float]:
        """Open a chat."""
        return self.stage.answer(f"open for {message.number}")

    def look(self, message: Message, since: datetime) -> tuple[Answer, bool, float]:
        """Read a history."""
        assert since <= self.stage.now
        return self.stage.look(message.number)


def act_played(script: Script, play: type[Played] = Played) -> list[str]:
    """The story of a script as the simulator's shell tells it."""
    stage, messages = Stage(script), list[Message]()
    for op, is_once, is_chat_known in script.owed:
        _owe_played(script, messages, op, Subject(), is_once=is_once, now=stage.now)
        messages[-1].is_chat_known = is_chat_known
    courier, lives = None, 0
    for seconds, deed in script.rounds:
        stage.now += timedelta(seconds=seconds)
        if deed > 0:
            target = messages[deed - 1]
            target.subject.version += 1
            _owe_played(script, messages, Op.UPDATE, target.subject, is_once=target.row.is_once, now=stage.now)
            messages[-1].target = target
        elif deed < 0:
            messages[-deed - 1].subject.is_true = False
        if courier is None:
            lives += 1
            courier = play(f"life {lives}", messages, lambda: stage.now, PlayedSlack(stage))
            courier.take_over()
        try:
            for point, waited in courier.deliver_due():
                stage.now += timedelta(seconds=waited)
                if point:
                    stage.point(point)
        except DiedError:
            courier = None
        stage.after_a_round(f"life {lives}", [(each.row, each.reason) for each in messages])
    return stage.story


def _owe_played(
    script: Script, messages: list[Message], op: Op, subject: Subject, *, is_once: bool, now: datetime
) -> None:
    row = Standing(
        state=RowState.PENDING,
        due_at=now,
        attempts=0,
        looks=0,
        owner=None,
        lease_until=None,
        tried_at=None,
        first_tried_at=None,
        expires_at=None,
        is_post=op in POSTING,
        is_once=is_once,
        worth=KINDS[KIND[is_once]].worth,
    )
    forgotten = MONDAY - RESTORED if script.is_restored and op is Op.POST else None
    messages.append(Message(len(messages), row, op, subject, now, None, script.may_look, forgotten))


# -- the real courier --------------------------------------------------------------------------------------


class NoLimits(Lanes):
    """Allowances that let everything go at once: pace has tests of its own."""

    def __init__(self) -> None:
        Lanes.__init__(self, ALLOWANCES, in_place)

    def take(self, _tx: Tx, _row: OutboxRow) -> Room:
        """Take nothing."""
        return Room()

    def _change(self, *_: object) -> None:
        """Remember nothing."""


@dataclass(slots=True)
class RealSlack:
    """The stage, as Slack's own methods."""

    stage: Stage
    number_of: dict[str, int] = field(default_factory=dict)

    async def chat_postMessage(self, *, metadata: Any, text: str, channel: str, **_: Any) -> dict[str, str]:  # noqa: N802  (Slack's name)
        """Post."""
        number = self.number_of[metadata["event_payload"]["key"]]
        op = self.stage.script.owed[number][0]
        self._meet(self.stage.call(number, op, _version(text), is_marked=SENT_AGAIN in text))
        return {"channel": channel, "ts": f"{number}.1"}

    async def chat_update(self, *, ts: str, text: str, **_: Any) -> dict[str, str]:
        """Change what is there."""
        # A message that was found in the history has the history's own ts.
        self._meet(self.stage.call(int(ts.partition(".")[0]), Op.UPDATE, _version(text), is_marked=SENT_AGAIN in text))
        return {}

    async def conversations_open(self, *, users: str | list[str]) -> dict[str, Any]:
        """Open a chat; the people of a group are the one it is for."""
        number = int((users if isinstance(users, str) else users[0]).rpartition("N")[2])
        self._meet(self.stage.answer(f"open for {number}"))
        return {"channel": {"id": f"D{number}"}}

    async def conversations_history(self, *, channel: str, oldest: str, **_: Any) -> dict[str, Any]:
        """Read a history."""
        assert float(oldest) <= self.stage.now.timestamp()
        number = int(channel[1:])
        answer, is_there, seconds = self.stage.look(number)
        self._meet((answer, seconds))
        key = next(key for key, each in self.number_of.items() if each == number)
        said = [{"ts": f"{number}.1", "metadata": {"event_payload": {"key": key}}}] if is_there else []
        return {"messages": said, "response_metadata": {}}

    def _meet(self, given: tuple[Answer, float]) -> None:
        answer, seconds = given
        self.stage.now += timedelta(seconds=seconds)
        if answer is not Answer.YES:
            raise _problem(answer)


def _version(text: str) -> int:
    found = re.match(r"v(\d+)", text)
    assert found is not None
    return int(found[1])


def _problem(answer: Answer) -> Exception:
    """The answer as slack_sdk raises it."""
    if answer in {Answer.LOST, Answer.CUT}:
        return aiohttp.ServerDisconnectedError() if answer is Answer.CUT else TimeoutError()
    if answer is Answer.UNREACHED:
        return aiohttp.ClientConnectorError(None, OSError("refused"))  # type: ignore[arg-type]  # nobody reads the key
    code, status, headers = {
        Answer.BROKEN: ("", 500, {}),
        Answer.TOO_FAST: ("ratelimited", 429, {"Retry-After": "30"}),
        Answer.BUSY: ("service_unavailable", 200, {}),
        Answer.NO_TOKEN: ("token_revoked", 200, {}),
        Answer.BAD_BLOCKS: ("invalid_blocks", 200, {}),
        Answer.NEVER: ("is_archived", 200, {}),
    }[answer]
    data = {"ok": False, "error": code}
    response = AsyncSlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data=data, headers=headers, status_code=status
    )
    return SlackApiError(code, response)  # type: ignore[no-untyped-call]  # the package leaves it untyped


class RealStage:
    """A house in which scripts are acted out by the real courier, one after another."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._people = [house.person(f"Person {number}", slack_id=f"UN{number}") for number in range(3)]
        self._subjects: list[Subject] = []
        self._news = {
            kind: Entry(lambda _, row, __: self._subject(row).is_true, lambda _, row, __: self._words(row))
            for kind in KIND.values()
        }

    def _subject(self, row: OutboxRow) -> Subject:
        return self._subjects[int(row.subject_id)]

    def _words(self, row: OutboxRow) -> Words:
        return Words(md(f"v{self._subject(row).version}"), ())

    async def act(self, script: Script) -> list[str]:
        """The story of a script as the courier itself tells it."""
        stage = Stage(script)
        slack = RealSlack(stage)
        self._begin(script, slack)
        courier, lives = None, 0
        for seconds, deed in script.rounds:
            stage.now += timedelta(seconds=seconds)
            self._do(script, deed, stage.now)
            if courier is None:
                lives += 1
                courier = self._courier(f"life {lives}", slack, stage.point)
                await courier.take_over()
            try:
                await courier.deliver_due()
            except DiedError:
                courier = None
            stage.after_a_round(f"life {lives}", self._house.do(_standings))
        return stage.story

    def _courier(self, owner: str, slack: RealSlack, crash: Callable[[str], None]) -> Courier:
        rows = Rows(self._news, self._house.vault, owner=owner, lanes=NoLimits())
        clock = Clock(lambda: slack.stage.now)
        client: Any = slack
        return Courier(
            Everywhere(client, may_look=slack.stage.script.may_look), self._house.database, clock, rows, crash=crash
        )

    def _begin(self, script: Script, slack: RealSlack) -> None:
        self._subjects[:] = [Subject() for _ in script.owed]
        self._house.do(lambda tx: _clear(tx, script))
        for number, (op, is_once, is_chat_known) in enumerate(script.owed):
            key = self._house.do(_owe, self._people[number], op, KIND[is_once], number, MONDAY)
            slack.number_of[key] = number
            if is_chat_known:
                self._house.do(_know_chat, self._people[number], f"D{number}")

    def _do(self, script: Script, deed: int, now: datetime) -> None:
        if deed > 0:
            self._subjects[deed - 1].version += 1
            self._house.do(_owe, self._people[deed - 1], Op.UPDATE, KIND[script.owed[deed - 1][1]], deed - 1, now)
        elif deed < 0:
            self._subjects[-deed - 1].is_true = False


def _clear(tx: Tx, script: Script) -> None:
    tx.session.query(OutboxRow).delete()
    tx.session.query(Member).update({"chat": None})
    place = tx.session.get(Workspace, tx.workspace_id)
    assert place is not None
    place.restored_from = MONDAY - RESTORED if script.is_restored else None
    place.restored_at = MONDAY if script.is_restored else None


def _owe(tx: Tx, to: Member, op: Op, kind: str, subject: int, now: datetime) -> str:
    """Owe it; its key at Slack."""
    key = f"{kind}:{tx.session.query(OutboxRow).count()}"
    facts: dict[str, Any] = {"people": [to.slack_id]} if op is Op.OPEN_GROUP else {"channel": f"C{subject}"}
    news = outbox.News(
        kind=kind,
        urgency=Urgency.ANSWER,
        member_id=to.id,
        subject_id=f"{subject}",
        key=key,
        due_at=now,
        op=op,
        lane=Lane.UPDATE if op is Op.UPDATE else Lane.ANSWER,
        facts=facts,
    )
    outbox.owe(Tx(tx.session, tx.workspace_id, now, tx.vault), news)
    return tx.vault.fingerprint(f"{tx.workspace_id}|{key}")


def _know_chat(tx: Tx, who: Member, chat: str) -> None:
    tx.session.query(Member).filter_by(id=who.id).update({"chat": chat})


def _standings(tx: Tx) -> list[tuple[Standing, str]]:
    rows = tx.session.query(OutboxRow).order_by(OutboxRow.id).all()
    return [(standing_of(row), row.reason) for row in rows]
