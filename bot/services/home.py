"""Everything one person's Home shows: their own words to themselves, states and counts to organisers."""

from datetime import timedelta

from bot.rules.checkins import CheckinCard
from bot.rules.home import HomePage, Overview, Paired, Waiting
from bot.rules.relationships import PairPage, standing_of
from bot.rules.requests import SearchCard
from bot.services import checkins, find, introductions, pairs, profiles, relationships, requests, rounds, silence
from bot.services.access import is_organiser, organisers, person
from storage.database import Tx
from storage.models.members import Member
from storage.models.relationships import Ending, Relationship
from storage.models.requests import Ask, Search, SearchState
from storage.queries import members
from storage.queries import profiles as profile_queries
from storage.queries import relationships as relationship_queries
from storage.queries import requests as request_queries

LISTED = 10
LATELY = timedelta(days=90)


def page(tx: Tx, actor: Member) -> HomePage:
    """Gather one person's Home."""
    profile = profiles.page(tx, actor)
    latest = request_queries.latest_search_of(tx, actor.id)
    return HomePage(
        member=actor,
        profile=profile,
        can_undo_leave=profile.profile is not None and profiles.may_undo_leave(tx, profile.profile),
        begun=find.begun(tx, actor),
        search=_worth_showing(tx, latest),
        waiting=tuple(requests.waiting_for(tx, actor)),
        pairs=tuple(_pairs(tx, actor)),
        peers=rounds.standing(tx, actor),
        checkins=tuple(_after_the_end(tx, actor)),
        introductions=introductions.waiting_for(tx, actor),
        organisers=tuple(organisers(tx)),
        overview=overview(tx) if is_organiser(tx, actor) else None,
        is_silenced=silence.standing(tx) is not None,
    )


def _worth_showing(tx: Tx, search: Search | None) -> SearchCard | None:
    """An open search, one just withdrawn that can be undone, or one that ended without an answer."""
    if search is None or search.state == SearchState.MATCHED:
        return None
    card = requests.search_card_of(tx, search)
    return card if search.state != SearchState.WITHDRAWN or card.can_undo else None


def _pairs(tx: Tx, actor: Member) -> list[PairPage]:
    return [relationships.page_of(tx, card, actor) for card in pairs.live_of(tx, actor)]


def _after_the_end(tx: Tx, actor: Member) -> list[CheckinCard]:
    """Check-ins of pairs that have ended: Home is the only other door to them."""
    return [card for card in checkins.waiting_for(tx, actor) if not card.pair.is_live]


def overview(tx: Tx) -> Overview:
    """States and counts; the rows it is made of carry no words, so none can reach an organiser."""
    asks = request_queries.all_waiting(tx, LISTED)
    live = relationship_queries.all_live(tx, LISTED)
    return Overview(
        joined=profile_queries.joined_count(tx),
        searching=request_queries.open_count(tx),
        free_places=profile_queries.free_places_count(tx),
        active_pairs=relationship_queries.active_count(tx),
        waiting=tuple(_waiting(tx, ask) for ask in asks),
        pairs=tuple(_paired(tx, pair) for pair in live),
        ended_early=_ended_lately(tx, (Ending.EARLY, Ending.LEFT)),
        finished=_ended_lately(tx, (Ending.FINISHED,)),
        silence=silence.standing(tx),
    )


def _paired(tx: Tx, row: Relationship) -> Paired:
    mentee, mentor = person(tx, row.mentee_id), person(tx, row.mentor_id)
    return Paired(mentee, mentor, row.started_at, standing_of(row, tx.now))


def _ended_lately(tx: Tx, endings: tuple[Ending, ...]) -> int:
    return relationship_queries.ended_count(tx, endings, tx.now - LATELY)


def _waiting(tx: Tx, ask: Ask) -> Waiting:
    search = request_queries.search(tx, ask.search_id)
    if search is None or ask.asked_at is None:
        message = "a waiting ask always has its search and its moment"
        raise LookupError(message)
    return Waiting(person(tx, search.mentee_id), person(tx, ask.mentor_id), ask.asked_at)


def opened(tx: Tx, actor: Member) -> None:
    """Remember that somebody has a Home to keep fresh."""
    members.note_home(tx, actor.id)
