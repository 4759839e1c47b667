"""Agreements, sampled in every state."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.rules.agreements import (
    Confidentiality,
    Happened,
    Method,
    Proposal,
    Standing,
    Terms,
    Version,
    VersionPage,
    defaults,
)
from bot.rules.pairs import PairCard
from bot.rules.rhythms import Rhythm
from bot.slack.blocks import Message
from bot.slack.text import md
from bot.views import agreements as views
from bot.views import proposals
from bot.views.gallery.samples import GOAL, HERE, HOSTILE, NOOR, NOW, TOMAS, TOPIC, Sample, sample
from storage.models.agreements import AgreementState
from storage.models.members import Member
from storage.models.relationships import Relationship, RelationshipState

WILD = "<!channel> *<@U1>* <https://evil.example|bank> `"
TERMS = defaults(GOAL, date(2027, 5, 23))
OTHER = Terms(Rhythm.MONTHLY, 60, Method.IN_PERSON, 1, date(2027, 8, 31), WILD * 6, WILD * 12)
PROMISE = Confidentiality("2026-11", ("What we say stays between us.", "*The limits of advice.* A mentor advises."))
PROPOSED, SIGNED = AgreementState.PROPOSED, AgreementState.SIGNED


def pair(state: RelationshipState = RelationshipState.ACTIVE, mentor: Member = TOMAS) -> PairCard:
    """Noor and her mentor."""
    facts: dict[str, Any] = {
        "workspace_id": HERE,
        "mentee_id": NOOR.id,
        "mentor_id": mentor.id,
        "ask_id": "a1",
        "topic": TOPIC,
    }
    return PairCard(Relationship(id="r1", started_at=NOW, state=state, **facts), NOOR, mentor)


def _version(state: AgreementState, by: Member = NOOR, number: int = 1, terms: Terms = TERMS) -> Version:
    is_both = state in {SIGNED, AgreementState.PAST}
    mentee_at = NOW if is_both or by is NOOR else None
    mentor_at = NOW + timedelta(days=1) if is_both or by is not NOOR else None
    return Version(f"v{number}", number, state, by, NOW, mentee_at, mentor_at, terms)


def _standing(*versions: Version, reader: Member = NOOR, happened: Happened = Happened.NOTHING) -> Standing:
    terms = versions[0].terms if versions else TERMS
    return Standing(pair(), reader, versions, terms, PROMISE, happened)


def _page(version: Version, reader: Member = TOMAS, card: PairCard | None = None) -> VersionPage:
    return VersionPage(card or pair(), reader, version)


def samples() -> tuple[Sample, ...]:
    """Messages, the agreement itself, its versions and the two steps of a proposal."""
    return (*_messages(), *_in_messages(), *_runs(), *_modals(), *_came_to())


def _messages() -> tuple[Sample, ...]:
    first, ended = _version(PROPOSED), pair(RelationshipState.ENDED)
    return (
        sample("agreements.proposed", views.proposed(_page(first))),
        sample("agreements.proposed a change", views.proposed(_page(_version(PROPOSED, number=2, terms=OTHER)))),
        sample("agreements.proposed by oneself", views.proposed(_page(first, NOOR))),
        sample("agreements.proposed signed", views.proposed(_page(_version(SIGNED)))),
        sample("agreements.proposed replaced", views.proposed(_page(_version(AgreementState.REPLACED)))),
        sample("agreements.proposed too late", views.proposed(_page(first, card=ended))),
        sample("agreements.signed", views.signed(_page(_version(SIGNED), NOOR))),
        sample("agreements.signed monthly", views.signed(_page(_version(SIGNED, terms=OTHER), NOOR))),
        sample("agreements.unsigned", views.unsigned(_page(first))),
        sample("agreements.unsigned by oneself", views.unsigned(_page(first, NOOR))),
        sample("agreements.unsigned settled", views.unsigned(_page(_version(SIGNED)))),
        sample("agreements.unsigned lines", _lines(first)),
    )


def _lines(version: Version) -> Message:
    said = views.unsigned_line(_page(version)), views.unsigned_line(_page(version, NOOR))
    return Message(md("{a} {b}", a=said[0], b=said[1]), ())


def _runs() -> tuple[Sample, ...]:
    change = _version(PROPOSED, TOMAS, 2, OTHER), _version(SIGNED)
    states = {
        "nothing": _standing(),
        "mine": _standing(_version(PROPOSED)),
        "theirs": _standing(_version(PROPOSED), reader=TOMAS),
        "signed": _standing(_version(SIGNED)),
        "a change": _standing(*change),
        "ended": replace(_standing(_version(SIGNED)), card=pair(RelationshipState.ENDED)),
    }
    runs = {f"agreements in pair, {name}": views.in_pair(facts) for name, facts in states.items()}
    runs |= {f"agreements offer, {name}": views.offer(facts) for name, facts in states.items()}
    return tuple(sample(name, Message(md("Agreement"), blocks)) for name, blocks in runs.items())


def _modals() -> tuple[Sample, ...]:
    old = _version(AgreementState.PAST), _version(AgreementState.REPLACED, TOMAS, 2, OTHER)
    many = _standing(_version(PROPOSED, TOMAS, 4, OTHER), _version(SIGNED, number=3), *reversed(old))
    wild = Standing(pair(mentor=HOSTILE), NOOR, (_version(PROPOSED, HOSTILE, 1, OTHER),), OTHER, PROMISE)
    ended = replace(_standing(_version(SIGNED)), card=pair(RelationshipState.ENDED))
    return (
        sample("agreements.standing", views.standing(_standing())),
        sample("agreements.standing theirs", views.standing(many)),
        sample("agreements.standing hostile", views.standing(wild)),
        sample("agreements.standing signed", views.standing(_standing(_version(SIGNED)))),
        sample("agreements.standing ended", views.standing(ended)),
        sample("agreements.standing ended unsigned", views.standing(replace(_standing(), card=ended.card))),
        sample("agreements.versions", views.history(many)),
        sample("agreements.one_version", views.version(_page(old[1], NOOR))),
        sample("agreements.choose", proposals.choose(Proposal(pair(), NOOR, TERMS, 0))),
        sample("agreements.propose", proposals.words(Proposal(pair(), NOOR, TERMS, 0))),
        sample("agreements.propose hostile", proposals.words(Proposal(pair(mentor=HOSTILE), NOOR, OTHER, 3))),
    )


def _in_messages() -> tuple[Sample, ...]:
    theirs, both = _version(PROPOSED, TOMAS, 2), _version(SIGNED)
    return (
        sample("agreements.came_to proposed", views.came_to(_standing(_version(PROPOSED), happened=Happened.PROPOSED))),
        sample("agreements.came_to signed", views.came_to(_standing(both, happened=Happened.SIGNED))),
        sample("agreements.came_to newer", views.came_to(_standing(theirs, happened=Happened.NEWER))),
    )


def _came_to() -> tuple[Sample, ...]:
    theirs = (_version(PROPOSED, TOMAS, 2, OTHER), _version(SIGNED))
    return (
        sample(
            "agreements.standing proposed",
            views.standing(_standing(_version(PROPOSED), happened=Happened.PROPOSED)),
        ),
        sample("agreements.standing just signed", views.standing(_standing(*theirs[1:], happened=Happened.SIGNED))),
        sample("agreements.standing same", views.standing(_standing(*theirs, happened=Happened.SAME))),
        sample("agreements.standing newer", views.standing(_standing(*theirs, happened=Happened.NEWER))),
        sample(
            "agreements.standing newer of one's own",
            views.standing(_standing(_version(PROPOSED, number=2), happened=Happened.NEWER)),
        ),
        sample("agreements.standing outrun", views.standing(_standing(*theirs, happened=Happened.OUTRUN))),
    )
