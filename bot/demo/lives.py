"""Gives the cast the lives they have when the story begins, by the same deeds everybody uses."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.demo.cast import HOME_ZONE, Life, PastPair
from bot.rules.days import instant, is_working_day, zone_named
from bot.rules.policy import DIGEST_DAY, DIGEST_HOUR, MEETING_MINUTES
from bot.rules.preferences import Choice
from bot.rules.profiles import Answers
from bot.rules.slots import propose
from bot.services import agreements, feedback, find, meetings, pairs, preferences, profiles, requests
from storage.database import Tx
from storage.models.members import Member
from storage.models.preferences import Attention
from storage.queries import outbox
from storage.queries import requests as request_queries

OPENING = time(10)
LATEST = time(15)
QUIETLY = Choice(Attention.ONLY_ASKED, DIGEST_DAY.value, DIGEST_HOUR.value, None)
FIRST_MET, EVERY, NEXT = 3, 14, 8
BEFORE = "before the story begins"


def story_begins(now: datetime) -> datetime:
    """Now, if it is a working morning where the cast lives, else the next one, so that nobody has to wait."""
    local = now.astimezone(zone_named(HOME_ZONE))
    if is_working_day(local.date()) and OPENING <= local.time() < LATEST:
        return now
    day = local.date() + timedelta(days=int(local.time() >= OPENING or not is_working_day(local.date())))
    while not is_working_day(day):
        day += timedelta(days=1)
    return instant(day, OPENING, HOME_ZONE)


def settle(tx: Tx, people: Mapping[str, Member], lives: Sequence[Life], pairs: Sequence[PastPair]) -> None:
    """Join everyone who has joined, and begin the pairs that began before; what that would have sent stays unsent."""
    long_ago = replace(tx, now=tx.now - timedelta(days=60))
    for life in lives:
        if life.joined:
            profiles.save(long_ago, people[life.key], _answers(life))
        if life.is_quiet:
            preferences.save(long_ago, people[life.key], QUIETLY)
    for pair in pairs:
        _begin(replace(tx, now=tx.now - timedelta(days=pair.days_ago)), people, pair)
        _go_on(tx, people[pair.mentee], people[pair.mentor], pair.days_ago)
    outbox.drop_owed(tx, BEFORE)


def _answers(life: Life) -> Answers:
    return Answers(life.teaches, life.learns, life.goal, life.languages, life.places, is_open=True)


def _begin(tx: Tx, people: Mapping[str, Member], pair: PastPair) -> None:
    mentee, mentor = people[pair.mentee], people[pair.mentor]
    found = find.search(tx, mentee, pair.topic, pair.goal)
    card = find.send(tx, mentee, found.search.id, mentor.id, [], f"I'd like to learn {pair.topic} from you.")
    for ask in request_queries.asks_of(tx, card.search.id):
        requests.accept(tx, mentor, ask.id)


def _go_on(tx: Tx, mentee: Member, mentor: Member, days_ago: int) -> None:
    """They signed, met every two weeks, and have the next meeting booked, in hours that suit them both."""
    pair_id = next(card.id for card in pairs.live_of(tx, mentee) if card.mentor.id == mentor.id)
    began = replace(tx, now=tx.now - timedelta(days=days_ago - 1))
    for who in (mentee, mentor):
        agreements.sign_prefilled(began, who, pair_id, 0 if who is mentee else 1)
    for ago in range(days_ago - FIRST_MET, 0, -EVERY):
        feedback.log(replace(tx, now=tx.now - timedelta(days=ago)), mentee, pair_id)
    (start,) = propose(tx.now + timedelta(days=NEXT), mentee.zone, mentor.zone, count=1)
    local = start.astimezone(zone_named(mentee.zone))
    meetings.plan(tx, mentee, pair_id, local.date(), local.time(), MEETING_MINUTES.value, "")
