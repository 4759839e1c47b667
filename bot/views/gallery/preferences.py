"""Settings, sampled, with somebody away."""

from dataclasses import replace
from datetime import timedelta

from bot.rules.pairs import PairCard
from bot.rules.preferences import PairAway, Settings
from bot.views import away
from bot.views import preferences as views
from bot.views.gallery.samples import HERE, HOSTILE, NOOR, NOW, TOMAS, TOPIC, Sample, sample
from storage.models.members import Member
from storage.models.preferences import Attention
from storage.models.relationships import Relationship

BACK = NOW + timedelta(days=12, hours=14)
HERE_NOW = Settings(NOOR, Attention.EVERYTHING, 0, 9, None, NOW + timedelta(days=7))
AWAY = replace(HERE_NOW, away_until=BACK)


def samples() -> tuple[Sample, ...]:
    """One's own settings, and a pair on hold as each side sees it."""
    return (*_own(), *_pair())


def _own() -> tuple[Sample, ...]:
    little = replace(HERE_NOW, attention=Attention.ONLY_ASKED)
    odd = replace(HERE_NOW, day=6, hour=23)
    refused = {"attention": "only_asked", "day": "3", "hour": "14", "away": "2026-01-01"}
    return (
        sample("preferences.save", views.settings(HERE_NOW, {})),
        sample("preferences.save away", views.settings(AWAY, {})),
        sample("preferences.save refused before", views.settings(HERE_NOW, refused)),
        sample("preferences.save with a day we no longer offer", views.settings(odd, {"away": "soon"})),
        sample("preferences.saved", views.saved(HERE_NOW)),
        sample("preferences.saved away", views.saved(AWAY)),
        sample("preferences.saved only what was asked for", views.saved(little)),
        sample("preferences.saved by somebody new", views.saved(replace(HERE_NOW, next_digest_at=None))),
        sample("preferences.back", views.back(HERE_NOW)),
    )


def _held(by: Member | None, mentor: Member = TOMAS) -> PairAway:
    pair = Relationship(
        id="r1", workspace_id=HERE, mentee_id=NOOR.id, mentor_id=mentor.id, ask_id="a1", topic=TOPIC, started_at=NOW
    )
    return PairAway(PairCard(pair, NOOR, mentor), NOOR, BACK if by else None, by)


def _pair() -> tuple[Sample, ...]:
    return (
        sample("preferences.pause", views.pause(_held(None), {})),
        sample("preferences.pause held already", views.pause(_held(NOOR), {})),
        sample("preferences.pause held by the partner", views.pause(_held(HOSTILE, HOSTILE), {"away": "2026-12-24"})),
        sample("preferences.resumed", views.resumed(_held(None))),
        sample("preferences.resumed while away", views.resumed(_held(NOOR))),
        sample("preferences.resumed while the partner is away", views.resumed(_held(HOSTILE, HOSTILE))),
        sample("relationships.away", away.told(_held(TOMAS))),
        sample("relationships.away hostile", away.told(_held(HOSTILE, HOSTILE))),
    )
