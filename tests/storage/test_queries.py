"""The questions that stand by themselves: once is once, drafts and deliveries sealed, times aware."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError

from storage.models.drafts import Draft
from storage.models.inbox import InboxRow
from storage.models.members import Member
from storage.models.requests import AskState
from storage.models.workspaces import Workspace
from storage.queries import drafts, inbox, members, profiles, requests, workspaces
from storage.vault import UnreadableError, Vault, new_key
from tests.builders import HERE, House


def take_up(house: House, tries: int = 5) -> list[str]:
    return house.do(lambda tx: inbox.take_up(tx, [tx.now] * tries))


def set_aside(house: House, tries: int) -> list[str]:
    return house.do(lambda tx: inbox.set_aside(tx, tries, tx.now))


def test_what_fails_again_and_again_is_set_aside_and_its_words_forgotten(either_house: House) -> None:
    either_house.do(inbox.take_in, "event:1", "words")
    assert [take_up(either_house, 3) + set_aside(either_house, 4) for _ in range(5)] == [["words"]] * 3 + [[], []]
    assert [set_aside(either_house, 3) for _ in range(2)] == [["words"], []]
    (row,) = either_house.rows(InboxRow)
    assert (row.attempts, row.payload, row.done_at) == (3, None, either_house.now)
    assert either_house.do(lambda tx: inbox.waiting(tx.session)) == 0


def test_what_came_a_moment_ago_is_left_to_whoever_is_at_it(either_house: House) -> None:
    either_house.do(inbox.take_in, "event:1", "words")
    before = either_house.now - timedelta(seconds=1)
    assert either_house.do(inbox.take_up, [before]) == []
    assert either_house.do(inbox.set_aside, 0, before) == []
    assert either_house.do(inbox.take_up, [either_house.now]) == ["words"]
    assert either_house.do(lambda tx: inbox.waiting(tx.session)) == 1


def test_each_try_waits_for_its_own_moment(either_house: House) -> None:
    either_house.do(inbox.take_in, "event:1", "words")
    waits = [timedelta(minutes=1), timedelta(minutes=5)]

    def tried() -> list[str]:
        return either_house.do(lambda tx: inbox.take_up(tx, [tx.now - wait for wait in waits]))

    found = []
    for _ in range(20):
        found.append(len(tried()))
        either_house.now += timedelta(minutes=1)
    assert [minute for minute, number in enumerate(found) if number] == [1, 6]


def test_a_delivery_is_taken_in_once(either_house: House) -> None:
    house = either_house
    assert house.do(inbox.take_in, "event:1", '{"a": 1}')
    assert not house.do(inbox.take_in, "event:1", '{"a": 2}')
    house.now += timedelta(seconds=1)
    assert house.do(inbox.take_in, "event:2", '{"b": 1}')
    assert take_up(house) == ['{"a": 1}', '{"b": 1}']
    house.do(inbox.finish, "event:1")
    assert not house.do(inbox.is_open, "event:1")
    assert take_up(house) == ['{"b": 1}']
    assert not house.do(inbox.take_in, "event:1", "again")
    assert not [row for row in house.rows(InboxRow) if row.done_at is not None and row.payload is not None]


def test_what_was_pressed_cannot_be_read_from_the_key(house: House) -> None:
    assert house.do(inbox.take_in, "action:U1:1.2:feedback.little:3.4")
    assert "feedback" not in house.rows(InboxRow)[0].key
    other = Vault(new_key())
    assert other.fingerprint("x") != house.vault.fingerprint("x"), "nor be found out by trying, without the key"


def test_the_answer_to_a_form_is_kept_sealed_for_a_redelivery(either_house: House) -> None:
    house = either_house
    row_id = house.do(inbox.take_in, "view:1")
    assert row_id is not None
    house.do(inbox.keep_result, row_id, '{"response_action": "clear"}')
    house.do(inbox.take_in, "view:2")
    assert house.do(inbox.result_of, "view:1") == '{"response_action": "clear"}'
    assert house.do(inbox.result_of, "view:2") is None
    sealed = house.rows(InboxRow)[0].result
    assert sealed is not None
    assert b"clear" not in sealed


def test_old_deliveries_are_forgotten_and_unfinished_ones_are_not(house: House) -> None:
    for key in ("done", "open"):
        house.do(inbox.take_in, key, "words")
    house.do(inbox.finish, "done")
    house.do(inbox.forget_before, house.now)
    assert len(house.rows(InboxRow)) == 2, "what came at that very moment stays"
    house.do(inbox.forget_before, house.now + timedelta(seconds=1))
    assert [row.done_at for row in house.rows(InboxRow)] == [None]


def test_a_draft_is_ones_own_newest_and_sealed(either_house: House) -> None:
    house = either_house
    noor, mateo = house.person("Noor H"), house.person("Mateo C")
    house.do(drafts.keep, noor.id, "find.send", {"note": "first"})
    house.do(drafts.keep, noor.id, "find.send", {"note": "second"})
    house.do(drafts.keep, mateo.id, "find.send", {"note": "other"})
    assert house.do(drafts.kept, noor.id, "find.send") == {"note": "second"}
    assert house.do(drafts.kept, noor.id, "find.search") == {}
    assert all(b"second" not in draft.words for draft in house.rows(Draft))
    house.do(drafts.drop, noor.id, "find.send")
    assert house.do(drafts.kept, noor.id, "find.send") == {}
    assert house.do(drafts.kept, mateo.id, "find.send") == {"note": "other"}


def test_a_draft_copied_to_another_row_does_not_open(house: House) -> None:
    noor, mateo = house.person("Noor H"), house.person("Mateo C")
    for who in (noor, mateo):
        house.do(drafts.keep, who.id, "find.send", {"note": who.name})

    def copy(tx: Any) -> None:
        mine, theirs = (tx.session.query(Draft).filter_by(member_id=who.id).one() for who in (noor, mateo))
        mine.words = theirs.words

    house.do(copy)
    with pytest.raises(UnreadableError):
        house.do(drafts.kept, noor.id, "find.send")


def test_a_person_seen_again_keeps_their_own_id_and_what_only_we_know(either_house: House) -> None:
    house = either_house
    noor = house.person("Noor H")
    house.do(members.keep_chat, noor.id, "D1")
    house.do(members.note_home, noor.id)
    again = house.person("Noor Haddad", slack_id=noor.slack_id, zone="Asia/Tokyo")
    assert (again.id, again.name, again.zone, again.chat, again.home_at) == (
        noor.id,
        "Noor Haddad",
        "Asia/Tokyo",
        "D1",
        house.now,
    )
    assert house.do(lambda tx: members.known_slack_ids(tx.session)) >= {(HERE, noor.slack_id)}


def test_joining_twice_is_joining_once(either_house: House) -> None:
    noor = either_house.person("Noor H")
    first, second = (either_house.do(profiles.join, noor.id) for _ in range(2))
    assert first.id == second.id
    assert either_house.do(profiles.joined_count) == 1


def test_a_place_is_never_given_back_below_none(house: House) -> None:
    tomas = house.mentor("Tomás F", places=1)
    house.do(profiles.free_place, tomas.id)
    assert house.do(profiles.take_place, tomas.id)
    assert not house.do(profiles.take_place, tomas.id)
    assert house.do(profiles.free_places_count) == 0


def test_a_workspace_is_kept_fresh_but_for_when_it_was_first_known(either_house: House) -> None:
    later = Workspace(
        id=HERE,
        name="Renamed",
        bot_user_id="UBOT2",
        known_since=either_house.now + timedelta(days=9),
        organisers=["U1"],
    )
    either_house.do(lambda tx: workspaces.remember(tx.session, later))
    either_house.do(lambda tx: workspaces.note_listing(tx.session, HERE, tx.now))
    found = either_house.do(lambda tx: workspaces.named(tx.session, HERE))
    assert found is not None
    assert (found.name, found.organisers, found.known_since) == ("Renamed", ["U1"], either_house.now)
    assert found.listed_at == either_house.now
    assert either_house.do(lambda tx: workspaces.all_ids(tx.session)) == [HERE]


def test_a_time_comes_back_aware_and_in_utc_whatever_its_zone_was(either_house: House) -> None:
    noor = either_house.person("Noor H")
    tokyo = datetime(2027, 3, 1, 18, 0, tzinfo=timezone(timedelta(hours=9)))
    either_house.do(lambda tx: setattr(tx.session.get(Member, noor.id), "home_at", tokyo))
    found = either_house.rows(Member)[0].home_at
    assert found == tokyo
    assert found is not None
    assert found.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(either_house: House) -> None:
    noor = either_house.person("Noor H")
    naive = datetime(2027, 3, 1, 18, 0)  # noqa: DTZ001  (the point of the test)
    with pytest.raises(StatementError, match="must be aware"):
        either_house.do(lambda tx: setattr(tx.session.get(Member, noor.id), "home_at", naive))


def test_who_is_late_moves_nothing_and_sees_how_things_stand(either_house: House) -> None:
    ask = either_house.ask(either_house.person("Noor H"), either_house.mentor("Tomás F"))

    def late(tx: Any) -> tuple[bool, str]:
        row = requests.ask(tx, ask.id)
        assert row is not None
        tx.session.execute(text("UPDATE asks SET state = 'withdrawn'"))
        return requests.move_ask(tx, row, AskState.ACCEPTED), row.state

    assert either_house.do(late) == (False, AskState.WITHDRAWN)


def test_a_row_cannot_point_into_another_workspace(either_house: House) -> None:
    there = either_house.beside("T0THERE")
    stranger = there.person("Noor There")
    with pytest.raises(IntegrityError):
        either_house.do(profiles.join, stranger.id)
