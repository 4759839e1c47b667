"""Milestones, sampled in every state."""

from datetime import date, timedelta

from bot.rules.milestones import Mark, MilestonePage, NewMilestone, PairMilestones
from bot.rules.pairs import PairCard
from bot.slack.blocks import Message
from bot.slack.text import md
from bot.views import milestones as views
from bot.views.gallery.agreements import WILD, pair
from bot.views.gallery.samples import HOSTILE, NOOR, NOW, Sample, sample
from storage.models.milestones import MilestoneState
from storage.models.relationships import RelationshipState

TODAY = NOW.date()
OPEN, REACHED, DROPPED = MilestoneState


def _mark(title: str = "First chart shown", days: int = 0, state: MilestoneState = OPEN) -> Mark:
    return Mark("k1", title, TODAY + timedelta(days=days), state, 1, NOW if state == REACHED else None)


def _page(mark: Mark, card: PairCard | None = None, *, is_late: bool = False) -> MilestonePage:
    return MilestonePage(card or pair(), NOOR, mark, TODAY, is_late)


def _pair(*marks: Mark, card: PairCard | None = None) -> PairMilestones:
    is_open = tuple(mark for mark in marks if mark.state == OPEN)
    return PairMilestones(card or pair(), NOOR, is_open, tuple(mark for mark in marks if mark.state == REACHED))


def samples() -> tuple[Sample, ...]:
    """The day's message, the pair's list, one milestone and the forms."""
    return (*_messages(), *_modals())


def _messages() -> tuple[Sample, ...]:
    ended, several = pair(RelationshipState.ENDED), _pair(_mark(WILD * 2), _mark("Third", 9), _mark(state=REACHED))
    return (
        sample("milestones.due", views.due(_page(_mark()))),
        sample("milestones.due after a weekend", views.due(_page(_mark(days=-2), pair(mentor=HOSTILE)))),
        sample("milestones.due reached", views.due(_page(_mark(state=REACHED)))),
        sample("milestones.due let go", views.due(_page(_mark(state=DROPPED)))),
        sample("milestones.due moved", views.due(_page(_mark(days=7)))),
        sample("milestones.due too late", views.due(_page(_mark(), ended))),
        sample("milestones due line", Message(views.due_line(_page(_mark())), ())),
        sample("milestones in pair", Message(md("Milestones"), views.in_pair(several))),
        sample("milestones in pair, none", Message(md("Milestones"), views.in_pair(_pair()))),
        sample("milestones in pair, ended", Message(md("Milestones"), views.in_pair(_pair(_mark(), card=ended)))),
    )


def _modals() -> tuple[Sample, ...]:
    many = _pair(*(_mark(WILD, number) for number in range(12)), *(_mark(state=REACHED) for _ in range(40)))
    ended = pair(RelationshipState.ENDED)
    return (
        sample("milestones.list", views.every(many)),
        sample("milestones.list none", views.every(_pair())),
        sample("milestones.list ended", views.every(_pair(_mark(), card=ended))),
        sample("milestones.save", views.add(NewMilestone(pair(), NOOR, "", date(2026, 12, 21)))),
        sample("milestones.one", views.one(_page(_mark()))),
        sample("milestones.one ahead", views.one(_page(_mark(WILD, 3)))),
        sample("milestones.one behind", views.one(_page(_mark(days=-3), is_late=True))),
        sample("milestones.one reached", views.one(_page(_mark(state=REACHED)))),
        sample("milestones.one let go", views.one(_page(_mark(state=DROPPED)))),
        sample("milestones.one ended", views.one(_page(_mark(), ended))),
        sample("milestones.move", views.move(_page(_mark(days=-3)))),
    )
