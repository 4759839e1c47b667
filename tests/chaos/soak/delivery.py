"""Oracle one: every notice that was owed reached its person exactly once, or its row says by name why not."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from playground.records import Kind
from playground.state import State
from storage.models.digests import DigestLine
from storage.models.members import Member
from storage.models.outbox import POSTING, Op, OutboxRow, RowState
from tests.chaos.soak.wire import Posted

ASSUMED_SENT = "assumed sent"
AS_A_LINE = ("into the digest", "one of several")
LET_GO = frozenset(
    {
        "expired",
        "gone",
        "no longer true",
        "not wanted",
        "nothing to update",
        "no such member",
        "before the story begins",
        *AS_A_LINE,
    }
)
REFUSED = frozenset({"user_disabled", "user_not_found", "is_archived", "not_in_channel", "channel_not_found"})


@dataclass(frozen=True, slots=True)
class Owed:
    """The outbox as it stands, each row with the key it has at Slack."""

    rows: Sequence[tuple[str, OutboxRow]]
    people: dict[str, Member]
    lines: frozenset[str]

    @classmethod
    def of(cls, rows: Sequence[tuple[str, OutboxRow]], people: Sequence[Member], lines: Sequence[DigestLine]) -> "Owed":
        """Gather it."""
        return cls(rows, {each.id: each for each in people}, frozenset(line.key for line in lines))


def wrongs(owed: Owed, posted: Sequence[Posted], state: State) -> Iterator[str]:
    """Everything that was doubled, lost, misdirected, or said without anybody owing it; nothing is what is wanted."""
    by_key: dict[str, list[Posted]] = defaultdict(list)
    for each in posted:
        by_key[each.key].append(each)
    known = {key for key, row in owed.rows if row.op in POSTING}
    yield from (f"nobody owed {each.words!r} in {each.channel}" for each in posted if each.key not in known)
    for key, row in owed.rows:
        if row.op in POSTING:
            yield from _of_post(row, by_key[key], owed, state)
        yield from _of_any(row, owed)
    yield from _strays(posted, state)


def _of_post(row: OutboxRow, found: Sequence[Posted], owed: Owed, state: State) -> Iterator[str]:
    if len(found) > 1:
        yield f"{_named(row)} was posted {len(found)} times"
    if row.state == RowState.DONE and not found:
        yield f"{_named(row)} is done, and nobody ever saw it"
    if row.state in {RowState.DROPPED, RowState.DEAD} and found and row.reason != ASSUMED_SENT:
        yield f"{_named(row)} was let go as {row.reason!r}, and was posted"
    for each in found:
        wanted, there = _readers(row, owed, state), set(state.conversations[each.channel].members)
        if not _is_place(row, each.channel, wanted, there, state):
            yield f"{_named(row)} was posted where {sorted(there)} read it, and was for {sorted(wanted)}"
    if row.state == RowState.DONE and found and (row.channel, row.ts) != (found[-1].channel, found[-1].ts):
        yield f"{_named(row)} remembers another place than where it stands"


def _readers(row: OutboxRow, owed: Owed, state: State) -> set[str]:
    people = row.facts["people"] if row.op == Op.OPEN_GROUP else [owed.people[row.member_id].slack_id]
    return {*people, state.app.user_id}


def _is_place(row: OutboxRow, channel: str, wanted: set[str], there: set[str], state: State) -> bool:
    if row.op == Op.POST_TO:
        return bool(channel == row.facts.get("channel"))
    kind = Kind.APP if row.op == Op.POST else Kind.GROUP
    return there == wanted and state.conversations[channel].kind in {kind, Kind.APP}


def _of_any(row: OutboxRow, owed: Owed) -> Iterator[str]:
    """A row that is over says when, and by a known name why it did not go."""
    is_over = row.state in {RowState.DONE, RowState.DROPPED, RowState.DEAD}
    if is_over and (row.done_at is None or row.payload is not None or row.owner is not None):
        yield f"{_named(row)} is over by half: {row.done_at}, owner {row.owner}"
    if row.state == RowState.DROPPED and row.reason not in LET_GO | {ASSUMED_SENT}:
        yield f"{_named(row)} was let go without a known reason"
    if row.state == RowState.DEAD and row.reason not in REFUSED:
        yield f"{_named(row)} died of what should not happen"
    if row.state == RowState.DROPPED and row.reason in AS_A_LINE and row.dedupe_key not in owed.lines:
        yield f"{_named(row)} was to be a line, and is none"


def _strays(posted: Sequence[Posted], state: State) -> Iterator[str]:
    """What stands in the workspace, said by the bot to more than one tap, and never crossed the wire as a post."""
    known = {(each.channel, each.ts) for each in posted}
    for shelf in state.messages.values():
        for message in shelf.oldest_first():
            if message.by_app and message.only_for is None and (message.channel, message.ts) not in known:
                yield f"{message.text!r} stands in {message.channel}, and was never posted"


def stuck(owed: Owed, now_due: object) -> Iterator[str]:
    """What still waits although nothing hinders it; `now_due` is the moment before which nothing may wait."""
    for _, row in owed.rows:
        if row.state in {RowState.SENDING, RowState.UNKNOWN}:
            yield f"{_named(row)} is still in doubt"
        if row.state == RowState.PENDING and str(row.due_at) <= str(now_due):
            yield f"{_named(row)} was due at {row.due_at} and still waits"


def _named(row: OutboxRow) -> str:
    return f"{row.op} {row.dedupe_key} [{row.state} {row.reason!r}, {row.attempts} attempts]"
