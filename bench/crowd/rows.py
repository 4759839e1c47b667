"""A workspace with a crowd in it: every table filled in realistic proportion, past the deeds, by bulk insert.

Everything that waits lies ahead of `NOW`, so that an idle sweep finds nothing; `make_due` lets some of it fall due.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Engine, Table, insert, text

from storage.models.all import METADATA

HERE = "T0CROWD"
NOW = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)
DAY = timedelta(days=1)
ZONES = ("Africa/Lagos", "America/New_York", "Asia/Kolkata", "Asia/Tokyo", "Europe/Berlin", "Europe/Lisbon")
LIVE_IN_TWENTY, ASLEEP_IN = 7, 100
SEALED = b"sealed words of some length, as they stand in a row"
AT_ONCE = 10_000
Values = dict[str, object]
Rows = Iterator[Values]


class Crowd:
    """How many there are of what, for so many relationships; a row is made from its number alone."""

    def __init__(self, relationships: int) -> None:
        self.pairs = relationships
        self.people = max(relationships // 2, 40)

    def tables(self) -> Iterator[tuple[str, Rows]]:
        """Every table with its rows, those that are pointed at first."""
        yield "members", (self._member(n) for n in range(self.people))
        yield "profiles", (self._profile(n) for n in range(self.people))
        yield "preferences", (self._preferences(n) for n in range(self.people))
        yield "searches", (self._search(n) for n in range(self.pairs))
        yield "asks", (self._ask(n) for n in range(self.pairs))
        yield "relationships", (self._pair(n) for n in range(self.pairs))
        yield "agreements", (self._agreement(n) for n in range(self.pairs))
        yield "meetings", (self._meeting(n) for n in range(2 * self.pairs))
        yield "checkins", (self._checkin(n) for n in range(2 * self.pairs))
        yield "milestones", (self._milestone(n) for n in range(0, self.pairs, 2))
        yield "introductions", (self._introduction(n) for n in range(0, self.pairs, 20))
        yield "peers", (self._peer(n) for n in range(0, self.people, 25))
        yield "inbox", (self._inbox(n) for n in range(self.pairs // 20))
        yield "outbox", (self._outbox(n) for n in range(self.pairs))

    def is_gone(self, n: int) -> bool:
        """Every tenth person has left the company by now, and none of them is in a live pair."""
        return n % 10 == 9  # noqa: PLR2004  (the tenth)

    def couple(self, n: int) -> tuple[int, int]:
        """(mentee, mentor) of a pair; no two people are a pair twice, whoever of them is the mentor."""
        mentee = n % self.people
        return mentee, (mentee + 1 + (n // self.people) * 7) % self.people

    def is_live(self, n: int) -> bool:
        """Whether a pair has not ended."""
        return n % 20 < LIVE_IN_TWENTY and not any(map(self.is_gone, self.couple(n)))

    def ahead(self, n: int, days: int = 90) -> datetime:
        """A moment that waits."""
        return NOW + DAY + timedelta(minutes=n % (days * 1440))

    def _row(self, letter: str, n: int, /, **values: object) -> Values:
        return {"id": _id(letter, n), "workspace_id": HERE, **values}

    def _member(self, n: int) -> Values:
        return self._row(
            "m",
            n,
            slack_id=f"U{n:08}",
            name=f"Somebody {n}",
            title="Analyst",
            zone=ZONES[n % len(ZONES)],
            seen_at=LONG_AGO,
            is_bot=False,
            is_guest=False,
            is_stranger=False,
            is_gone=self.is_gone(n),
            is_primary_owner=n == 0,
        )

    def _profile(self, n: int) -> Values:
        left_at = LONG_AGO if self.is_gone(n) else None
        row = {"joined_at": LONG_AGO, "left_at": left_at, "left_settled_at": left_at, "goal": "", "languages": "[]"}
        return self._row("p", n, **_member_of(n), **row, places=9, taken=4, is_open=True)

    def _preferences(self, n: int) -> Values:
        digest_at = None if self.is_gone(n) else self.ahead(n, 7)
        row = {"attention": "everything", "digest_day": 0, "digest_hour": 9, "next_digest_at": digest_at}
        return self._row("f", n, **_member_of(n), **row)

    def _search(self, n: int) -> Values:
        row = {"topic": "data analysis", "goal": "Grow", "begun_at": LONG_AGO, "opened_at": LONG_AGO, "note": SEALED}
        return self._row("s", n, mentee_id=_id("m", self.couple(n)[0]), **row, state="matched", ended_at=LONG_AGO)

    def _ask(self, n: int) -> Values:
        row = {"search_id": _id("s", n), "mentor_id": _id("m", self.couple(n)[1]), "position": 0, "reason": ""}
        return self._row("a", n, **row, state="accepted", asked_at=LONG_AGO, due_at=LONG_AGO, decided_at=LONG_AGO)

    def _pair(self, n: int) -> Values:
        mentee, mentor = self.couple(n)
        row = {
            "mentee_id": _id("m", mentee),
            "mentor_id": _id("m", mentor),
            "couple": " ".join(sorted((_id("m", mentee), _id("m", mentor)))),
            "ask_id": _id("a", n),
            "topic": "data analysis",
            "started_at": LONG_AGO,
            "promise": "",
            "mentee_wish": "",
            "mentor_wish": "",
            "quiet_step": 0,
        }
        return self._row("r", n, **row, **(self._life(n) if self.is_live(n) else self._end()))

    def _life(self, n: int) -> Values:
        return {
            "state": "asleep" if n % ASLEEP_IN == 0 else "active",
            "ending": "",
            "contact_at": NOW - DAY,
            "contact_due_at": self.ahead(n, 20),
            "quiet_at": self.ahead(n, 30),
            "closing_at": self.ahead(n),
            "term_ends_at": self.ahead(n) + 21 * DAY,
        }

    def _end(self) -> Values:
        ended = {"ended_at": LONG_AGO, "settled_at": LONG_AGO, "term_ends_at": LONG_AGO}
        return {"state": "ended", "ending": "finished", **ended}

    def _agreement(self, n: int) -> Values:
        row = {"rhythm": "fortnightly", "minutes": 30, "method": "call", "reply_days": 2, "terms": "1", "goal": SEALED}
        signed = {"mentee_signed_at": LONG_AGO, "mentor_signed_at": LONG_AGO, "state": "signed"}
        by = {"proposed_by": _id("m", self.couple(n)[0]), "proposed_at": LONG_AGO, "ends_on": date(2027, 9, 1)}
        return self._row("g", n, **_of_pair(n), version=1, **row, **by, **signed)

    def _meeting(self, n: int) -> Values:
        pair = n // 2
        row = {"planned_by": _id("m", self.couple(pair)[0]), "planned_at": LONG_AGO, "minutes": 30, "zone": "UTC"}
        row |= {"place": "", "is_first": False, "version": 1}
        is_ahead = n % 2 == 1 and self.is_live(pair)
        return self._row("t", n, **_of_pair(pair), **row, **(self._booked(n) if is_ahead else self._met(n)))

    def _booked(self, n: int) -> Values:
        starts_at = self.ahead(n, 30) + 2 * DAY
        asks = {"ask_at": starts_at + timedelta(hours=2), "ask_mentor_at": starts_at + 3 * DAY}
        return {"state": "planned", "starts_at": starts_at, "remind_at": starts_at - DAY, **asks}

    def _met(self, n: int) -> Values:
        return {"state": "met", "starts_at": LONG_AGO + timedelta(days=n % 2), "answered_at": LONG_AGO}

    def _checkin(self, n: int) -> Values:
        pair, side = divmod(n, 2)
        row = {"member_id": _id("m", self.couple(pair)[side]), "kind": "pulse", "number": 1, "step": 0}
        is_ahead = self.is_live(pair)
        state = {"state": "planned" if is_ahead else "answered", "due_at": self.ahead(n) if is_ahead else LONG_AGO}
        return self._row("c", n, **_of_pair(pair), **row, **state, asked_at=None if is_ahead else LONG_AGO)

    def _milestone(self, n: int) -> Values:
        due_at = self.ahead(n) if self.is_live(n) else None
        row = {"set_by": _id("m", self.couple(n)[0]), "set_at": LONG_AGO, "title": SEALED, "version": 1}
        state = "open" if due_at else "reached"
        return self._row("i", n, **_of_pair(n), **row, on_day=(due_at or LONG_AGO).date(), due_at=due_at, state=state)

    def _introduction(self, n: int) -> Values:
        mentee, mentor = self.couple(n)
        contact = next(each for each in range(self.people) if each not in {mentee, mentor})
        people = {"mentor_id": _id("m", mentor), "mentee_id": _id("m", mentee), "contact_id": _id("m", contact)}
        words = {"why": SEALED, "wish": SEALED, "minutes": 20, "place": "", "drafted_at": LONG_AGO}
        return self._row("n", n, **_of_pair(n), **people, **words, state="made", asked_at=LONG_AGO)

    def _peer(self, n: int) -> Values:
        left_at = LONG_AGO if self.is_gone(n) else None
        return self._row("e", n, **_member_of(n), joined_at=LONG_AGO, misses=0, left_at=left_at)

    def _inbox(self, n: int) -> Values:
        return self._row("b", n, key=f"k{n}", received_at=NOW - DAY, done_at=NOW - DAY, attempts=0)

    def _outbox(self, n: int) -> Values:
        row = {"op": "post", "kind": "meetings.reminded", "urgency": "promised", "lane": "notice", "facts": "{}"}
        row |= {
            "subject_id": _id("t", 2 * n),
            "dedupe_key": f"meetings.reminded:past:{n}",
            "reason": "",
            "channel": "D1",
        }
        moments = {"due_at": LONG_AGO, "created_at": LONG_AGO, "done_at": LONG_AGO, "tried_at": LONG_AGO}
        counts = {"attempts": 1, "looks": 0, "rank": 0}
        return self._row("o", n, **_member_of(self.couple(n)[0]), **row, **moments, **counts, ts=f"{n}.1", state="done")


def _id(letter: str, n: int) -> str:
    return f"{letter}{n:08}"


def _member_of(n: int) -> Values:
    return {"member_id": _id("m", n)}


def _of_pair(n: int) -> Values:
    return {"relationship_id": _id("r", n)}


def load(engine: Engine, relationships: int) -> int:
    """Fill an empty database at head; how many rows there are then."""
    with engine.begin() as connection:
        place = {"id": HERE, "name": "Here", "bot_user_id": "UBOT", "known_since": LONG_AGO, "organisers": []}
        connection.execute(insert(METADATA.tables["workspaces"]), place)
    fill = _fill_sqlite if engine.dialect.name == "sqlite" else _copy_into_postgres
    count = sum(fill(engine, METADATA.tables[name], rows) for name, rows in Crowd(relationships).tables())
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return count


def _fill_sqlite(engine: Engine, table: Table, rows: Rows) -> int:
    names = table.c.keys()
    sentence = f"INSERT INTO {table.name} ({','.join(names)}) VALUES ({','.join('?' * len(names))})"  # noqa: S608  (our own names)
    tuples = (tuple(_as_sqlite(row.get(name)) for name in names) for row in rows)
    count = 0
    raw: Any = engine.raw_connection()
    raw.execute("PRAGMA foreign_keys=OFF")
    raw.execute("BEGIN IMMEDIATE")
    while some := list(islice(tuples, AT_ONCE)):
        raw.executemany(sentence, some)
        count += len(some)
    raw.execute("COMMIT")
    raw.execute("PRAGMA foreign_keys=ON")
    raw.close()
    return count


def _as_sqlite(value: object) -> object:
    return _written(value) if isinstance(value, date) else value


@lru_cache(maxsize=200_000)
def _written(moment: date) -> str:
    if isinstance(moment, datetime):
        return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
    return moment.isoformat()


def _copy_into_postgres(engine: Engine, table: Table, rows: Rows) -> int:
    names = table.c.keys()
    count = 0
    raw: Any = engine.raw_connection()
    with raw.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no look at what a row points at: all of it is there
        with cursor.copy(f"COPY {table.name} ({','.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([row.get(name) for name in names])
                count += 1
        cursor.execute("SET session_replication_role = origin")
    raw.commit()
    raw.close()
    return count
