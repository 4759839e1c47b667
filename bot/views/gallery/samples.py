"""What samples are made of: a few people, one search, one ask, at one moment."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from bot.rules.requests import AskCard, SearchCard
from bot.slack.blocks import Home, Message, Modal
from storage.models.members import Member
from storage.models.profiles import Profile
from storage.models.requests import Ask, AskState, Search, SearchState

Surface = Literal["message", "modal", "home"]
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HERE = "T0SAMPLE"
TOPIC = "data analysis"
GOAL = "Move from support into a data role"
NOTE = "Hi Tomás, I'm Noor.\n\nI'd like to learn data analysis. Would you have 30 minutes for a first chat?"


@dataclass(frozen=True, slots=True)
class Sample:
    """One view as Slack would be sent it."""

    name: str
    surface: Surface
    payload: dict[str, Any]


def sample(name: str, view: Message | Modal | Home) -> Sample:
    """Name a view; its surface follows from what it is."""
    surfaces: dict[type, Surface] = {Message: "message", Modal: "modal", Home: "home"}
    return Sample(name, surfaces[type(view)], view.payload())


def member(name: str, number: int, title: str = "", zone: str = "Europe/Lisbon") -> Member:
    """A person."""
    return Member(
        id=f"m{number}", workspace_id=HERE, slack_id=f"U0SAMPLE{number}", name=name, title=title, zone=zone, seen_at=NOW
    )


NOOR = member("Noor Haddad", 1, "Customer support")
TOMAS = member("Tomás Ferreira", 2, "Analytics lead", "Europe/Berlin")
GRACE = member("Grace Mwangi", 3, "Data engineering", "Africa/Nairobi")
INGRID = member("Ingrid Berg", 4, "People operations", "Europe/Oslo")
HOSTILE = member("<!channel> *<@U1>* \u202eevil `", 5, "<https://evil.example|bank>")


def profile(of: Member, places: int = 2, taken: int = 0) -> Profile:
    """Somebody who joined."""
    return Profile(workspace_id=HERE, member_id=of.id, places=places, taken=taken, joined_at=NOW, goal=GOAL)


def search(state: SearchState = SearchState.OPEN) -> Search:
    """Noor's search."""
    return Search(
        id="s1",
        workspace_id=HERE,
        mentee_id=NOOR.id,
        topic=TOPIC,
        goal=GOAL,
        state=state,
        begun_at=NOW,
        opened_at=NOW,
        closes_at=NOW + timedelta(days=24),
        ended_at=None if state == SearchState.OPEN else NOW,
    )


def ask(state: AskState = AskState.WAITING, mentor: Member = TOMAS) -> Ask:
    """A name of Noor's search."""
    return Ask(
        id=f"a{mentor.id}",
        workspace_id=HERE,
        search_id="s1",
        mentor_id=mentor.id,
        position=0,
        state=state,
        asked_at=NOW,
        due_at=NOW + timedelta(days=3),
        decided_at=None if state == AskState.WAITING else NOW,
        reason="no_room" if state == AskState.DECLINED else "",
    )


def card(
    state: AskState = AskState.WAITING, of: SearchState = SearchState.OPEN, mentor: Member = TOMAS, **more: Any
) -> AskCard:
    """An ask with its people."""
    made = AskCard(ask(state, mentor), search(of), NOOR, mentor, NOTE, can_undo=False)
    return replace(made, **more)


def search_card(state: SearchState = SearchState.OPEN, *asks: AskCard, can_undo: bool = False) -> SearchCard:
    """A search with its names."""
    return SearchCard(search(state), NOOR, asks or (card(of=state),), NOTE, can_undo=can_undo)
