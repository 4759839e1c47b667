"""What two people do to their agreement, for tests of it."""

from dataclasses import replace
from typing import Any

from bot.rules.agreements import Standing, Terms
from bot.services import agreements
from bot.slack.blocks import Modal
from bot.slack.replies import ShowModal, UpdateModal
from storage.models.members import Member
from tests.builders import House, texts_in
from tests.services.pairing import Two, paired


def modal(reply: object) -> Modal:
    assert isinstance(reply, ShowModal | UpdateModal), reply
    return reply.modal


def said(reply: object) -> str:
    return " ".join(texts_in(modal(reply).payload()))


def stands(two: Two, who: Member | None = None) -> Standing:
    return two.house.act(who or two.noor, lambda tx, actor: agreements.own(tx, actor, two.pair_id))


def other_terms(two: Two, **changes: Any) -> Terms:
    return replace(stands(two).terms, **changes)


def propose(two: Two, who: Member, based_on: int, **changes: Any) -> Standing:
    terms = other_terms(two, **changes)
    return two.house.act(who, agreements.propose, two.pair_id, terms, based_on)


def sign(two: Two, who: Member, version: int = 0) -> Standing:
    return two.house.act(who, agreements.sign_prefilled, two.pair_id, version)


def signed_by_both(house: House) -> Two:
    two = paired(house)
    sign(two, two.noor)
    sign(two, two.tomas, 1)
    house.forward(minutes=1)
    return two


def states(two: Two) -> list[str]:
    return [version.state for version in reversed(stands(two).versions)]
