"""Who may do what, and who reads what: deny by default, one row for every command, button and form."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from storage.models.members import Member


class Standing(StrEnum):
    """What a person is to the workspace."""

    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"
    GONE = "gone"
    BOT = "bot"


class Reach(StrEnum):
    """How far a permitted deed goes: whose things it may touch. The service checks it on the thing itself."""

    SELF = "self"
    OWN_ASK = "own ask"
    OWN_SEARCH = "own search"
    OWN_PAIR = "own pair"
    OWN_CHECKIN = "own check-in"
    OWN_GROUP = "own group"
    OWN_INTRODUCTION = "own introduction"
    NOBODYS = "nobody's"
    WORKSPACE = "workspace"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the matrix."""

    who: frozenset[Standing]
    reach: Reach


MEMBERS = frozenset({Standing.MEMBER})
EVERYONE = frozenset(Standing)
READERS = frozenset({Standing.MEMBER, Standing.GUEST})


def _rules(reach: Reach, who: frozenset[Standing], *deeds: str) -> dict[str, Rule]:
    return {deed: Rule(who, reach) for deed in deeds}


MATRIX: Mapping[str, Rule] = {
    **_rules(Reach.NOBODYS, READERS, "command:help", "button:help.ways", "button:help.worry"),
    **_rules(Reach.SELF, READERS, "event:app_home_opened", "event:message"),
    **_rules(Reach.NOBODYS, EVERYONE, "event:team_join", "event:user_change"),
    **_rules(Reach.SELF, MEMBERS, "command:find", "command:profile", "command:leave", "command:"),
    **_rules(Reach.SELF, MEMBERS, "button:find.start", "form:find.search", "shortcut:find.begin"),
    **_rules(Reach.SELF, MEMBERS, "button:find.carry_on", "button:find.forget", "button:find.elsewhere"),
    **_rules(Reach.SELF, MEMBERS, "button:home.next_steps"),
    **_rules(Reach.SELF, MEMBERS, "button:profiles.edit", "form:profiles.save"),
    **_rules(Reach.SELF, MEMBERS, "form:profiles.leave", "button:profiles.undo_leave", "button:profiles.leaving"),
    **_rules(Reach.OWN_SEARCH, MEMBERS, "button:find.ask", "form:find.send"),
    **_rules(Reach.OWN_SEARCH, MEMBERS, "button:requests.edit", "form:requests.rewrite"),
    **_rules(Reach.OWN_SEARCH, MEMBERS, "button:requests.withdraw", "button:requests.undo_withdraw"),
    **_rules(Reach.OWN_SEARCH, MEMBERS, "button:requests.take_late", "button:requests.leave_late"),
    **_rules(Reach.OWN_ASK, MEMBERS, "button:requests.read", "button:requests.accept"),
    **_rules(Reach.OWN_ASK, MEMBERS, "button:requests.undo_accept"),
    **_rules(
        Reach.OWN_ASK,
        MEMBERS,
        "button:requests.decline",
        "form:requests.say_no",
        "button:requests.undo_decline",
    ),
    **_rules(
        Reach.OWN_PAIR,
        MEMBERS,
        "button:relationships.show",
        "button:relationships.in_touch",
        "button:relationships.keep",
        "button:relationships.not_working",
        "form:relationships.leave",
        "button:relationships.close",
        "button:relationships.undo_stop",
        "button:relationships.rematch",
        "button:relationships.extend",
        "button:relationships.finish",
        "button:relationships.stay",
    ),
    **_rules(Reach.OWN_CHECKIN, MEMBERS, "button:checkins.open", "button:checkins.said"),
    **_rules(Reach.OWN_CHECKIN, MEMBERS, "button:checkins.first", "button:checkins.second", "button:checkins.third"),
    **_rules(Reach.OWN_CHECKIN, MEMBERS, "form:checkins.look_back"),
    **_rules(Reach.OWN_CHECKIN, MEMBERS, "button:checkins.reflect", "form:checkins.keep_reflection"),
    **_rules(Reach.OWN_PAIR, MEMBERS, "button:meetings.take", "button:meetings.another", "form:meetings.plan"),
    **_rules(Reach.OWN_PAIR, MEMBERS, "button:meetings.move", "form:meetings.move_to", "button:meetings.cancel"),
    **_rules(Reach.OWN_PAIR, MEMBERS, "button:meetings.link", "form:meetings.put_place"),
    **_rules(Reach.OWN_PAIR, MEMBERS, "button:meetings.agenda", "form:meetings.write_agenda"),
    **_rules(Reach.OWN_PAIR, MEMBERS, "button:meetings.met", "button:meetings.not_met", "button:meetings.log"),
    **_rules(Reach.OWN_PAIR, MEMBERS, "button:feedback.much", "button:feedback.some", "button:feedback.little"),
    **_rules(Reach.OWN_PAIR, MEMBERS, "button:feedback.word", "form:feedback.save"),
    **_rules(Reach.OWN_PAIR, MEMBERS, "button:agreements.sign", "button:agreements.sign_here"),
    **_rules(Reach.OWN_PAIR, MEMBERS, "button:agreements.read", "button:agreements.change"),
    **_rules(Reach.OWN_PAIR, MEMBERS, "button:agreements.history", "button:agreements.version"),
    **_rules(Reach.OWN_PAIR, MEMBERS, "form:agreements.choose", "form:agreements.propose"),
    **_rules(Reach.OWN_PAIR, MEMBERS, "button:milestones.add", "form:milestones.save", "button:milestones.all"),
    **_rules(Reach.OWN_PAIR, MEMBERS, "button:milestones.open", "button:milestones.reach", "button:milestones.drop"),
    **_rules(Reach.OWN_PAIR, MEMBERS, "button:milestones.reopen", "button:milestones.moving", "form:milestones.move"),
    **_rules(Reach.SELF, MEMBERS, "command:peers", "button:rounds.show", "button:rounds.join", "button:rounds.leave"),
    **_rules(Reach.SELF, MEMBERS, "button:rounds.come_back"),
    **_rules(Reach.OWN_GROUP, MEMBERS, "button:rounds.met", "button:rounds.say_met", "button:rounds.not_this_time"),
    **_rules(Reach.SELF, MEMBERS, "command:settings", "button:preferences.open", "form:preferences.save"),
    **_rules(Reach.SELF, MEMBERS, "button:preferences.back"),
    **_rules(Reach.OWN_PAIR, MEMBERS, "button:preferences.pause_pair", "form:preferences.pause"),
    **_rules(Reach.OWN_PAIR, MEMBERS, "button:preferences.resume_pair"),
    **_rules(Reach.WORKSPACE, MEMBERS, "button:silence.begin", "button:silence.end"),
    **_rules(Reach.SELF, MEMBERS, "command:introduce"),
    **_rules(Reach.OWN_PAIR, MEMBERS, "button:introductions.draft", "form:introductions.propose"),
    **_rules(Reach.OWN_INTRODUCTION, MEMBERS, "button:introductions.open", "form:introductions.agree"),
    **_rules(Reach.OWN_INTRODUCTION, MEMBERS, "button:introductions.rather_not", "button:introductions.take_back"),
    **_rules(Reach.OWN_INTRODUCTION, MEMBERS, "button:introductions.yes", "button:introductions.not_now"),
    **_rules(Reach.OWN_INTRODUCTION, MEMBERS, "button:introductions.never", "button:introductions.may_again"),
    **_rules(Reach.OWN_INTRODUCTION, MEMBERS, "button:introductions.what"),
    **_rules(Reach.OWN_INTRODUCTION, MEMBERS, "button:introductions.elsewhere", "form:introductions.put"),
}


class Reader(StrEnum):
    """Who can be shown something a person typed."""

    SELF = "self"
    CURRENT_NAME = "current_name"
    EVERYONE = "everyone"
    MENTEE = "mentee"
    BOTH = "both"
    ENOUGH = "enough"
    PARTNER = "partner"
    INTRODUCED = "introduced"


SEEN_BY: Mapping[str, tuple[Reader, ...]] = {
    "find.goal": (Reader.SELF, Reader.CURRENT_NAME),
    "find.topic": (Reader.SELF, Reader.CURRENT_NAME),
    "find.note": (Reader.SELF, Reader.CURRENT_NAME),
    "profiles.skills": (Reader.EVERYONE,),
    "requests.reason": (Reader.MENTEE,),
    "checkins.answers": (Reader.SELF,),
    "checkins.reflection": (Reader.SELF,),
    "meetings.place": (Reader.BOTH,),
    "meetings.agenda": (Reader.BOTH,),
    "feedback.words": (Reader.SELF, Reader.ENOUGH),
    "agreements.goal": (Reader.SELF, Reader.PARTNER),
    "agreements.boundaries": (Reader.SELF, Reader.PARTNER),
    "milestones.title": (Reader.SELF, Reader.PARTNER),
    "introductions.words": (Reader.SELF, Reader.PARTNER, Reader.INTRODUCED),
}


def standing_of(member: Member) -> Standing:
    """What somebody is, the strictest first."""
    if member.is_bot:
        return Standing.BOT
    if member.is_gone:
        return Standing.GONE
    if member.is_stranger:
        return Standing.STRANGER
    return Standing.GUEST if member.is_guest else Standing.MEMBER


def may(standing: Standing, deed: str) -> bool:
    """Whether a person of this standing may try a deed at all; an unlisted deed is nobody's."""
    rule = MATRIX.get(deed)
    return rule is not None and standing in rule.who
