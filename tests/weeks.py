"""Weeks with digests in them: lines that wait, meetings ahead, and what came of it."""

from datetime import datetime
from typing import Any

import pytest

from bot.news import digests as news
from bot.rules.days import zone_named
from bot.services import digests, requests
from bot.slack.text import Markup, md
from storage.models.digests import DigestLine
from storage.models.meetings import Meeting, MeetingState
from storage.models.members import Member
from storage.models.preferences import Preferences
from storage.models.relationships import Relationship
from storage.queries import digests as queries
from tests.builders import House, texts_in

QUIET = "relationships.quiet"


def worded(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Give lines of one kind words, whatever its feature says; a subject put into this set is no longer true."""
    over: set[str] = set()

    def words_of(_tx: Any, line: DigestLine, _reader: Member) -> Markup | None:
        return None if line.subject_id in over else md("Line about {subject}.", subject=line.subject_id)

    monkeypatch.setitem(news.LINES, QUIET, words_of)
    return over


def paired(house: House, mentee: Member, mentor: Member) -> str:
    """Two people who said yes; the pair's id."""
    house.act(mentor, requests.accept, house.ask(mentee, mentor).id)
    return house.rows(Relationship, mentee_id=mentee.id, mentor_id=mentor.id)[0].id


def meets(house: House, pair_id: str, by: Member, at: datetime, state: MeetingState = MeetingState.PLANNED) -> None:
    """A meeting of a pair, planned or met."""
    row = Meeting(
        workspace_id=house.workspace_id,
        relationship_id=pair_id,
        planned_by=by.id,
        planned_at=house.now,
        starts_at=at,
        minutes=30,
        zone=by.zone,
        state=state,
    )
    house.do(lambda tx: tx.session.add(row))


def note(house: House, who: Member, subject: str, key: str = "") -> None:
    """Something waits for somebody's digest."""
    house.do(queries.note, who.id, QUIET, subject, key=key or f"{who.id}:{subject}", facts={})


def words(house: House, who: Member) -> list[str]:
    """Every word of every digest somebody got, one text a digest."""
    return [" ".join(texts_in(letter.payload["blocks"])) for letter in house.read_by(who, "digests.weekly")]


def local_days(house: House, who: Member) -> list[datetime]:
    """When somebody's digests came, on their own clock."""
    return [letter.at.astimezone(zone_named(who.zone)) for letter in house.read_by(who, "digests.weekly")]


def move_to(house: House, who: Member, zone: str) -> Member:
    """Somebody is in another zone now, and Slack said so."""
    moved = house.person(who.name, zone, slack_id=who.slack_id)
    house.act(moved, digests.replan)
    return moved


def next_of(house: House, who: Member) -> datetime | None:
    """When somebody's next digest is due."""
    return house.rows(Preferences, member_id=who.id)[0].next_digest_at
