"""How it goes, asked of each side alone: planned with the pair, asked on its day, answered by taps nobody else sees."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.errors import NotYoursError
from bot.rules import checkins as rules
from bot.rules import policy
from bot.rules.checkins import AllSaid, Answer, CheckinCard, Counted, Fate, Moment, PairCheckins, Question, Said, Tapped
from bot.rules.pairs import PairCard
from bot.services import owing, pairs
from bot.services.owing import To
from storage.database import Tx
from storage.models.checkins import Checkin, CheckinKind, CheckinState
from storage.models.members import Member
from storage.queries import checkins, preferences
from storage.queries.checkins import DueCheckin

NEVER_OUT = (CheckinState.PLANNED,)


def plan(tx: Tx, card: PairCard) -> None:
    """Write down both sides' check-ins of a live pair; done again, it changes nothing that has been asked."""
    if not card.is_live:
        return
    for person in card.people:
        for moment in _ahead(tx, card, person):
            _write_down(tx, card, person, moment)


def replan(tx: Tx, card: PairCard) -> None:
    """Fit what is still to come to a term or an absence that changed; what no longer fits is let go."""
    if not card.is_live:
        return
    for person in card.people:
        fitting = {moment.key for moment in _ahead(tx, card, person)}
        for row in checkins.of_side(tx, card.id, person.id):
            if (row.kind, row.number) not in fitting and row.kind != CheckinKind.FOLLOW_UP:
                checkins.move(tx, row, NEVER_OUT, state=CheckinState.LET_GO)
    plan(tx, card)


def _ahead(tx: Tx, card: PairCard, person: Member) -> tuple[Moment, ...]:
    """What of the calendar is to come for one side; a check-in put off before keeps the later day."""
    rows = checkins.of_side(tx, card.id, person.id)
    asked = [row.due_at for row in rows if row.kind == CheckinKind.HALF_TIME and row.asked_at is not None]
    ends = ends_at(card)
    calendar = rules.calendar(card.relationship.started_at, ends, asked[0] if asked else None)
    moments = [moment for moment in calendar if not (asked and moment.kind is CheckinKind.HALF_TIME)]
    return rules.still_ahead(_as_put_off(tx, moments, rows), ends, tx.now, _back_at(tx, card, person))


def _as_put_off(tx: Tx, moments: Iterable[Moment], rows: list[Checkin]) -> list[Moment]:
    later = {(r.kind, r.number): r.due_at for r in rows if r.state == CheckinState.PLANNED and r.due_at > tx.now}
    return [replace(m, at=later[m.key]) if m.at <= tx.now and m.key in later else m for m in moments]


def ends_at(card: PairCard) -> datetime:
    """When the term ends; by the default where a pair was never given one."""
    row = card.relationship
    return row.term_ends_at or pairs.in_months(row.started_at, policy.TERM_MONTHS.value)


def _back_at(tx: Tx, card: PairCard, person: Member) -> datetime | None:
    """The end of an absence, the pair's or the person's own, that lies ahead."""
    own = preferences.of(tx, person.id)
    away = (card.relationship.away_until, own.away_until if own is not None else None)
    return max((moment for moment in away if moment is not None and moment > tx.now), default=None)


def _write_down(tx: Tx, card: PairCard, person: Member, moment: Moment) -> None:
    due_at = rules.morning_of(moment.at, person.zone, _back_at(tx, card, person))
    checkins.plan(tx, card.id, person.id, moment.kind, moment.number, due_at)


def follow(tx: Tx, member: Member, was: str) -> None:
    """Keep the days on which somebody is asked, on the mornings they have now."""
    for row in checkins.planned_of(tx, member.id):
        due_at = rules.morning_again(row.due_at, was, member.zone)
        if due_at != row.due_at:
            checkins.move(tx, row, NEVER_OUT, due_at=due_at)


def plan_follow_up(tx: Tx, card: PairCard, at: datetime) -> None:
    """Plan the last word for both sides, to be asked at this moment; `rules.checkins.follow_up_at` says when."""
    for person in card.people:
        due_at = rules.morning_of(at, person.zone)
        checkins.plan(tx, card.id, person.id, CheckinKind.FOLLOW_UP, 1, due_at)


def let_go(tx: Tx, card: PairCard) -> None:
    """A pair ended: nothing of it waits for an answer any more; a follow-up is for after the end, and stays."""
    rows = [row for row in checkins.unanswered_of(tx, card.id) if row.kind != CheckinKind.FOLLOW_UP]
    _let_go(tx, [row.id for row in rows], card.people)


def _let_go(tx: Tx, checkin_ids: Sequence[str], readers: Iterable[To]) -> None:
    """Let go of many at once; whoever was asked one of them sees that nobody waits for it."""
    if not checkin_ids:
        return
    asked = [row for row in checkins.let_go(tx, checkin_ids) if row.asked_at is not None]
    people = {reader.id: reader for reader in readers}
    owing.owe_all(tx, [owing.renewal(tx, kind_of(row.kind), people[row.member_id], row.id) for row in asked])
    owing.home(tx, *(people[row.member_id] for row in asked))


def kind_of(kind: str) -> str:
    """The kind of news that asks a check-in of this kind."""
    return f"checkins.{kind}"


def ask_due(tx: Tx) -> int:
    """Ask what is due of whoever can be asked today; of several for one side of a pair, only the latest."""
    due = checkins.due(tx)
    rivals = checkins.unanswered_now(tx, {each.pair_id for each in due if each.has_rivals})
    latest = {_side_of(row): row.id for row in rivals if row.state == CheckinState.PLANNED}
    fates = [(each, _fate(tx, each, latest)) for each in due]
    let_go = [each for each, fate in fates if fate is Fate.LET_GO]
    _let_go(tx, [each.id for each in let_go], [each.reader for each in let_go])
    for each, fate in fates:
        if fate is Fate.PUT_OFF and each.back_at is not None:
            _put_off(tx, each, each.back_at)
    _ask(tx, [each for each, fate in fates if fate is Fate.ASK], rivals)
    return len(due)


def _side_of(row: Checkin) -> tuple[str, str]:
    return row.relationship_id, row.member_id


def _fate(tx: Tx, due: DueCheckin, latest: Mapping[tuple[str, str], str]) -> Fate:
    if latest.get(due.side, due.id) != due.id:
        return Fate.LET_GO
    return rules.fate_of(due.kind, due.pair_state, tx.now, due.back_at, is_anyone_gone=due.is_anyone_gone)


def _ask(tx: Tx, due: Sequence[DueCheckin], rivals: Iterable[Checkin]) -> None:
    """Ask many at once, and let go of what the same side was asked before and has not answered."""
    readers = {each.side: each.reader for each in due}
    older = [row for row in rivals if row.state == CheckinState.ASKED and _side_of(row) in readers]
    _let_go(tx, [row.id for row in older], readers.values())
    asked = checkins.ask_all(tx, [each.id for each in due])
    told = [each for each in due if each.id in asked]
    owing.owe_all(tx, [owing.news(tx, kind_of(each.kind), each.reader, each.id) for each in told])
    owing.home(tx, *(each.reader for each in told))


def _put_off(tx: Tx, due: DueCheckin, back_at: datetime) -> None:
    """To the end of an absence, where it still fits; an absence is rare, and so each by itself."""
    card = by_id(tx, due.id)
    if _still_fits(tx, card, back_at):
        checkins.move(tx, card.checkin, NEVER_OUT, due_at=rules.morning_of(back_at, due.reader.zone, back_at))
    else:
        _let_go(tx, [due.id], [due.reader])


def _still_fits(tx: Tx, card: CheckinCard, at: datetime) -> bool:
    """Whether a check-in put off to this day is still clear of whatever else is asked."""
    if card.checkin.kind == CheckinKind.FOLLOW_UP:
        return True
    rows = checkins.of_side(tx, card.pair.id, card.reader.id)
    half = [row.due_at for row in rows if row.kind == CheckinKind.HALF_TIME and row.state != CheckinState.LET_GO]
    ends = ends_at(card.pair)
    if card.checkin.kind == CheckinKind.HALF_TIME or not half:
        return ends - at >= policy.CLOSING_BEFORE.value
    return rules.is_clear(at, half[0], ends)


def card_of(tx: Tx, row: Checkin) -> CheckinCard:
    """A check-in with its pair."""
    pair = pairs.card_of(tx, row.relationship_id)
    return CheckinCard(row, pair, pair.mentor if row.member_id == pair.mentor.id else pair.mentee)


def by_id(tx: Tx, checkin_id: str) -> CheckinCard:
    """Any check-in, for the messages about it; raises NotYours for an id that is none of ours."""
    row = checkins.by_id(tx, checkin_id)
    if row is None:
        raise NotYoursError
    return card_of(tx, row)


def own(tx: Tx, actor: Member, checkin_id: str) -> CheckinCard:
    """A check-in the actor was asked; the other side's, and any unknown or still planned, is refused alike."""
    card = by_id(tx, checkin_id)
    if card.checkin.member_id != actor.id or card.checkin.state == CheckinState.PLANNED:
        raise NotYoursError
    return card


def tap(tx: Tx, actor: Member, value: str, choice: int) -> Tapped:
    """Answer one question by one of its three buttons, from `<id> <step>`; twice, late or out of turn is nothing."""
    checkin_id, _, step = value.partition(" ")
    card = own(tx, actor, checkin_id)
    question = card.question
    if not card.is_open or question is None or step != str(card.checkin.step):
        return Tapped(card)
    answer = rules.OPTIONS[question][choice]
    answers = checkins.answers_of(tx, card.checkin) | {question: answer}
    is_last = card.checkin.step + 1 == len(rules.TAPS[card.checkin.kind])
    kept = checkins.keep_tap(tx, card.checkin, card.checkin.step, answers, **_ended(tx, is_last=is_last))
    if kept and is_last:
        owing.home(tx, actor)
    return Tapped(card, wants_help=kept and answer is Answer.HELP)


def _ended(tx: Tx, *, is_last: bool) -> dict[str, object]:
    return {"state": CheckinState.ANSWERED, "answered_at": tx.now} if is_last else {}


def refresh(tx: Tx, card: CheckinCard) -> None:
    """Bring the message about a check-in up to date."""
    owing.update(tx, kind_of(card.checkin.kind), card.reader, card.checkin.id)


def look_back(tx: Tx, actor: Member, checkin_id: str, answers: Mapping[Question, Answer]) -> tuple[CheckinCard, bool]:
    """Answer half-time in one go; False where it was answered or overtaken before, and then nothing is kept."""
    card = own(tx, actor, checkin_id)
    if card.checkin.kind != CheckinKind.HALF_TIME:
        raise NotYoursError
    if not card.is_open or not checkins.keep_tap(tx, card.checkin, 0, answers, **_ended(tx, is_last=True)):
        return card, False
    refresh(tx, card)
    owing.home(tx, actor)
    return card, True


def reflect(tx: Tx, actor: Member, checkin_id: str, words: str) -> CheckinCard:
    """Keep the actor's own words with a check-in they answered; no words take them away again."""
    card = own_answered(tx, actor, checkin_id)
    checkins.write_reflection(tx, card.checkin, words)
    return card


def own_answered(tx: Tx, actor: Member, checkin_id: str) -> CheckinCard:
    """A check-in the actor has answered."""
    card = own(tx, actor, checkin_id)
    if card.checkin.state != CheckinState.ANSWERED:
        raise NotYoursError
    return card


def reflection(tx: Tx, card: CheckinCard) -> str:
    """What the person wrote with it, for themselves alone."""
    return checkins.reflection_of(tx, card.checkin)


def said(tx: Tx, actor: Member, pair_id: str) -> AllSaid:
    """All the actor ever answered in a pair, ended or not, newest first."""
    pair = pairs.own(tx, actor, pair_id)
    rows = [row for row in checkins.of_side(tx, pair_id, actor.id) if row.state == CheckinState.ANSWERED]
    return AllSaid(pair, actor, tuple(_said(tx, CheckinCard(row, pair, actor)) for row in reversed(rows)))


def _said(tx: Tx, card: CheckinCard) -> Said:
    stored = checkins.answers_of(tx, card.checkin)
    answers = {Question(question): Answer(answer) for question, answer in stored.items()}
    return Said(card, answers, reflection(tx, card))


def of_pair(tx: Tx, card: PairCard, reader: Member) -> PairCheckins:
    """What the pair's own modal says to one side."""
    rows = checkins.of_side(tx, card.id, reader.id)
    waiting = [found for row in rows if (found := CheckinCard(row, card, reader)).is_open]
    has_said = any(row.state == CheckinState.ANSWERED for row in rows)
    return PairCheckins(card, reader, waiting[-1] if waiting else None, has_said)


def waiting_for(tx: Tx, member: Member) -> list[CheckinCard]:
    """What waits for somebody's answer over all their pairs, also those that ended, for their Home."""
    return [card for row in checkins.waiting_on(tx, member.id) if (card := card_of(tx, row)).is_open]


def counts(tx: Tx) -> list[Counted]:
    """How many were asked and how many answered, for organisers; nothing where fewer than five people were asked."""
    return [
        Counted(CheckinKind(kind), asked, answered)
        for kind, people, asked, answered in checkins.counts(tx)
        if people >= policy.COUNTED_FROM.value
    ]
