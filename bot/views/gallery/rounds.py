"""Peers, sampled."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.rules.rounds import GroupCard, PeerPage
from bot.slack.blocks import Home
from bot.views import rounds as views
from bot.views.gallery.samples import GRACE, HERE, HOSTILE, NOOR, NOW, TOMAS, Sample, sample
from storage.models.members import Member
from storage.models.rounds import Group, Peer, Round, RoundState

NEXT = NOW + timedelta(days=14)
TRIO = (NOOR, TOMAS, HOSTILE)


def samples() -> tuple[Sample, ...]:
    """How one stands, the group's message, and what follows it."""
    return (*_standings(), *_group(), *_after())


def card(*people: Member, state: RoundState = RoundState.RUNNING, **more: Any) -> GroupCard:
    """A group of a round."""
    held = Round(id="r1", workspace_id=HERE, number=3, starts_at=NOW, ends_at=NEXT, state=state)
    group = Group(id="g1", workspace_id=HERE, round_id=held.id, question=0, made_at=NOW, **more)
    return GroupCard(group, held, people or (NOOR, TOMAS))


def page(*, group: GroupCard | None = None, is_in: bool = True, has_next: bool = True, **more: Any) -> PeerPage:
    """How Noor stands."""
    peer = Peer(workspace_id=HERE, member_id=NOOR.id, joined_at=NOW, **more)
    return PeerPage(NOOR, peer if is_in else None, NEXT if has_next else None, group)


def _standings() -> tuple[Sample, ...]:
    return (
        sample("rounds.peers", views.peers(page(is_in=False, has_next=False))),
        sample("rounds.peers in", views.peers(page())),
        sample("rounds.peers in, nothing planned", views.peers(page(has_next=False))),
        sample("rounds.peers in a group", views.peers(page(group=card(*TRIO)))),
        sample("rounds.peers met", views.peers(page(group=card(met_at=NOW)))),
        sample("rounds.peers paused", views.peers(page(paused_at=NOW, misses=4))),
        sample("rounds.peers waiting", views.peers(replace(page(), is_waiting=True))),
        sample("rounds.peers left", views.peers(page(left_at=NOW))),
        sample("rounds.in_home", Home(views.in_home(page(group=card(*TRIO))))),
        sample("rounds.in_home met", Home(views.in_home(page(group=card(met_at=NOW))))),
    )


def _group() -> tuple[Sample, ...]:
    return (
        sample("rounds.paired", views.paired(card())),
        sample("rounds.paired three", views.paired(card(*TRIO))),
        sample("rounds.paired met", views.paired(card(NOOR, GRACE, met_at=NOW))),
        sample("rounds.paired made up anew", views.paired(card(NOOR, dissolved_at=NOW))),
        sample("rounds.paired over", views.paired(card(state=RoundState.OVER))),
    )


def _after() -> tuple[Sample, ...]:
    return (
        sample("rounds.passed_over", views.passed_over(page())),
        sample("rounds.passed_over met", views.passed_over(page(group=card(met_at=NOW)))),
        sample("rounds.passed_over, nothing planned", views.passed_over(page(has_next=False))),
        sample("rounds.alone", views.alone(page())),
        sample("rounds.alone, nothing planned", views.alone(page(has_next=False))),
        sample("rounds.ask_met", views.ask_met(card(NOOR, TOMAS, HOSTILE), NOOR)),
        sample("rounds.ask_met met", views.ask_met(card(met_at=NOW), NOOR)),
        sample("rounds.ask_met over", views.ask_met(card(state=RoundState.OVER), NOOR)),
        sample("rounds.paused", views.paused()),
    )
