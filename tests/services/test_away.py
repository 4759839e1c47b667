"""Away: what the partner reads, once, and what begins afresh afterwards."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.errors import AwayInThePastError, NotYoursError, PairIsOverError
from bot.rules.policy import CONTACT_UNSIGNED, QUIET_STEPS
from bot.rules.preferences import Choice
from bot.services import away, preferences, profiles, requests
from bot.slack.replies import CloseAll, Replace, ShowModal, Wrong
from storage.models.members import Member
from storage.models.preferences import Attention
from storage.models.relationships import Relationship, RelationshipState
from storage.queries import members, relationships
from tests.builders import House, texts_in
from tests.taps import Taps

HOSTILE = "<!channel> *Tomás*"


def paired(house: House, name: str = "Tomás Ferreira") -> tuple[Member, Member, str]:
    """Noor and her mentor, a pair, with everything told."""
    noor, tomas = house.person("Noor Haddad"), house.mentor(name)
    house.act(tomas, requests.accept, house.ask(noor, tomas).id)
    house.forward(minutes=20)
    return noor, tomas, house.rows(Relationship, mentee_id=noor.id)[0].id


def go_away(house: House, who: Member, day: date | None) -> None:
    house.act(who, preferences.save, Choice(Attention.EVERYTHING, 0, 9, day))


def pair_of(house: House, pair_id: str) -> Relationship:
    return house.rows(Relationship, id=pair_id)[0]


def test_the_partner_reads_the_day_once_and_nothing_else(either_house: House) -> None:
    house = either_house
    noor, tomas, pair_id = paired(house)
    go_away(house, tomas, date(2027, 3, 12))
    go_away(house, tomas, date(2027, 3, 12))
    house.forward(minutes=9)
    assert not house.read_by(noor, "relationships.away"), "a slip can be put right for ten minutes"
    house.forward(days=2)
    told = house.read_by(noor, "relationships.away")
    assert [letter.text for letter in told] == [
        "Tomás is away until Fri 12 Mar, so I'm quiet about the two of you until then."
    ]
    assert not house.read_by(tomas, "relationships.away")
    assert pair_of(house, pair_id).away_by == tomas.id


def test_a_day_put_right_within_ten_minutes_is_read_right_and_once(house: House) -> None:
    noor, tomas, _ = paired(house)
    go_away(house, tomas, date(2027, 3, 30))
    house.forward(minutes=5)
    go_away(house, tomas, date(2027, 3, 12))
    house.forward(days=1)
    assert ["Fri 12 Mar" in letter.text for letter in house.read_by(noor, "relationships.away")] == [True]


def test_who_is_back_within_ten_minutes_was_never_away(house: House) -> None:
    noor, tomas, pair_id = paired(house)
    go_away(house, tomas, date(2027, 3, 12))
    house.act(tomas, preferences.back)
    house.forward(days=1)
    assert not house.read_by(noor, "relationships.away")
    assert (pair_of(house, pair_id).away_until, pair_of(house, pair_id).away_by) == (None, None)


def test_the_partner_reads_it_in_their_own_hours_and_a_hostile_name_stays_harmless(house: House) -> None:
    noor, tomas, _ = paired(house, HOSTILE)
    house.now = house.now.replace(hour=19)
    go_away(house, tomas, date(2027, 3, 12))
    house.forward(days=1)
    told = house.read_by(noor, "relationships.away")
    assert [letter.at.hour for letter in told] == [9]
    assert not [text for text in texts_in(told[0].payload) if "<!channel>" in text]


def test_contact_is_due_no_sooner_than_the_return_and_nobody_comes_back_to_something_overdue(house: House) -> None:
    _, tomas, pair_id = paired(house)
    go_away(house, tomas, date(2027, 4, 1))
    until = pair_of(house, pair_id).away_until
    assert until is not None
    assert pair_of(house, pair_id).contact_due_at == until
    house.forward(days=31)
    now = pair_of(house, pair_id)
    assert (now.away_until, now.away_by, now.quiet_step) == (None, None, 0)
    assert now.contact_due_at == until
    assert now.quiet_at == until + QUIET_STEPS.value[0]


def test_an_early_return_from_a_long_leave_begins_afresh_today(house: House) -> None:
    _, tomas, pair_id = paired(house)
    go_away(house, tomas, date(2027, 6, 1))
    house.forward(days=40)
    house.act(tomas, preferences.back)
    assert pair_of(house, pair_id).contact_due_at == house.now


def test_an_early_return_from_a_short_leave_keeps_the_rhythm(house: House) -> None:
    _, tomas, pair_id = paired(house)
    began = pair_of(house, pair_id).started_at
    go_away(house, tomas, date(2027, 3, 30))
    house.forward(days=2)
    house.act(tomas, preferences.back)
    assert pair_of(house, pair_id).contact_due_at == began + CONTACT_UNSIGNED.value


def test_while_both_are_away_the_later_day_holds_whoever_is_back_first(house: House) -> None:
    noor, tomas, pair_id = paired(house)
    go_away(house, tomas, date(2027, 3, 12))
    go_away(house, noor, date(2027, 3, 20))
    assert pair_of(house, pair_id).away_by == noor.id
    house.forward(days=12)
    assert pair_of(house, pair_id).away_by == noor.id
    house.forward(days=8)
    assert pair_of(house, pair_id).away_by is None


def test_the_other_ones_leave_is_remembered_when_the_longer_one_ends_early(house: House) -> None:
    noor, tomas, pair_id = paired(house)
    go_away(house, tomas, date(2027, 3, 12))
    go_away(house, noor, date(2027, 3, 20))
    house.act(noor, preferences.back)
    assert pair_of(house, pair_id).away_by == tomas.id
    house.forward(days=12)
    assert pair_of(house, pair_id).away_until is None


def test_one_pair_is_paused_and_resumed_from_its_form(house: House) -> None:
    noor, tomas, pair_id = paired(house)
    other, _, other_id = paired(house, "Grace Mwangi")
    taps = Taps(house, noor)
    assert isinstance(taps.press("preferences.pause_pair", pair_id).reply, ShowModal)
    assert isinstance(taps.submit("preferences.pause", pair_id, away="2027-03-12").reply, CloseAll)
    house.forward(minutes=15)
    assert len(house.read_by(tomas, "relationships.away")) == 1
    assert pair_of(house, other_id).away_until is None
    shown = taps.press("preferences.pause_pair", pair_id).reply
    assert isinstance(shown, ShowModal)
    assert "preferences.resume_pair" in set(texts_in(shown.modal.payload()))
    for _ in range(2):
        gone_on = taps.press("preferences.resume_pair", pair_id).reply
        assert isinstance(gone_on, Replace)
        assert "are on again" in gone_on.message.text.value
    assert pair_of(house, pair_id).away_until is None
    assert isinstance(Taps(house, other).press("preferences.pause_pair", other_id).reply, ShowModal)


def test_a_pause_ends_by_itself(house: House) -> None:
    noor, _, pair_id = paired(house)
    house.act(noor, away.pause_pair, pair_id, date(2027, 3, 12))
    house.forward(days=11)
    assert (pair_of(house, pair_id).away_until, pair_of(house, pair_id).away_by) == (None, None)


def test_only_who_paused_can_go_on_and_the_partner_is_told_why_not(house: House) -> None:
    noor, tomas, pair_id = paired(house)
    house.act(noor, away.pause_pair, pair_id, date(2027, 3, 12))
    shown = Taps(house, tomas).press("preferences.resume_pair", pair_id).reply
    assert isinstance(shown, Replace)
    assert "Noor is away until Fri 12 Mar" in shown.message.text.value
    assert pair_of(house, pair_id).away_by == noor.id


def test_a_pause_longer_than_ones_own_leave_outlives_it(house: House) -> None:
    noor, _, pair_id = paired(house)
    house.act(noor, away.pause_pair, pair_id, date(2027, 4, 1))
    go_away(house, noor, date(2027, 3, 12))
    house.act(noor, preferences.back)
    assert pair_of(house, pair_id).away_by == noor.id
    house.forward(days=20)
    assert pair_of(house, pair_id).away_by == noor.id


def test_going_on_with_a_pair_while_away_oneself_waits_for_the_return(house: House) -> None:
    noor, _, pair_id = paired(house)
    go_away(house, noor, date(2027, 3, 12))
    shown = Taps(house, noor).press("preferences.resume_pair", pair_id).reply
    assert isinstance(shown, Replace)
    assert "You're away until" in shown.message.text.value
    assert pair_of(house, pair_id).away_by == noor.id


@pytest.mark.parametrize("day", ["2027-03-01", "2026-01-01", "", "soon"])
def test_a_pause_until_a_day_that_makes_no_sense_is_refused_beside_its_field(house: House, day: str) -> None:
    noor, _, pair_id = paired(house)
    outcome = Taps(house, noor).submit("preferences.pause", pair_id, away=day).reply
    assert isinstance(outcome, Wrong)
    assert list(outcome.errors) == ["away"]
    assert pair_of(house, pair_id).away_until is None


def test_nobody_pauses_a_pair_that_is_not_theirs_or_is_over(house: House) -> None:
    noor, _, pair_id = paired(house)
    ingrid = house.person("Ingrid B", is_primary_owner=True)
    for stranger, deed in ((ingrid, away.own_pair), (ingrid, away.resume_pair)):
        with pytest.raises(NotYoursError):
            house.act(stranger, deed, pair_id)
    with pytest.raises(AwayInThePastError):
        house.act(noor, away.pause_pair, pair_id, date(2020, 1, 1))
    house.act(noor, profiles.leave)
    house.forward(minutes=10)
    with pytest.raises(PairIsOverError):
        house.act(noor, away.pause_pair, pair_id, date(2027, 3, 12))
    assert pair_of(house, pair_id).away_until is None


def test_a_pair_that_ends_while_paused_wakes_nothing(house: House) -> None:
    noor, tomas, pair_id = paired(house)
    house.act(tomas, away.pause_pair, pair_id, date(2027, 3, 12))
    house.act(noor, profiles.leave)
    house.forward(days=30)
    assert not house.read_by(noor, "relationships.away")
    assert pair_of(house, pair_id).state == RelationshipState.ENDED


def test_nobody_is_told_of_a_pair_that_sleeps(house: House) -> None:
    noor, tomas, pair_id = paired(house)
    house.do(relationships.write, pair_id, {"state": RelationshipState.ASLEEP})
    go_away(house, tomas, date(2027, 3, 12))
    house.forward(days=1)
    assert not house.read_by(noor, "relationships.away")
    house.forward(days=11)
    assert pair_of(house, pair_id).away_until is None


def test_a_partner_who_is_away_too_hears_it_when_they_are_back_if_it_is_still_so(house: House) -> None:
    noor, tomas, _ = paired(house)
    go_away(house, noor, date(2027, 3, 5))
    go_away(house, tomas, date(2027, 3, 20))
    house.forward(days=3)
    assert not house.read_by(noor, "relationships.away")
    house.forward(days=2)
    told = house.read_by(noor, "relationships.away")
    assert len(told) == 1
    assert told[0].at - house.now < timedelta(0)


def test_a_pause_shorter_than_ones_own_leave_lasts_as_long_as_the_leave(house: House) -> None:
    noor, tomas, pair_id = paired(house)
    go_away(house, noor, date(2027, 3, 20))
    house.act(noor, away.pause_pair, pair_id, date(2027, 3, 10))
    house.forward(days=1)
    assert pair_of(house, pair_id).away_until == datetime(2027, 3, 20, tzinfo=UTC)
    assert len(house.read_by(tomas, "relationships.away")) == 1


def test_shortening_ones_own_leave_keeps_the_partners(house: House) -> None:
    noor, tomas, pair_id = paired(house)
    go_away(house, noor, date(2027, 3, 20))
    go_away(house, tomas, date(2027, 3, 15))
    go_away(house, noor, date(2027, 3, 10))
    assert pair_of(house, pair_id).away_by == tomas.id
    assert pair_of(house, pair_id).away_until == datetime(2027, 3, 15, tzinfo=UTC)


def test_a_pair_that_begins_while_one_is_away_begins_on_hold(house: House) -> None:
    noor, tomas = house.person("Noor Haddad"), house.mentor("Tomás Ferreira")
    ask = house.ask(noor, tomas)
    go_away(house, tomas, date(2027, 3, 20))
    house.act(tomas, requests.accept, ask.id)
    pair_id = house.rows(Relationship)[0].id
    for _ in range(2):
        house.do(away.begin, pair_id)
    house.forward(days=1)
    assert pair_of(house, pair_id).away_by == tomas.id
    assert len(house.read_by(noor, "relationships.away")) == 1


def test_both_homes_are_fresh_when_somebody_goes_and_when_they_are_back(house: House) -> None:
    noor, tomas, _ = paired(house)
    for who in (noor, tomas):
        house.do(members.note_home, who.id)
    for day in (date(2027, 3, 12), None):
        before = len(house.letters)
        go_away(house, tomas, day)
        house.deliver()
        assert {letter.slack_id for letter in house.letters[before:] if letter.kind == "home"} == {
            noor.slack_id,
            tomas.slack_id,
        }


def pause(house: House, who: Member, pair_id: str, day: date) -> None:
    house.act(who, away.pause_pair, pair_id, day)


def test_a_partners_pause_overtaken_by_ones_own_longer_one_holds_when_one_goes_on_early(either_house: House) -> None:
    house = either_house
    noor, tomas, pair_id = paired(house)
    pause(house, tomas, pair_id, date(2027, 3, 10))
    pause(house, noor, pair_id, date(2027, 3, 20))
    assert pair_of(house, pair_id).away_by == noor.id
    house.act(noor, away.resume_pair, pair_id)
    row = pair_of(house, pair_id)
    assert (row.away_by, row.away_until) == (tomas.id, datetime(2027, 3, 10, tzinfo=UTC))
    house.act(tomas, away.resume_pair, pair_id)
    assert pair_of(house, pair_id).away_until is None


def test_a_pause_of_ones_own_outlasts_a_leave_that_ends_early(house: House) -> None:
    noor, _, pair_id = paired(house)
    go_away(house, noor, date(2027, 3, 20))
    pause(house, noor, pair_id, date(2027, 3, 10))
    assert pair_of(house, pair_id).away_until == datetime(2027, 3, 20, tzinfo=UTC)
    house.act(noor, preferences.back)
    assert pair_of(house, pair_id).away_until == datetime(2027, 3, 10, tzinfo=UTC)


def test_the_later_of_two_holds_is_read_about_when_the_first_is_over_and_only_once(house: House) -> None:
    noor, tomas, pair_id = paired(house)
    pause(house, tomas, pair_id, date(2027, 3, 10))
    pause(house, noor, pair_id, date(2027, 3, 20))
    house.forward(days=24)
    assert [len(house.read_by(who, "relationships.away")) for who in (noor, tomas)] == [0, 1]
    assert pair_of(house, pair_id).away_until is None
    holds = (pair_of(house, pair_id).mentee_hold_until, pair_of(house, pair_id).mentor_hold_until)
    assert all(until is None or until <= house.now for until in holds)


def test_a_pair_that_ends_holds_nothing(house: House) -> None:
    noor, tomas, pair_id = paired(house)
    pause(house, tomas, pair_id, date(2027, 3, 10))
    pause(house, noor, pair_id, date(2027, 3, 20))
    house.act(tomas, profiles.leave)
    house.forward(minutes=11)
    row = pair_of(house, pair_id)
    assert row.state == RelationshipState.ENDED
    assert (row.away_until, row.mentee_hold_until, row.mentor_hold_until) == (None, None, None)
