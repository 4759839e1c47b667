"""When each side is asked how it goes, what is asked, and what becomes of a check-in whose day has come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.rules import policy
from bot.rules.days import instant, months_later, own_hours, zone_named
from bot.rules.pairs import PairCard
from storage.models.checkins import Checkin, CheckinKind, CheckinState
from storage.models.members import Member
from storage.models.relationships import RelationshipState


class Question(StrEnum):
    """Everything a check-in can ask; the views have the words."""

    OFTEN = "often"
    USEFUL = "useful"
    CHANGE = "change"
    CONFIDENCE = "confidence"
    WAYS = "ways"
    IN_TOUCH = "in_touch"
    HELPED = "helped"
    RECOMMEND = "recommend"


class Answer(StrEnum):
    """Everything that can be answered, each to one question alone."""

    OFTEN_ENOUGH = "often_enough"
    MORE = "more"
    HARDLY = "hardly"
    VERY = "very"
    SOMEWHAT = "somewhat"
    NOT_YET = "not_yet"
    ALL_GOOD = "all_good"
    SMALL_THINGS = "small_things"
    HELP = "help"
    CONFIDENT_1 = "1"
    CONFIDENT_2 = "2"
    CONFIDENT_3 = "3"
    CONFIDENT_4 = "4"
    CONFIDENT_5 = "5"
    KEEP_WAYS = "keep_ways"
    CHANGE_WAYS = "change_ways"
    STILL = "still"
    NOW_AND_THEN = "now_and_then"
    NO_LONGER = "no_longer"
    A_LOT = "a_lot"
    A_LITTLE = "a_little"
    NOT_REALLY = "not_really"
    WOULD = "would"
    PERHAPS = "perhaps"
    WOULD_NOT = "would_not"


OPTIONS: Mapping[Question, tuple[Answer, ...]] = {
    Question.OFTEN: (Answer.OFTEN_ENOUGH, Answer.MORE, Answer.HARDLY),
    Question.USEFUL: (Answer.VERY, Answer.SOMEWHAT, Answer.NOT_YET),
    Question.CHANGE: (Answer.ALL_GOOD, Answer.SMALL_THINGS, Answer.HELP),
    Question.CONFIDENCE: (
        Answer.CONFIDENT_1,
        Answer.CONFIDENT_2,
        Answer.CONFIDENT_3,
        Answer.CONFIDENT_4,
        Answer.CONFIDENT_5,
    ),
    Question.WAYS: (Answer.KEEP_WAYS, Answer.CHANGE_WAYS),
    Question.IN_TOUCH: (Answer.STILL, Answer.NOW_AND_THEN, Answer.NO_LONGER),
    Question.HELPED: (Answer.A_LOT, Answer.A_LITTLE, Answer.NOT_REALLY),
    Question.RECOMMEND: (Answer.WOULD, Answer.PERHAPS, Answer.WOULD_NOT),
}
TAPS: Mapping[str, tuple[Question, ...]] = {
    CheckinKind.PULSE: (Question.OFTEN, Question.USEFUL, Question.CHANGE),
    CheckinKind.HALF_TIME: (),
    CheckinKind.FOLLOW_UP: (Question.IN_TOUCH, Question.HELPED, Question.RECOMMEND),
}
LOOKING_BACK = (Question.OFTEN, Question.USEFUL, Question.CHANGE, Question.CONFIDENCE, Question.WAYS)


@dataclass(frozen=True, slots=True)
class Moment:
    """One check-in to come; a number stays with its day, also where others before it fall away."""

    kind: CheckinKind
    number: int
    at: datetime

    @property
    def key(self) -> tuple[str, int]:
        """What makes it one among a person's check-ins of a pair."""
        return self.kind, self.number


def calendar(started_at: datetime, ends_at: datetime, half_time_at: datetime | None = None) -> tuple[Moment, ...]:
    """Pulses and half-time of a term, by day; `half_time_at` is where half-time was, if it has been already.

    No pulse is within 21 days of half-time or of the end, and there is no half-time in the last 21 days.
    """
    half = half_time_at or started_at + (ends_at - started_at) / 2
    moments = [Moment(CheckinKind.HALF_TIME, 1, half)] if half < ends_at - policy.CLOSING_BEFORE.value else []
    number, at = 1, started_at + policy.PULSE_FIRST.value
    while at < ends_at:
        if is_clear(at, half, ends_at):
            moments.append(Moment(CheckinKind.PULSE, number, at))
        number, at = number + 1, at + policy.PULSE_EVERY.value
    return tuple(sorted(moments, key=lambda moment: moment.at))


def is_clear(at: datetime, half_time_at: datetime, ends_at: datetime) -> bool:
    """Whether a pulse here is far enough from half-time and from the end, where more is asked."""
    return abs(at - half_time_at) >= policy.PULSE_CLEAR.value and ends_at - at >= policy.CLOSING_BEFORE.value


def follow_up_at(ended_at: datetime) -> datetime:
    """The same hour three calendar months after the end."""
    return ended_at + (months_later(ended_at.date(), policy.FOLLOW_UP_MONTHS.value) - ended_at.date())


def still_ahead(
    moments: Iterable[Moment], ends_at: datetime, now: datetime, back_at: datetime | None = None
) -> tuple[Moment, ...]:
    """What of a calendar is to come: a pulse missed is gone, half-time may come late, an absence puts off its own."""
    coming = [put_off(moment, now, back_at) for moment in moments if _is_to_come(moment, now)]
    half = next((moment.at for moment in coming if moment.kind is CheckinKind.HALF_TIME), None)
    return tuple(moment for moment in coming if _fits(moment, half, ends_at))


def _is_to_come(moment: Moment, now: datetime) -> bool:
    late = policy.PULSE_CLEAR.value if moment.kind is CheckinKind.HALF_TIME else timedelta(0)
    return moment.at + late > now


def put_off(moment: Moment, now: datetime, back_at: datetime | None) -> Moment:
    """The same check-in, not before now nor before the end of an absence."""
    return replace(moment, at=max(moment.at, now, back_at or now))


def _fits(moment: Moment, half_time_at: datetime | None, ends_at: datetime) -> bool:
    if moment.kind is CheckinKind.HALF_TIME or half_time_at is None:
        return ends_at - moment.at >= policy.CLOSING_BEFORE.value
    return is_clear(moment.at, half_time_at, ends_at)


def morning_of(at: datetime, zone: str, back_at: datetime | None = None) -> datetime:
    """The start of this day for somebody, or of their next working day; never before the end of an absence."""
    midnight = instant(at.astimezone(zone_named(zone)).date(), time(0), zone)
    return own_hours(max(midnight, back_at or midnight), zone)


def morning_again(due_at: datetime, was: str, zone: str) -> datetime:
    """The morning of the same day on another clock, or of the next working day there."""
    return own_hours(instant(due_at.astimezone(zone_named(was)).date(), time(0), zone), zone)


@dataclass(frozen=True, slots=True)
class CheckinCard:
    """One check-in as its own person's messages need it; what they said is not in it, and so in no message."""

    checkin: Checkin
    pair: PairCard
    reader: Member

    @property
    def partner(self) -> Member:
        """Whom it is about."""
        return self.pair.partner_of(self.reader)

    @property
    def question(self) -> Question | None:
        """What the next tap answers; None where no tap is left, or there are none."""
        taps = TAPS[self.checkin.kind]
        return taps[self.checkin.step] if self.checkin.step < len(taps) else None

    @property
    def is_over(self) -> bool:
        """Whether the pair's end, or a partner who is gone, has overtaken it; a follow-up comes after the end."""
        if self.checkin.kind == CheckinKind.FOLLOW_UP:
            return False
        return not self.pair.is_live or self.partner.is_gone

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.checkin.state == CheckinState.ASKED and not self.is_over


class Fate(StrEnum):
    """What becomes of a check-in whose day has come."""

    ASK = "ask"
    PUT_OFF = "put_off"
    LET_GO = "let_go"


def fate(card: CheckinCard, now: datetime, back_at: datetime | None) -> Fate:
    """Decide on the day; `back_at` is the end of an absence of the pair or of the person, if there is one."""
    is_anyone_gone = card.reader.is_gone or card.partner.is_gone
    return fate_of(card.checkin.kind, card.pair.relationship.state, now, back_at, is_anyone_gone=is_anyone_gone)


def fate_of(kind: str, pair_state: str, now: datetime, back_at: datetime | None, *, is_anyone_gone: bool) -> Fate:
    """The same from the few facts it hangs on: a sweep decides on hundreds at once."""
    expected = RelationshipState.ENDED if kind == CheckinKind.FOLLOW_UP else RelationshipState.ACTIVE
    if pair_state != expected or is_anyone_gone:
        return Fate.LET_GO
    return Fate.PUT_OFF if back_at is not None and back_at > now else Fate.ASK


@dataclass(frozen=True, slots=True)
class Said:
    """One answered check-in with all its person said, for that person's own modal and nobody else's."""

    card: CheckinCard
    answers: Mapping[Question, Answer]
    reflection: str


@dataclass(frozen=True, slots=True)
class AllSaid:
    """Everything one side of a pair has answered, newest first, for their own modal."""

    pair: PairCard
    reader: Member
    answered: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Tapped:
    """How a check-in stands after a tap; `wants_help` only for the very tap that asked for it."""

    card: CheckinCard
    wants_help: bool = False


@dataclass(frozen=True, slots=True)
class PairCheckins:
    """What a pair's own modal says of one side's check-ins."""

    pair: PairCard
    reader: Member
    waiting: CheckinCard | None
    has_said: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """How many check-ins of a kind were asked and answered; there is none for fewer than five people."""

    kind: CheckinKind
    asked: int
    answered: int
