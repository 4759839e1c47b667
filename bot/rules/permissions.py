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
    NOBODYS = "nobody's"


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
    **_rules(Reach.SELF, MEMBERS, "command:settings", "button:preferences.open", "form:preferences.save"),
    **_rules(Reach.SELF, MEMBERS, "button:preferences.back"),
    **_rules(Reach.OWN_PAIR, MEMBERS, "button:preferences.pause_pair", "form:preferences.pause"),
    **_rules(Reach.OWN_PAIR, MEMBERS, "button:preferences.resume_pair"),
}


class Reader(StrEnum):
    """Who can be shown something a person typed."""

    SELF = "self"
    CURRENT_NAME = "current_name"
    EVERYONE = "everyone"
    MENTEE = "mentee"


SEEN_BY: Mapping[str, tuple[Reader, ...]] = {
    "find.goal": (Reader.SELF, Reader.CURRENT_NAME),
    "find.topic": (Reader.SELF, Reader.CURRENT_NAME),
    "find.note": (Reader.SELF, Reader.CURRENT_NAME),
    "profiles.skills": (Reader.EVERYONE,),
    "requests.reason": (Reader.MENTEE,),
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
