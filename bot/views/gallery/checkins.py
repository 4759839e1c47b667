"""Check-ins, sampled in every state."""

from typing import Any

from bot.rules.checkins import TAPS, AllSaid, Answer, CheckinCard, PairCheckins, Question, Said
from bot.rules.pairs import PairCard
from bot.slack.blocks import Home, Modal
from bot.views import checkins as views
from bot.views.gallery.samples import HERE, HOSTILE, NOOR, NOW, TOMAS, TOPIC, Sample, sample
from storage.models.checkins import Checkin, CheckinKind, CheckinState
from storage.models.members import Member
from storage.models.relationships import Relationship, RelationshipState

PULSE, HALF_TIME, FOLLOW_UP = CheckinKind.PULSE, CheckinKind.HALF_TIME, CheckinKind.FOLLOW_UP
HELP = {Question.OFTEN: Answer.HARDLY, Question.CHANGE: Answer.HELP}
CHANGE = {Question.CHANGE: Answer.ALL_GOOD, Question.WAYS: Answer.CHANGE_WAYS}
WORDS = "<!channel> I said *too much* today."


def samples() -> tuple[Sample, ...]:
    """Every view of the feature."""
    return (*_messages(), *_modals(), *_private())


def _messages() -> tuple[Sample, ...]:
    asked = [
        sample(f"checkins.message {kind} {step}", views.message(card(kind, step=step)))
        for kind in CheckinKind
        for step in range(len(TAPS[kind]) or 1)
    ]
    return (
        *asked,
        sample("checkins.message hostile", views.message(card(PULSE, mentor=HOSTILE))),
        sample("checkins.message answered", views.message(card(PULSE, CheckinState.ANSWERED, step=3))),
        sample("checkins.message let go", views.message(card(PULSE, CheckinState.LET_GO))),
        sample("checkins.message over", views.message(card(HALF_TIME, of=RelationshipState.ENDED))),
    )


def _modals() -> tuple[Sample, ...]:
    half = card(HALF_TIME)
    return (
        sample("checkins.question", views.question(card(PULSE))),
        sample("checkins.question hostile", views.question(card(FOLLOW_UP, mentor=HOSTILE))),
        sample("checkins.question answered", views.question(card(PULSE, CheckinState.ANSWERED, step=3))),
        sample("checkins.helped", views.helped(card(PULSE, CheckinState.ANSWERED, step=3))),
        sample("checkins.look_back", views.look_back(half, {})),
        sample("checkins.look_back kept", views.look_back(half, {"often": "more", "confidence": "3", "ways": "odd"})),
        sample("checkins.looked_back", views.looked_back(half, {})),
        sample("checkins.looked_back change", views.looked_back(half, CHANGE)),
        sample("checkins.looked_back both", views.looked_back(half, CHANGE | HELP)),
    )


def _private() -> tuple[Sample, ...]:
    answered = card(PULSE, CheckinState.ANSWERED, step=3)
    long = "w" * views.REFLECTION_MAX
    all_said = tuple(Said(answered, HELP, words) for words in ("", WORDS, long) * 4)
    facts = PairCheckins(answered.pair, NOOR, card(PULSE), has_said=True)
    return (
        sample("checkins.reflect", views.reflect(answered, "")),
        sample("checkins.reflect change", views.reflect(answered, long)),
        sample("checkins.said", views.said(AllSaid(answered.pair, NOOR, all_said))),
        sample("checkins.said nothing", views.said(AllSaid(_pair(HOSTILE), NOOR, ()))),
        sample("checkins in a pair", Modal("You two", "checkins.pair", views.in_pair(facts))),
        sample("checkins on Home", Home(views.on_home([card(HALF_TIME), card(PULSE, mentor=HOSTILE)]))),
    )


def _pair(mentor: Member = TOMAS, state: RelationshipState = RelationshipState.ACTIVE) -> PairCard:
    row = Relationship(
        id="r1",
        workspace_id=HERE,
        mentee_id=NOOR.id,
        mentor_id=mentor.id,
        ask_id="a1",
        topic=TOPIC,
        started_at=NOW,
        state=state,
    )
    return PairCard(row, NOOR, mentor)


def card(
    kind: CheckinKind,
    state: CheckinState = CheckinState.ASKED,
    mentor: Member = TOMAS,
    of: RelationshipState = RelationshipState.ACTIVE,
    **more: Any,
) -> CheckinCard:
    """One of Noor's check-ins."""
    row = Checkin(
        id="c1",
        workspace_id=HERE,
        relationship_id="r1",
        member_id=NOOR.id,
        kind=kind,
        number=1,
        due_at=NOW,
        state=state,
        asked_at=NOW,
        answered_at=NOW if state == CheckinState.ANSWERED else None,
        **more,
    )
    return CheckinCard(row, _pair(mentor, of), NOOR)
