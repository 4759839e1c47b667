"""Settings as people change them: what is refused beside its field, and what holds from then on."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.deeds import Outcome
from bot.rules.days import zone_named
from bot.services import digests, find, searches
from bot.slack.calls import Source
from bot.slack.replies import Replace, ShowModal, UpdateModal, Wrong
from storage.models.members import Member
from storage.models.preferences import Attention, Preferences
from storage.models.requests import AskState
from tests.builders import House, texts_in
from tests.taps import Taps

CHOICE: dict[str, Any] = {"attention": "everything", "day": "3", "hour": "14", "away": None}


def words(outcome: Outcome) -> str:
    assert isinstance(outcome.reply, ShowModal | UpdateModal)
    return " ".join(texts_in(outcome.reply.modal.payload()))


def elements_of(outcome: Outcome) -> dict[str, Any]:
    assert isinstance(outcome.reply, ShowModal)
    return {block["block_id"]: block["element"] for block in outcome.reply.modal.blocks if block["type"] == "input"}


def row_of(house: House, who: Member) -> Preferences:
    return house.rows(Preferences, member_id=who.id)[0]


def test_settings_open_with_the_defaults_for_somebody_new_and_write_nothing(house: House) -> None:
    noor = Taps(house, house.person("Noor H"))
    before = house.count()
    assert "Monday" in words(noor.type("settings"))
    assert "Between 9:00 and 10:00" in words(noor.press("preferences.open"))
    assert house.count() == before


def test_saving_plans_the_digest_for_the_day_and_hour_chosen(house: House) -> None:
    tomas = house.mentor("Tomás F", zone="America/New_York")
    house.sweep()
    said = words(Taps(house, tomas).submit("preferences.save", **CHOICE))
    local = row_of(house, tomas).next_digest_at
    assert local is not None
    local = local.astimezone(zone_named("America/New_York"))
    assert (local.weekday(), local.hour, local.date()) == (3, 14, date(2027, 3, 4))
    assert f"Your next digest: Thu 4 Mar, {local:%H:%M}" in said


def test_somebody_who_takes_no_part_keeps_their_choice_and_gets_no_digest(house: House) -> None:
    noor = house.person("Noor H")
    assert "Once you take part" in words(Taps(house, noor).submit("preferences.save", **CHOICE))
    house.sweep()
    assert (row_of(house, noor).digest_day, row_of(house, noor).next_digest_at) == (3, None)


def test_saved_twice_is_saved_once(house: House) -> None:
    tomas = house.mentor("Tomás F")
    house.sweep()
    Taps(house, tomas).submit("preferences.save", **CHOICE)
    once = house.count(), row_of(house, tomas)
    Taps(house, tomas).submit("preferences.save", **CHOICE)
    assert row_of(house, tomas) == once[1]
    assert house.count() == once[0] | {"inbox": once[0]["inbox"] + 1}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("away", "2027-03-01", "tomorrow or later"),
        ("away", "2026-12-24", "tomorrow or later"),
        ("away", "2028-03-01", "more than a year off"),
        ("away", "9999-12-31", "more than a year off"),
        ("away", "0000-00-00", "pick it from the calendar"),
        ("away", "<!channel>", "pick it from the calendar"),
        ("attention", "nothing", "one of the two"),
        ("attention", None, "one of the two"),
        ("day", "6", "Monday to Friday"),
        ("day", "-1", "Monday to Friday"),
        ("day", None, "Monday to Friday"),
        ("hour", "8", "between 9:00 and 16:00"),
        ("hour", "17", "between 9:00 and 16:00"),
        ("hour", "nine", "between 9:00 and 16:00"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(house: House, field: str, value: Any, said: str) -> None:
    noor = Taps(house, house.person("Noor H"))
    outcome = noor.submit("preferences.save", **(CHOICE | {field: value}))
    assert isinstance(outcome.reply, Wrong)
    assert list(outcome.reply.errors) == [field]
    assert said in outcome.reply.errors[field]
    assert house.rows(Preferences) == []


def test_a_refused_form_opens_again_with_what_was_chosen(house: House) -> None:
    noor = Taps(house, house.person("Noor H"))
    noor.submit("preferences.save", **(CHOICE | {"away": "2026-12-24", "attention": "only_asked"}))
    elements = elements_of(noor.type("settings"))
    assert elements["attention"]["initial_option"]["value"] == "only_asked"
    assert elements["hour"]["initial_option"]["value"] == "14"
    assert elements["away"]["initial_date"] == "2026-12-24"


def test_a_day_no_longer_offered_opens_without_a_choice_rather_than_not_at_all(house: House) -> None:
    noor = house.person("Noor H")
    row = Preferences(workspace_id=house.workspace_id, member_id=noor.id, digest_day=6, digest_hour=22)
    house.do(lambda tx: tx.session.add(row))
    elements = elements_of(Taps(house, noor).type("settings"))
    assert "initial_option" in elements["attention"]
    assert not {"initial_option"} & (set(elements["day"]) | set(elements["hour"]))


def test_away_shows_a_way_back_and_back_is_back_at_once(house: House) -> None:
    tomas = house.mentor("Tomás F")
    taps = Taps(house, tomas)
    assert "I keep everything for you until Thu 12 Aug" in words(
        taps.submit("preferences.save", **(CHOICE | {"away": "2027-08-12"}))
    )
    assert row_of(house, tomas).away_until == datetime.fromisoformat("2027-08-11T23:00:00+00:00")
    opened = words(taps.type("settings"))
    assert "preferences.back" in opened
    assert "2027-08-12" in opened
    for _ in range(2):
        shown = taps.press("preferences.back", source=Source.MODAL).reply
        assert isinstance(shown, Replace)
        assert "Good to have you" in shown.message.text.value
    assert row_of(house, tomas).away_until is None
    assert "preferences.back" not in words(taps.type("settings"))


def test_emptying_the_day_is_being_back(house: House) -> None:
    tomas = house.mentor("Tomás F")
    Taps(house, tomas).submit("preferences.save", **(CHOICE | {"away": "2027-03-12"}))
    Taps(house, tomas).submit("preferences.save", **CHOICE)
    assert row_of(house, tomas).away_until is None


def test_saving_while_away_keeps_the_day_even_on_its_eve(house: House) -> None:
    tomas = house.mentor("Tomás F")
    Taps(house, tomas).submit("preferences.save", **(CHOICE | {"away": "2027-03-02"}))
    was = row_of(house, tomas).away_until
    house.now += timedelta(hours=13)
    Taps(house, tomas).submit("preferences.save", **(CHOICE | {"away": "2027-03-02", "hour": "9"}))
    assert (row_of(house, tomas).away_until, row_of(house, tomas).digest_hour) == (was, 9)


def test_a_day_that_comes_brings_people_back(house: House) -> None:
    tomas = house.mentor("Tomás F", zone="Asia/Tokyo")
    Taps(house, tomas).submit("preferences.save", **(CHOICE | {"away": "2027-03-03"}))
    house.forward(hours=28)
    assert row_of(house, tomas).away_until is not None, "it is 23:00 in Tokyo"
    house.forward(hours=1)
    assert row_of(house, tomas).away_until is None


def test_a_mentor_who_is_away_is_neither_shown_nor_asked(house: House) -> None:
    noor, tomas, grace = house.person("Noor H"), house.mentor("Tomás F"), house.mentor("Grace M")
    Taps(house, grace).submit("preferences.save", **(CHOICE | {"away": "2027-03-12"}))
    shown = house.act(noor, find.search, "data analysis", "Move into a data role")
    assert [name.member.name for name in (*shown.fitting, *shown.others)] == ["Tomás F"]
    assert not house.do(lambda tx: searches.can_be_asked(tx, grace.id, noor))
    Taps(house, grace).press("preferences.back")
    assert house.do(lambda tx: searches.can_be_asked(tx, grace.id, noor))
    assert house.ask(noor, tomas).state == AskState.WAITING


def test_a_name_in_line_that_goes_away_is_passed_over(house: House) -> None:
    noor, tomas, grace = house.person("Noor H"), house.mentor("Tomás F"), house.mentor("Grace M")
    ask = house.ask(noor, tomas, grace)
    Taps(house, grace).submit("preferences.save", **(CHOICE | {"away": "2027-04-12"}))
    house.forward(days=5)
    assert house.ask_of(ask.search_id, grace).state == AskState.PASSED
    assert house.read_by(noor, "requests.unanswered")


def test_only_what_was_asked_for_means_no_digest_and_requests_still_come(house: House) -> None:
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F")
    Taps(house, tomas).submit("preferences.save", **(CHOICE | {"attention": Attention.ONLY_ASKED, "day": "1"}))
    house.do(digests.plan, tomas)
    house.ask(noor, tomas)
    house.forward(days=2)
    assert [letter.kind for letter in house.read_by(tomas)][:1] == ["requests.asked"]
    assert not house.read_by(tomas, "digests")
    house.forward(days=7)
    assert row_of(house, tomas).next_digest_at is None, "nothing is planned that would not be sent"
    Taps(house, tomas).submit("preferences.save", **CHOICE)
    house.forward(days=1)
    assert row_of(house, tomas).next_digest_at is not None
