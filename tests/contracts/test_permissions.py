"""Every command, button and form has a row in the matrix, and each is tried as every kind of person."""

from typing import Any

import pytest

from bot.errors import MentorError, NotForYouError
from bot.rules.permissions import MATRIX, SEEN_BY, Reader, Standing, may, standing_of
from bot.slack.forms import FormError
from bot.slack.router import Route, RouteKind
from handlers import ROUTES
from storage.models.members import Member
from tests.builders import House
from tests.taps import Taps

FACTS: dict[Standing, dict[str, Any]] = {
    Standing.MEMBER: {},
    Standing.GUEST: {"is_guest": True},
    Standing.STRANGER: {"is_stranger": True, "is_guest": True},
    Standing.GONE: {"is_gone": True},
    Standing.BOT: {"is_bot": True},
}


def deed(route: Route) -> str:
    return f"{route.kind}:{route.id}"


def unlisted(deeds: set[str], listed: set[str]) -> list[str]:
    """Deeds without a row, and rows without a deed."""
    return sorted(deeds ^ listed)


def tried(house: House, route: Route, who: Member) -> type[Exception] | None:
    """What comes of trying a route with nothing in one's hands."""
    taps = Taps(house, who)
    event = {"tab": "home", "user": {"id": who.slack_id}}
    try:
        taps.run(taps.incoming(route.kind, route.id, event=event if route.kind is RouteKind.EVENT else {}))
    except (MentorError, FormError) as problem:
        return type(problem)
    return None


def test_every_deed_has_its_row_and_every_row_its_deed() -> None:
    deeds = {deed(route) for route in ROUTES.by_key.values()}
    assert unlisted(deeds, set(MATRIX)) == []
    assert unlisted(deeds | {"button:trips.go"}, set(MATRIX) | {"form:old.one"}) == ["button:trips.go", "form:old.one"]


def test_what_is_not_listed_is_nobodys() -> None:
    assert not any(may(standing, "button:trips.go") for standing in Standing)


@pytest.mark.parametrize("standing", Standing)
def test_who_may_not_is_refused_before_anything_is_written(house: House, standing: Standing) -> None:
    who = house.person("Some Body", **FACTS[standing])
    assert standing_of(who) is standing
    before = house.count()
    for route in ROUTES.by_key.values():
        outcome = tried(house, route, who)
        if may(standing, deed(route)):
            assert outcome is not NotForYouError, route.id
        else:
            assert outcome is NotForYouError, route.id
            assert house.count() == before, route.id
        before = house.count()


def test_guests_and_strangers_can_change_nothing_of_the_programme() -> None:
    harmless = {"command:help", "button:help.ways", "button:help.worry", "event:message", "event:app_home_opened"}
    known = {"event:team_join", "event:user_change"}
    for standing in set(Standing) - {Standing.MEMBER}:
        allowed = {name for name in MATRIX if may(standing, name)}
        assert allowed <= harmless | known, standing


def test_every_form_with_words_says_who_reads_them() -> None:
    assert not [reader for reader in Reader if "organis" in reader.lower()], "no field of anybody's is for organisers"
    assert all(readers for readers in SEEN_BY.values())


def test_somebody_the_directory_never_showed_is_refused(house: House) -> None:
    ghost = Member(workspace_id=house.workspace_id, slack_id="U0GHOST", name="Ghost", seen_at=house.now)
    before = house.count()
    for route in ROUTES.by_key.values():
        assert tried(house, route, ghost) is not None, route.id
    assert house.count() == before
