"""What a profile holds, and what it refuses."""

import pytest

from bot.errors import PlacesInUseError
from bot.rules.profiles import Answers
from bot.services import find, profiles, requests
from storage.models.profiles import Profile, Side
from storage.queries import profiles as queries
from tests.builders import House


def answers(teaches: str = "SQL", places: int = 2, *, learns: str = "", is_open: bool = True) -> Answers:
    return Answers(teaches, learns, "A goal", "English, Português", places, is_open=is_open)


def test_saving_is_joining(house: House) -> None:
    noor = house.person("Noor H")
    page = house.act(noor, profiles.save, answers("SQL, public speaking; SQL", learns="Python and R"))
    assert page.has_joined
    assert page.teaches == ("SQL", "public speaking")
    assert page.learns == ("Python", "R")
    assert house.rows(Profile)[0].languages == ["English", "Português"]


def test_places_below_the_mentees_one_has_are_refused_with_their_number(house: House) -> None:
    noor, mateo, tomas = house.person("Noor H"), house.person("Mateo C"), house.mentor("Tomás F", places=3)
    for mentee in (noor, mateo):
        house.act(tomas, requests.accept, house.ask(mentee, tomas).id)
    with pytest.raises(PlacesInUseError) as told:
        house.act(tomas, profiles.save, answers(places=1))
    assert told.value.taken == 2
    assert house.rows(Profile, member_id=tomas.id)[0].places == 3
    house.act(tomas, profiles.save, answers(places=2))
    house.act(tomas, profiles.save, answers("", places=1))
    assert house.rows(Profile, member_id=tomas.id)[0].places == 2, "who teaches nothing keeps the places in use"


def test_somebody_resting_is_found_by_nobody_and_keeps_their_places(house: House) -> None:
    noor, tomas = house.person("Noor H"), house.person("Tomás F")
    house.act(tomas, profiles.save, answers("SQL", 3, is_open=False))
    assert not house.act(noor, find.search, "SQL", "A goal").fitting
    assert house.do(queries.free_places_count) == 0
    house.act(tomas, profiles.save, answers("SQL", 3))
    assert house.act(noor, find.search, "SQL", "A goal").fitting


def test_a_search_adds_to_what_one_wants_to_learn_and_takes_nothing_away(house: House) -> None:
    noor = house.person("Noor H")
    house.act(noor, profiles.save, answers("", learns=", ".join(f"skill {n}" for n in range(10))))
    house.begin(noor, "Skill 3, drawing")
    learns = house.act(noor, profiles.page).learns
    assert learns[:2] == ("skill 3", "drawing")
    assert len(learns) == 10
    house.begin(noor, "SKILL 8")
    assert set(learns) - set(house.act(noor, profiles.page).learns) == set()


def test_skills_are_kept_in_the_order_given(house: House) -> None:
    noor = house.person("Noor H")
    for typed in ("b, a, c", "c, b"):
        house.act(noor, profiles.save, answers(typed))
        found = house.do(lambda tx: queries.skills_of(tx, [noor.id], Side.TEACHES))[noor.id]
        assert [skill.name for skill in found] == typed.split(", ")
