"""What holds in the tables at every moment, whatever was done and however many did it at once: no row is half-written.

Every rule is a question to the tables whose every answer is a row that should not be; the races, the lives and the
soak all ask them, on either database.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.orm import Session

from bot.rules.policy import MILESTONES_MOST, SEARCH_NAMES, UNASKED_A_WEEK
from storage.models.base import UtcDateTime
from tests.builders import House

RULES: dict[str, str] = {
    "a mentor's places in use are the pairs that are awake": """
        SELECT p.member_id, p.taken FROM profiles p WHERE p.taken <> (SELECT count(*) FROM relationships r
        WHERE r.mentor_id = p.member_id AND r.state = 'active')""",
    "nobody has more places in use than they offered": """
        SELECT member_id, taken, places FROM profiles WHERE taken > places""",
    "a mentor of a live pair has a profile": """
        SELECT r.id FROM relationships r WHERE r.state = 'active' AND NOT EXISTS
        (SELECT 1 FROM profiles p WHERE p.member_id = r.mentor_id)""",
    "a pair that is over says when, and was settled": """
        SELECT id, state FROM relationships WHERE state IN ('ended','undone') AND
        (ended_at IS NULL OR (state = 'ended' AND (settled_at IS NULL OR ending = '')))""",
    "a pair being stopped says by whom": """
        SELECT id, state FROM relationships WHERE state IN ('active','asleep') AND
        ((ended_at IS NULL) <> (ended_by IS NULL) OR (ended_at IS NULL AND ending <> '') OR settled_at IS NOT NULL)""",
    "a live pair has a term": """
        SELECT id FROM relationships WHERE state IN ('active','asleep') AND term_ends_at IS NULL""",
    "a pair that is over waits for nothing": """
        SELECT id FROM relationships WHERE state = 'ended' AND
        (quiet_at IS NOT NULL OR plan_at IS NOT NULL OR closing_at IS NOT NULL OR away_until IS NOT NULL)""",
    "a pair away says who is, and the other way round": """
        SELECT id FROM relationships WHERE away_until IS NULL AND away_by IS NOT NULL""",
    "a pair grew from a yes of its own two": """
        SELECT r.id FROM relationships r JOIN asks a ON a.id = r.ask_id JOIN searches s ON s.id = a.search_id
        WHERE r.mentor_id <> a.mentor_id OR r.mentee_id <> s.mentee_id""",
    "a yes that holds has its pair": """
        SELECT a.id FROM asks a WHERE a.state = 'accepted' AND NOT EXISTS
        (SELECT 1 FROM relationships r WHERE r.ask_id = a.id AND r.state <> 'undone')""",
    "a pair has its yes": """
        SELECT r.id, a.state FROM relationships r JOIN asks a ON a.id = r.ask_id
        WHERE r.state <> 'undone' AND a.state <> 'accepted'""",
    "two people are one live pair": """
        SELECT a.id, b.id FROM relationships a JOIN relationships b ON a.id < b.id AND
        ((a.mentee_id = b.mentee_id AND a.mentor_id = b.mentor_id) OR
        (a.mentee_id = b.mentor_id AND a.mentor_id = b.mentee_id))
        WHERE a.state IN ('active','asleep') AND b.state IN ('active','asleep')""",
    "one yes gives one pair": """
        SELECT ask_id FROM relationships WHERE state <> 'undone' GROUP BY ask_id HAVING count(*) > 1""",
    "a search that is matched has one yes, no other has any": """
        SELECT s.id, s.state FROM searches s WHERE CASE WHEN s.state = 'matched' THEN 1 ELSE 0 END <>
        (SELECT count(*) FROM asks a WHERE a.search_id = s.id AND a.state = 'accepted')""",
    "an open search has a note, its times and somebody who is to answer, or just did": """
        SELECT s.id FROM searches s WHERE s.state = 'open' AND (s.note IS NULL OR s.opened_at IS NULL
        OR s.closes_at IS NULL OR s.ended_at IS NOT NULL OR s.settled_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM asks a
        WHERE a.search_id = s.id AND (a.state = 'waiting' OR (a.state = 'declined' AND a.settled_at IS NULL))))""",
    "a search that is over says when": """
        SELECT id, state FROM searches WHERE state IN ('matched','withdrawn','unanswered') AND ended_at IS NULL""",
    "an ask that waits has its days": """
        SELECT id FROM asks WHERE state = 'waiting' AND
        (asked_at IS NULL OR due_at IS NULL OR decided_at IS NOT NULL)""",
    "an ask that is decided says when": """
        SELECT id, state FROM asks WHERE state NOT IN ('queued','waiting') AND decided_at IS NULL""",
    "nobody waits for the answer to a search that is settled": """
        SELECT a.id, s.state FROM asks a JOIN searches s ON s.id = a.search_id WHERE a.state = 'waiting' AND
        (s.state NOT IN ('open','withdrawn') OR s.settled_at IS NOT NULL)""",
    "one name of a search is asked at a time": """
        SELECT search_id FROM asks WHERE state = 'waiting' GROUP BY search_id HAVING count(*) > 1""",
    "nobody is asked by themselves": """
        SELECT a.id FROM asks a JOIN searches s ON s.id = a.search_id WHERE a.mentor_id = s.mentee_id""",
    "names of a search are few, and stand in one order": """
        SELECT search_id FROM asks GROUP BY search_id HAVING count(*) > :names
        OR count(DISTINCT position) <> count(*)""",
    "two who ruled each other out are asked no more": """
        SELECT a.id FROM asks a JOIN searches s ON s.id = a.search_id JOIN never_with n ON
        (n.member_id = a.mentor_id AND n.other_id = s.mentee_id) OR
        (n.other_id = a.mentor_id AND n.member_id = s.mentee_id)
        WHERE a.state = 'waiting' AND s.state = 'open' AND a.asked_at > n.noted_at""",
    "a pair has few open milestones": """
        SELECT relationship_id FROM milestones WHERE state = 'open'
        GROUP BY relationship_id HAVING count(*) > :milestones""",
    "a milestone is reached at a moment": """
        SELECT id FROM milestones WHERE (state = 'reached') <> (reached_at IS NOT NULL)""",
    "a milestone, an agreement, a meeting and an introduction are of their own pair": """
        SELECT m.id FROM milestones m JOIN relationships r ON r.id = m.relationship_id
        WHERE m.set_by NOT IN (r.mentee_id, r.mentor_id)
        UNION ALL SELECT m.id FROM meetings m JOIN relationships r ON r.id = m.relationship_id
        WHERE m.planned_by NOT IN (r.mentee_id, r.mentor_id)
        UNION ALL SELECT g.id FROM agreements g JOIN relationships r ON r.id = g.relationship_id
        WHERE g.proposed_by NOT IN (r.mentee_id, r.mentor_id)
        UNION ALL SELECT c.id FROM checkins c JOIN relationships r ON r.id = c.relationship_id
        WHERE c.member_id NOT IN (r.mentee_id, r.mentor_id)
        UNION ALL SELECT i.id FROM introductions i JOIN relationships r ON r.id = i.relationship_id
        WHERE i.mentor_id <> r.mentor_id OR i.mentee_id <> r.mentee_id
        UNION ALL SELECT f.id FROM feedback f JOIN meetings m ON m.id = f.meeting_id JOIN relationships r
        ON r.id = m.relationship_id WHERE f.member_id NOT IN (r.mentee_id, r.mentor_id)""",
    "an agreement that is signed is signed by both": """
        SELECT id, state FROM agreements WHERE (state IN ('signed','past') AND
        (mentee_signed_at IS NULL OR mentor_signed_at IS NULL)) OR
        (state IN ('proposed','replaced') AND (mentee_signed_at IS NULL) = (mentor_signed_at IS NULL))""",
    "versions of an agreement are counted without a gap": """
        SELECT relationship_id FROM agreements GROUP BY relationship_id HAVING max(version) <> count(*)""",
    "a meeting that is answered for says when": """
        SELECT id, state FROM meetings WHERE (state IN ('met','missed') AND answered_at IS NULL)
        OR (state = 'planned' AND answered_at IS NOT NULL)""",
    "a pair that is over has nothing planned": """
        SELECT m.id FROM meetings m JOIN relationships r ON r.id = m.relationship_id
        WHERE m.state = 'planned' AND ((r.state = 'ended' AND m.starts_at > r.ended_at)
        OR (r.state NOT IN ('active','asleep') AND m.starts_at > :now))""",
    "a check-in stands as its times say": """
        SELECT id, state FROM checkins WHERE (state = 'asked' AND asked_at IS NULL) OR
        (state = 'answered' AND (answered_at IS NULL OR taps IS NULL)) OR
        (state = 'planned' AND asked_at IS NOT NULL)""",
    "a pair that is over is asked nothing but the word three months later": """
        SELECT c.id, c.kind FROM checkins c JOIN relationships r ON r.id = c.relationship_id
        WHERE r.state NOT IN ('active','asleep') AND c.kind <> 'follow_up' AND c.state IN ('planned','asked')""",
    "an introduction stands as its times say": """
        SELECT id, state FROM introductions WHERE (state IN ('asked','agreed','made','declined') AND asked_at IS NULL)
        OR (state IN ('lapsed','dropped','drafted','made') AND due_at IS NOT NULL)""",
    "an introduction on its way has a pair that lives": """
        SELECT i.id, i.state, r.state FROM introductions i JOIN relationships r ON r.id = i.relationship_id
        WHERE i.state IN ('drafted','asked','agreed') AND r.state NOT IN ('active','asleep')""",
    "a seat is in a group of its own round": """
        SELECT s.id FROM seats s JOIN peer_groups g ON g.id = s.group_id WHERE g.round_id <> s.round_id""",
    "a group that lives has two or three": """
        SELECT g.id, count(s.id) FROM peer_groups g JOIN rounds r ON r.id = g.round_id LEFT JOIN seats s
        ON s.group_id = g.id AND s.out_at IS NULL WHERE g.dissolved_at IS NULL AND r.state = 'running'
        AND g.met_at IS NULL GROUP BY g.id HAVING count(s.id) NOT IN (2, 3)""",
    "who has left is in no pair and no search once that is carried out": """
        SELECT p.member_id FROM profiles p WHERE p.left_settled_at IS NOT NULL AND
        (EXISTS (SELECT 1 FROM relationships r WHERE r.state IN ('active','asleep')
        AND p.member_id IN (r.mentee_id, r.mentor_id))
        OR EXISTS (SELECT 1 FROM searches s WHERE s.state = 'open' AND s.mentee_id = p.member_id)
        OR EXISTS (SELECT 1 FROM asks a JOIN searches s ON s.id = a.search_id
        WHERE a.state = 'waiting' AND s.state = 'open' AND a.mentor_id = p.member_id))""",
    "settling comes after leaving": """
        SELECT member_id FROM profiles WHERE left_settled_at IS NOT NULL AND left_at IS NULL""",
    "a peer's pause is of the time since they joined": """
        SELECT member_id FROM peers WHERE paused_at < joined_at""",
    "a delivery that is dealt with has kept no words": """
        SELECT id FROM inbox WHERE done_at IS NOT NULL AND payload IS NOT NULL""",
    "a message is over at a moment": """
        SELECT id, kind, state FROM outbox WHERE (done_at IS NOT NULL) <> (state IN ('done','dropped','dead'))""",
    "a message that is sent stands somewhere": """
        SELECT id, kind FROM outbox WHERE state = 'done' AND op = 'post' AND ts IS NULL""",
    "a message that is over has kept no words, and is in nobody's hands": """
        SELECT id, kind, state FROM outbox WHERE state IN ('done','dropped','dead') AND
        (payload IS NOT NULL OR owner IS NOT NULL OR lease_until IS NOT NULL)""",
    "nobody hears more unasked in a week than the budget lets through": """
        SELECT member_id, kind, done_at, earlier FROM (SELECT member_id, kind, done_at, lag(done_at, :unasked)
        OVER (PARTITION BY member_id ORDER BY done_at) AS earlier FROM outbox
        WHERE urgency = 'unasked' AND op = 'post' AND state = 'done')
        WHERE julianday(done_at) - julianday(earlier) < 5""",
}
# What there is once: of which rows, by what, and where.
ONCE: dict[str, tuple[str, str, str]] = {
    "an open search": ("searches", "mentee_id", "state = 'open'"),
    "a name in a search": ("asks", "search_id, mentor_id", ""),
    "a planned meeting": ("meetings", "relationship_id, starts_at", "state = 'planned'"),
    "a word on a meeting": ("feedback", "meeting_id, member_id", ""),
    "a check-in": ("checkins", "relationship_id, member_id, kind, number", ""),
    "a version of an agreement": ("agreements", "relationship_id, version", ""),
    "a proposed agreement": ("agreements", "relationship_id", "state = 'proposed'"),
    "a signed agreement": ("agreements", "relationship_id", "state = 'signed'"),
    "an introduction on its way": ("introductions", "mentee_id, contact_id", "state IN ('drafted','asked','agreed')"),
    "a line of a digest": ("digest_lines", "workspace_id, member_id, key", ""),
    "a round": ("rounds", "workspace_id, number", ""),
    "a round in a state": ("rounds", "workspace_id, state", "state <> 'over'"),
    "a seat": ("seats", "round_id, member_id", ""),
}
RULES |= {
    f"{what} is there once": f"SELECT {by} FROM {table} {where and f'WHERE {where} '}GROUP BY {by} HAVING count(*) > 1"  # noqa: S608  (our own words)
    for what, (table, by, where) in ONCE.items()
}
GIVEN = {"names": SEARCH_NAMES.value, "milestones": MILESTONES_MOST.value, "unasked": UNASKED_A_WEEK.value}
A_DAY = ("julianday(", "1 / 86400.0 * extract(epoch FROM ")


def unsound(session: Session, now: datetime) -> Iterator[str]:
    """Every row that breaks a rule, by the rule's name; on SQLite the file itself is asked too."""
    for name, question in RULES.items():
        for row in session.execute(*_asked(session, question, now)):
            yield f"not so that {name}: {tuple(row)}"
    if session.get_bind().dialect.name == "sqlite":
        yield from _damage(session)


def _asked(session: Session, question: str, now: datetime) -> tuple[TextClause, dict[str, object]]:
    """The question in the words of this database, and what it is given."""
    words = question if session.get_bind().dialect.name == "sqlite" else question.replace(*A_DAY)
    given = {name: value for name, value in {**GIVEN, "now": now}.items() if f":{name}" in words}
    times = [bindparam("now", type_=UtcDateTime())] if "now" in given else []
    return text(words).bindparams(*times), given


def _damage(session: Session) -> Iterator[str]:
    for row in session.execute(text("PRAGMA foreign_key_check")):
        yield f"a row points at nothing: {tuple(row)}"
    if session.execute(text("PRAGMA integrity_check")).scalar() != "ok":
        yield "the file is damaged"


def wrongs_in(house: House) -> list[str]:
    """Everything that does not hold in a house's database; empty for a sound one."""
    return house.do(lambda tx: list(unsound(tx.session, tx.now)))


def unfinished(session: Session) -> Iterator[str]:
    """Deliveries that were acknowledged and never dealt with."""
    for row in session.execute(text("SELECT id, attempts FROM inbox WHERE done_at IS NULL")):
        yield f"a delivery was acknowledged and never dealt with: {tuple(row)}"
