"""Milestones: set, moved, reached, let go; and what is told on their day."""

from datetime import date, datetime, timedelta

from bot.errors import DayRefusedError, NotYoursError, TooManyMilestonesError
from bot.rules import milestones as rules
from bot.rules.agreements import day_of
from bot.rules.milestones import Mark, Marked, MarkedDay, MilestonePage, NewMilestone, PairMilestones
from bot.rules.pairs import PairCard
from bot.rules.policy import MILESTONES_MOST
from bot.services import drafts, owing, pairs
from storage.database import Tx
from storage.models.members import Member
from storage.models.milestones import Milestone, MilestoneState
from storage.queries import milestones

A_WEEK = timedelta(days=7)
CLOSED = (MilestoneState.REACHED, MilestoneState.DROPPED)


def of_pair(tx: Tx, card: PairCard, reader: Member) -> PairMilestones:
    """A pair's milestones for one of the two."""
    marks = [_mark(tx, row) for row in milestones.of_pair(tx, card.id)]
    is_open = tuple(mark for mark in marks if mark.state == MilestoneState.OPEN)
    return PairMilestones(card, reader, is_open, tuple(mark for mark in marks if mark not in is_open))


def own(tx: Tx, actor: Member, pair_id: str) -> PairMilestones:
    """The milestones of a pair the actor is in, ended or not."""
    return of_pair(tx, pairs.own(tx, actor, pair_id), actor)


def _mark(tx: Tx, row: Milestone) -> Mark:
    title = milestones.title_of(tx, row)
    return Mark(row.id, title, row.on_day, MilestoneState(row.state), row.version, row.reached_at)


def page(tx: Tx, actor: Member, milestone_id: str) -> MilestonePage:
    """One milestone of a pair the actor is in; anyone else's, and any unknown id, is refused alike."""
    row = milestones.by_id(tx, milestone_id)
    if row is None:
        raise NotYoursError
    return _page(tx, pairs.own(tx, actor, row.relationship_id), actor, row)


def told_page(tx: Tx, milestone_id: str, reader: Member) -> MilestonePage:
    """One milestone as its message tells one of the two of it."""
    row = milestones.by_id(tx, milestone_id)
    if row is None:
        raise NotYoursError
    return _page(tx, pairs.card_of(tx, row.relationship_id), reader, row)


def _page(tx: Tx, card: PairCard, reader: Member, row: Milestone, *, is_late: bool = False) -> MilestonePage:
    return MilestonePage(card, reader, _mark(tx, row), day_of(tx.now, reader.zone), is_late)


def _again(tx: Tx, before: MilestonePage, *, is_late: bool = False) -> MilestonePage:
    row = milestones.by_id(tx, before.mark.id)
    if row is None:
        raise NotYoursError
    return _page(tx, before.card, before.reader, row, is_late=is_late)


def _live_page(tx: Tx, actor: Member, milestone_id: str) -> MilestonePage:
    found = page(tx, actor, milestone_id)
    pairs.held(tx, actor, found.card.id)
    return found


def new(tx: Tx, actor: Member, pair_id: str) -> NewMilestone:
    """The form for a new milestone, a month ahead; words refused before come back where they can be nobody else's."""
    card = pairs.live(tx, actor, pair_id)
    is_only_pair = len(pairs.live_of(tx, actor)) == 1
    title = drafts.kept_words(tx, actor, "milestones.save").get("title", "") if is_only_pair else ""
    return NewMilestone(card, actor, title, day_of(tx.now, actor.zone) + 4 * A_WEEK)


def add(tx: Tx, actor: Member, pair_id: str, title: str, on_day: date) -> PairMilestones:
    """Set a milestone; both see it on the pair's page, and hear of it on its day."""
    card = pairs.held(tx, actor, pair_id)
    _check_day(tx, actor, on_day)
    if len(of_pair(tx, card, actor).open) >= MILESTONES_MOST.value:
        raise TooManyMilestonesError(MILESTONES_MOST.value)
    milestones.add(tx, card.id, actor.id, title, on_day, _due_at(tx, card, on_day))
    owing.home(tx, *card.people)
    return of_pair(tx, card, actor)


def _check_day(tx: Tx, actor: Member, on_day: date) -> None:
    today = day_of(tx.now, actor.zone)
    if not rules.is_within(on_day, today):
        raise DayRefusedError(on_day < today, rules.last_day(today))


def _due_at(tx: Tx, card: PairCard, on_day: date) -> datetime | None:
    """The morning of the day, unless it is over: whoever marks today knows that it is today."""
    due_at = rules.due_at(on_day, card.mentee.zone)
    return due_at if due_at > tx.now else None


def move(tx: Tx, actor: Member, milestone_id: str, version: int, on_day: date) -> MilestonePage:
    """Move an open milestone to another day; one that changed since it was read stays, and is shown as it stands."""
    before = _live_page(tx, actor, milestone_id)
    _check_day(tx, actor, on_day)
    if before.mark.on_day == on_day and before.mark.version == version:
        return before
    values = {"on_day": on_day, "version": version + 1, "due_at": _due_at(tx, before.card, on_day)}
    if not milestones.move(tx, milestone_id, version, (MilestoneState.OPEN,), values):
        return _again(tx, before, is_late=True)
    return _changed(tx, before)


def reach(tx: Tx, actor: Member, milestone_id: str) -> MilestonePage:
    """Say that a milestone is reached; twice is once."""
    return _close(tx, actor, milestone_id, MilestoneState.REACHED)


def drop(tx: Tx, actor: Member, milestone_id: str) -> MilestonePage:
    """Let a milestone go; twice is once."""
    return _close(tx, actor, milestone_id, MilestoneState.DROPPED)


def _close(tx: Tx, actor: Member, milestone_id: str, to: MilestoneState) -> MilestonePage:
    before = _live_page(tx, actor, milestone_id)
    reached_at = tx.now if to is MilestoneState.REACHED else None
    values = {"state": to, "due_at": None, "reached_at": reached_at}
    if not milestones.move(tx, milestone_id, before.mark.version, (MilestoneState.OPEN,), values):
        now = _again(tx, before)
        return now if now.mark.state == to else _again(tx, before, is_late=True)
    return _changed(tx, before)


def reopen(tx: Tx, actor: Member, milestone_id: str) -> MilestonePage:
    """Take a reached or dropped milestone up again; twice is once."""
    before = _live_page(tx, actor, milestone_id)
    if len(of_pair(tx, before.card, actor).open) >= MILESTONES_MOST.value and before.mark.state in CLOSED:
        raise TooManyMilestonesError(MILESTONES_MOST.value)
    due_at = _due_at(tx, before.card, before.mark.on_day)
    values = {"state": MilestoneState.OPEN, "due_at": due_at, "reached_at": None}
    milestones.move(tx, milestone_id, before.mark.version, CLOSED, values)
    return _changed(tx, before)


def _changed(tx: Tx, before: MilestonePage) -> MilestonePage:
    for member in before.card.people:
        owing.update(tx, "milestones.due", member, before.mark.id)
    owing.home(tx, *before.card.people)
    return _again(tx, before)


def tell_due(tx: Tx) -> int:
    """Tell both that their day has come, once; an away pair hears when it is back; how many."""
    due = milestones.due(tx)
    for row in due:
        card = pairs.card_of(tx, row.relationship_id)
        away_until = card.relationship.away_until
        is_away = card.is_live and away_until is not None and away_until > tx.now
        milestones.set_due(tx, row.id, away_until if is_away else None)
        for member in () if is_away or not card.is_live else card.people:
            key = f"{row.id}:{row.version}:{member.id}"
            owing.post(tx, "milestones.due", member, row.id, key=key, version=str(row.version))
    return len(due)


def recompute(tx: Tx, member: Member) -> None:
    """Put marked mornings where the mentee's clock is now, after their zone changed; the day itself stays."""
    for row in milestones.ahead_of_mentee(tx, member.id):
        due_at = rules.due_at(row.on_day, member.zone)
        if due_at != row.due_at:
            milestones.set_due(tx, row.id, due_at)


def coming(tx: Tx, member: Member, days: int = 7) -> Marked:
    """Somebody's open marked days from today on, for so many days; no titles."""
    today = day_of(tx.now, member.zone)
    return _marked(tx, member, milestones.open_between(tx, member.id, today, today + timedelta(days=days)))


def reached_since(tx: Tx, member: Member, since: datetime) -> Marked:
    """What somebody and their partners reached since a moment; no titles."""
    return _marked(tx, member, milestones.reached_since(tx, member.id, since))


def _marked(tx: Tx, member: Member, rows: list[Milestone]) -> Marked:
    cards = {pair_id: pairs.card_of(tx, pair_id) for pair_id in {row.relationship_id for row in rows}}
    return Marked(
        tuple(
            MarkedDay(row.id, row.relationship_id, cards[row.relationship_id].partner_of(member), row.on_day)
            for row in rows
        )
    )
