"""What there is to press on in a workspace, asked of the tables, and the buttons of each."""

from dataclasses import dataclass

from sqlalchemy import text

from tests.builders import House


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be pressed on: the value its buttons carry, and the people it is about, likeliest first."""

    value: str
    people: tuple[str, ...]


THINGS: dict[str, str] = {
    "asks": """SELECT a.id, a.mentor_id, s.mentee_id FROM asks a JOIN searches s ON s.id = a.search_id
        WHERE a.workspace_id = :w ORDER BY a.state = 'waiting' DESC, a.id DESC""",
    "offers": """SELECT a.id, s.mentee_id FROM asks a JOIN searches s ON s.id = a.search_id
        WHERE a.workspace_id = :w AND a.state IN ('offered','withdrawn') ORDER BY a.id DESC""",
    "searches": "SELECT id, mentee_id FROM searches WHERE workspace_id = :w ORDER BY state = 'open' DESC, id DESC",
    "pairs": """SELECT id, mentee_id, mentor_id FROM relationships WHERE workspace_id = :w
        ORDER BY state IN ('active','asleep') DESC, id DESC""",
    "versions": """SELECT r.id || ' ' || (SELECT coalesce(max(version), 0) FROM agreements g
        WHERE g.relationship_id = r.id), mentor_id, mentee_id FROM relationships r
        WHERE r.workspace_id = :w ORDER BY r.id DESC""",
    "meetings": """SELECT m.id, r.mentee_id, r.mentor_id FROM meetings m JOIN relationships r
        ON r.id = m.relationship_id WHERE m.workspace_id = :w ORDER BY m.state = 'planned' DESC, m.id DESC""",
    "checkins": """SELECT id || ' ' || step, member_id FROM checkins WHERE workspace_id = :w
        ORDER BY state = 'asked' DESC, id DESC""",
    "milestones": """SELECT m.id, r.mentee_id, r.mentor_id FROM milestones m JOIN relationships r
        ON r.id = m.relationship_id WHERE m.workspace_id = :w ORDER BY m.id DESC""",
    "groups": """SELECT g.id, s.member_id FROM peer_groups g JOIN seats s ON s.group_id = g.id
        WHERE g.workspace_id = :w ORDER BY g.id DESC, s.id""",
    "introductions": """SELECT id, contact_id, mentee_id, mentor_id FROM introductions WHERE workspace_id = :w
        ORDER BY state IN ('drafted','asked') DESC, id DESC""",
}
BUTTONS: dict[str, tuple[str, ...]] = {
    "asks": ("requests.accept", "requests.accept", "requests.undo_accept", "requests.undo_decline", "requests.read"),
    "offers": ("requests.take_late", "requests.leave_late"),
    "searches": ("requests.withdraw", "requests.undo_withdraw", "requests.edit"),
    "pairs": (
        "relationships.in_touch",
        "relationships.undo_stop",
        "relationships.keep",
        "relationships.close",
        "relationships.rematch",
        "relationships.extend",
        "relationships.extend",
        "relationships.finish",
        "relationships.stay",
        "relationships.show",
        "preferences.resume_pair",
        "meetings.log",
    ),
    "versions": ("agreements.sign",),
    "meetings": ("meetings.met", "meetings.not_met", "meetings.cancel", "feedback.much", "feedback.little"),
    "checkins": ("checkins.first", "checkins.second", "checkins.third"),
    "milestones": ("milestones.reach", "milestones.drop", "milestones.reopen"),
    "groups": ("rounds.met", "rounds.not_this_time"),
    "introductions": (
        "introductions.yes",
        "introductions.not_now",
        "introductions.never",
        "introductions.rather_not",
        "introductions.take_back",
    ),
}
PLAIN = (
    "rounds.join",
    "rounds.join",
    "rounds.leave",
    "rounds.come_back",
    "preferences.back",
    "profiles.undo_leave",
    "silence.begin",
    "silence.end",
    "silence.end",
    "find.forget",
)
EARLY = ("asks", "searches", "pairs", "meetings", "versions")
LATE = tuple(name for name in BUTTONS if name not in EARLY)


def things(house: House, kind: str) -> list[Thing]:
    """Everything of a kind, what can still be answered first, then the newest."""
    rows = house.do(lambda tx: tx.session.execute(text(THINGS[kind]), {"w": house.workspace_id}).all())
    return [Thing(str(row[0]), tuple(row[1:])) for row in rows]
