"""For every rule of soundness what breaks it, branch by branch: rows as no deed would write them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.rules.policy import MILESTONES_MOST, SEARCH_NAMES, UNASKED_A_WEEK
from tests.builders import MONDAY

LATER, DAY = MONDAY + timedelta(days=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Planted:
    """One row of a table, with nothing in it but what is said."""

    table: str
    values: dict[str, Any] = field(default_factory=dict)


def _pair(**values: Any) -> Planted:
    return Planted("relationships", {"id": "r", "mentee_id": "noor", "mentor_id": "tomas", "state": "active"} | values)


def _ask(**values: Any) -> Planted:
    return Planted("asks", {"id": "a", "search_id": "s", "mentor_id": "tomas", "state": "waiting"} | values)


def _search(**values: Any) -> Planted:
    return Planted("searches", {"id": "s", "mentee_id": "noor", "state": "open"} | values)


def _profile(**values: Any) -> Planted:
    return Planted("profiles", {"member_id": "tomas"} | values)


def _of_pair(table: str, **values: Any) -> Planted:
    return Planted(table, {"id": "x", "relationship_id": "r"} | values)


def _news(**values: Any) -> Planted:
    return Planted("outbox", {"id": "o", "kind": "help.typed", "op": "post", "member_id": "noor"} | values)


def _heard(at: datetime) -> Planted:
    return _news(urgency="unasked", state="done", done_at=at, ts="1.1")


def _twice(table: str, **values: Any) -> tuple[Planted, ...]:
    return (Planted(table, values), Planted(table, values))


STRANGE = {"mentee_id": "noor", "mentor_id": "tomas"}
PLANTED: dict[str, list[tuple[Planted, ...]]] = {
    "a mentor's places in use are the pairs that are awake": [(_profile(taken=1),), (_profile(taken=0), _pair())],
    "nobody has more places in use than they offered": [(_profile(taken=2, places=1),)],
    "a mentor of a live pair has a profile": [(_pair(),)],
    "a pair that is over says when, and was settled": [
        (_pair(state="undone"),),
        (_pair(state="ended", ended_at=MONDAY, settled_at=None, ending="end"),),
        (_pair(state="ended", ended_at=MONDAY, settled_at=MONDAY, ending=""),),
        (_pair(state="ended", ended_at=None, settled_at=MONDAY, ending="end"),),
    ],
    "a pair being stopped says by whom": [
        (_pair(ended_at=MONDAY, ending=""),),
        (_pair(ended_by="noor", ending=""),),
        (_pair(ending="end"),),
        (_pair(ending="", settled_at=MONDAY),),
    ],
    "a live pair has a term": [(_pair(),), (_pair(state="asleep"),)],
    "a pair that is over waits for nothing": [
        (_pair(state="ended", **{column: MONDAY}),) for column in ("quiet_at", "plan_at", "closing_at", "away_until")
    ],
    "a pair away says who is, and the other way round": [(_pair(away_by="noor"),)],
    "a pair grew from a yes of its own two": [
        (_pair(ask_id="a"), _ask(mentor_id="grace"), _search()),
        (_pair(ask_id="a"), _ask(), _search(mentee_id="grace")),
    ],
    "a yes that holds has its pair": [
        (_ask(state="accepted"),),
        (_ask(state="accepted"), _pair(ask_id="a", state="undone")),
    ],
    "a pair has its yes": [(_ask(), _pair(ask_id="a"))],
    "two people are one live pair": [
        (_pair(), _pair(id="r2", state="asleep")),
        (_pair(), _pair(id="r2", mentee_id="tomas", mentor_id="noor")),
    ],
    "one yes gives one pair": [(_pair(ask_id="a"), _pair(id="r2", ask_id="a"))],
    "a search that is matched has one yes, no other has any": [
        (_search(state="matched"),),
        (_search(), _ask(state="accepted")),
        (_search(), _ask(state="accepted"), _ask(id="a2", state="accepted")),
        (_search(state="matched"), _ask(state="accepted"), _ask(id="a2", state="accepted")),
    ],
    "an open search has a note, its times and somebody who is to answer, or just did": [
        (_search(note=b"x", opened_at=MONDAY, closes_at=LATER),),
        *(
            (_search(**{"note": b"x", "opened_at": MONDAY, "closes_at": LATER} | wrong), _ask())
            for wrong in (
                {"note": None},
                {"opened_at": None},
                {"closes_at": None},
                {"ended_at": MONDAY},
                {"settled_at": MONDAY},
            )
        ),
    ],
    "a search that is over says when": [
        (_search(state="matched"),),
        (_search(state="withdrawn"),),
        (_search(state="unanswered"),),
    ],
    "an ask that waits has its days": [
        (_ask(asked_at=MONDAY),),
        (_ask(due_at=LATER),),
        (_ask(asked_at=MONDAY, due_at=LATER, decided_at=MONDAY),),
    ],
    "an ask that is decided says when": [(_ask(state="declined"),)],
    "nobody waits for the answer to a search that is settled": [
        *((_ask(), _search(state=state)) for state in ("draft", "matched", "unanswered")),
        (_ask(), _search(state="withdrawn", settled_at=MONDAY)),
        (_ask(), _search(settled_at=MONDAY)),
    ],
    "one name of a search is asked at a time": [(_ask(), _ask(id="a2", mentor_id="grace"))],
    "nobody is asked by themselves": [(_ask(mentor_id="noor"), _search())],
    "names of a search are few, and stand in one order": [
        (_ask(position=1), _ask(id="a2", position=1)),
        tuple(_ask(id=f"a{number}", position=number) for number in range(SEARCH_NAMES.value + 1)),
    ],
    "two who ruled each other out are asked no more": [
        (
            _ask(asked_at=LATER),
            _search(),
            Planted("never_with", {"member_id": who, "other_id": other, "noted_at": MONDAY}),
        )
        for who, other in (("noor", "tomas"), ("tomas", "noor"))
    ],
    "a pair has few open milestones": [
        tuple(_of_pair("milestones", state="open") for _ in range(MILESTONES_MOST.value + 1))
    ],
    "a milestone is reached at a moment": [
        (_of_pair("milestones", state="reached"),),
        (_of_pair("milestones", state="open", reached_at=MONDAY),),
    ],
    "a milestone, an agreement, a meeting and an introduction are of their own pair": [
        (_pair(), _of_pair("milestones", set_by="grace")),
        (_pair(), _of_pair("meetings", planned_by="grace")),
        (_pair(), _of_pair("agreements", proposed_by="grace")),
        (_pair(), _of_pair("checkins", member_id="grace")),
        (_pair(), _of_pair("introductions", **STRANGE | {"mentor_id": "grace"})),
        (_pair(), _of_pair("introductions", **STRANGE | {"mentee_id": "grace"})),
        (_pair(), _of_pair("meetings", id="m"), Planted("feedback", {"meeting_id": "m", "member_id": "grace"})),
    ],
    "an agreement that is signed is signed by both": [
        (_of_pair("agreements", state="signed", mentee_signed_at=MONDAY),),
        (_of_pair("agreements", state="past", mentor_signed_at=MONDAY),),
        (_of_pair("agreements", state="proposed"),),
        (_of_pair("agreements", state="replaced", mentee_signed_at=MONDAY, mentor_signed_at=MONDAY),),
    ],
    "versions of an agreement are counted without a gap": [(_of_pair("agreements", version=2),)],
    "a meeting that is answered for says when": [
        (_of_pair("meetings", state="met"),),
        (_of_pair("meetings", state="missed"),),
        (_of_pair("meetings", state="planned", answered_at=MONDAY),),
    ],
    "a pair that is over has nothing planned": [
        (
            _pair(state="ended", ended_at=MONDAY - 2 * DAY),
            _of_pair("meetings", state="planned", starts_at=MONDAY - DAY),
        ),
        (_pair(state="undone"), _of_pair("meetings", state="planned", starts_at=LATER)),
    ],
    "a check-in stands as its times say": [
        (_of_pair("checkins", state="asked"),),
        (_of_pair("checkins", state="answered", taps=b"x"),),
        (_of_pair("checkins", state="answered", answered_at=MONDAY),),
        (_of_pair("checkins", state="planned", asked_at=MONDAY),),
    ],
    "a pair that is over is asked nothing but the word three months later": [
        (_pair(state=over), _of_pair("checkins", kind="pulse", state=state))
        for over in ("ended", "undone")
        for state in ("planned", "asked")
    ],
    "an introduction stands as its times say": [
        (_of_pair("introductions", state="asked"),),
        (_of_pair("introductions", state="lapsed", due_at=LATER),),
    ],
    "an introduction on its way has a pair that lives": [
        (_pair(state="ended"), _of_pair("introductions", state="drafted")),
        (_pair(state="undone"), _of_pair("introductions", state="agreed")),
    ],
    "a seat is in a group of its own round": [
        (Planted("peer_groups", {"id": "g", "round_id": "1"}), Planted("seats", {"group_id": "g", "round_id": "2"}))
    ],
    "a group that lives has two or three": [
        (
            Planted("rounds", {"id": "1", "state": "running"}),
            Planted("peer_groups", {"id": "g", "round_id": "1"}),
            *(Planted("seats", {"id": f"{number}", "group_id": "g", "round_id": "1"}) for number in range(sitting)),
        )
        for sitting in (0, 1, 4)
    ],
    "who has left is in no pair and no search once that is carried out": [
        (_profile(left_settled_at=MONDAY), _pair()),
        (_profile(left_settled_at=MONDAY, member_id="noor"), _pair(state="asleep")),
        (_profile(left_settled_at=MONDAY, member_id="noor"), _search()),
        (_profile(left_settled_at=MONDAY), _search(), _ask()),
    ],
    "settling comes after leaving": [(_profile(left_settled_at=MONDAY),)],
    "a peer's pause is of the time since they joined": [
        (Planted("peers", {"member_id": "noor", "joined_at": LATER, "paused_at": MONDAY}),)
    ],
    "a delivery that is dealt with has kept no words": [
        (Planted("inbox", {"id": "i", "done_at": MONDAY, "payload": b"x"}),)
    ],
    "a message is over at a moment": [
        (_news(state="done"),),
        (_news(state="dropped"),),
        (_news(state="dead"),),
        (_news(state="pending", done_at=MONDAY),),
    ],
    "a message that is sent stands somewhere": [(_news(state="done", done_at=MONDAY),)],
    "a message that is over has kept no words, and is in nobody's hands": [
        (_news(state="done", payload=b"x"),),
        (_news(state="dropped", owner="me"),),
        (_news(state="dead", lease_until=LATER),),
    ],
    "nobody hears more unasked in a week than the budget lets through": [
        tuple(_heard(MONDAY + number * DAY) for number in range(UNASKED_A_WEEK.value + 1))
    ],
    "an open search is there once": [(_search(), _search(id="s2"))],
    "a name in a search is there once": [(_ask(state="queued"), _ask(id="a2", state="queued"))],
    "a planned meeting is there once": [
        _twice("meetings", relationship_id="r", starts_at=MONDAY, state="planned"),
    ],
    "a word on a meeting is there once": [_twice("feedback", meeting_id="m", member_id="noor")],
    "a check-in is there once": [_twice("checkins", relationship_id="r", member_id="noor", kind="pulse", number=1)],
    "a version of an agreement is there once": [_twice("agreements", relationship_id="r", version=1)],
    "a proposed agreement is there once": [_twice("agreements", relationship_id="r", state="proposed")],
    "a signed agreement is there once": [_twice("agreements", relationship_id="r", state="signed")],
    "an introduction on its way is there once": [
        tuple(Planted("introductions", {"mentee_id": "noor", "contact_id": "eva", "state": s}) for s in states)
        for states in (("drafted", "asked"), ("agreed", "agreed"))
    ],
    "a line of a digest is there once": [_twice("digest_lines", workspace_id="T0", member_id="noor", key="k")],
    "a round is there once": [_twice("rounds", workspace_id="T0", number=1, state="over")],
    "a round in a state is there once": [_twice("rounds", workspace_id="T0", state="planned")],
    "a seat is there once": [_twice("seats", round_id="1", member_id="noor")],
}
