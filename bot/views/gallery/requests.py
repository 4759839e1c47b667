"""Requests, sampled in every state."""

from dataclasses import replace

from bot.rules.agreements import Standing
from bot.rules.meetings import MeetingCard
from bot.rules.requests import Begun
from bot.views import requests as views
from bot.views.gallery import meetings
from bot.views.gallery.agreements import PROMISE, TERMS
from bot.views.gallery.samples import GRACE, INGRID, NOOR, TOMAS, Sample, card, sample, search_card
from storage.models.requests import AskState, SearchState

OVER = SearchState.UNANSWERED
MATCHED = SearchState.MATCHED


def begun(booked: MeetingCard | None = None) -> Begun:
    """What a yes of Tomás's began."""
    pair = meetings.pair()
    standing = {NOOR.id: Standing(pair, NOOR, (), TERMS, PROMISE)}
    return Begun(pair, () if booked else meetings.SLOTS, booked, standing)


def samples() -> tuple[Sample, ...]:
    """Both sides' messages and modals."""
    return (*_mentor(), *_mentee())


def _mentor() -> tuple[Sample, ...]:
    accepted = card(AskState.ACCEPTED, MATCHED)
    return (
        sample("requests.asked", views.asked(card())),
        sample("requests.asked accepted", views.asked(card(AskState.ACCEPTED, MATCHED, can_undo=True))),
        sample("requests.asked accepted, hours to take", views.asked(replace(accepted, begun=begun(), can_undo=True))),
        sample("requests.asked accepted, booked", views.asked(replace(accepted, begun=begun(meetings.card())))),
        sample("requests.asked accepted for good", views.asked(accepted)),
        sample("requests.asked declined", views.asked(card(AskState.DECLINED, can_undo=True))),
        sample("requests.asked declined for good", views.asked(card(AskState.DECLINED))),
        sample("requests.asked lapsed", views.asked(card(AskState.LAPSED))),
        sample("requests.asked offered late", views.asked(card(AskState.OFFERED))),
        sample("requests.asked lapsed for good", views.asked(card(AskState.LAPSED, MATCHED))),
        sample("requests.asked offered in vain", views.asked(card(AskState.WITHDRAWN))),
        sample("requests.asked over", views.asked(card(AskState.WITHDRAWN, SearchState.WITHDRAWN))),
        sample("requests.reminded", views.reminded(card())),
        sample("requests.note", views.read(card())),
        sample("requests.note over", views.read(card(AskState.LAPSED))),
        sample("requests.say_no", views.decline(card())),
    )


def _mentee() -> tuple[Sample, ...]:
    declined = card(AskState.DECLINED, mentor=GRACE, referred=INGRID)
    later = search_card(SearchState.OPEN, card(has_reached=False))
    return (
        sample("requests.sent", views.sent(search_card())),
        sample("requests.sent out of hours", views.sent(later)),
        sample("requests.sent matched", views.sent(search_card(MATCHED, card(AskState.ACCEPTED, MATCHED)))),
        sample("requests.sent withdrawn", views.sent(search_card(SearchState.WITHDRAWN, can_undo=True))),
        sample("requests.sent withdrawn for good", views.sent(search_card(SearchState.WITHDRAWN))),
        sample("requests.running", views.searching(search_card())),
        sample("requests.rewrite", views.rewrite(search_card(), "")),
        sample("requests.moved_on", views.moved_on(declined, card(mentor=TOMAS), "declined", search_card())),
        sample("requests.moved_on lapsed", views.moved_on(card(mentor=GRACE), card(), "lapsed", search_card())),
        sample("requests.unanswered", views.unanswered(search_card(OVER), declined, "away")),
        sample("requests.matched", views.matched(card(AskState.ACCEPTED, MATCHED))),
        sample("requests.matched, what it began", views.matched(card(AskState.ACCEPTED, MATCHED, begun=begun()))),
        sample("requests.matched taken back", views.matched(card())),
        sample("requests.reopened", views.reopened(card())),
        sample("requests.late_yes", views.late_yes(card(AskState.OFFERED))),
        sample("requests.late_yes taken", views.late_yes(card(AskState.ACCEPTED, MATCHED))),
        sample("requests.late_yes left", views.late_yes(card(AskState.WITHDRAWN))),
    )
