"""Updates and Homes say the newest, in their order, and what is from before a restore is not left behind."""

from datetime import timedelta

from bot.outbox.machine import Blind, Found
from bot.outbox.parcels import LATER
from bot.services import home, owing, requests
from bot.views.resent import SENT_AGAIN
from storage.models.outbox import RowState
from tests.builders import House, texts_in
from tests.outbox.by_hand import SETTLE, again, asked, done, now_of, prepare, prepared, restored, rows_of, settle


def test_a_home_that_is_tried_again_shows_the_newest(house: House) -> None:
    noor = house.person("Noor H")
    house.act(noor, home.opened)
    house.act(noor, owing.home)
    row = house.owed("home")[0]
    first = prepared(house, row)
    again(house, first)
    house.begin(noor, "drawing")
    house.now += timedelta(minutes=1)
    assert any("drawing" in text for text in texts_in(prepared(house, row).payload))


def test_an_update_owed_while_a_post_is_tried_again_comes_after_it(house: House) -> None:
    noor, _, ask, _ = asked(house)
    row = house.owed("requests.sent")[0]
    first = prepared(house, row)
    again(house, first, 60)
    house.act(noor, requests.withdraw, ask.search_id)
    house.do(owing.update, "requests.sent", noor, ask.search_id)
    update = next(r for r in house.owed("requests.sent") if r.op == "update" and r.due_at == house.now)
    assert prepare(house, update) is None
    assert now_of(house, update).due_at == house.now + LATER
    house.now += timedelta(minutes=2)
    done(house, prepared(house, row))
    parcel = prepared(house, update)
    assert (parcel.channel, parcel.ts) == ("D1", "1.1")
    assert "withdrawn" in parcel.payload["text"].lower()


def test_an_update_of_what_was_never_begun_is_let_go_since_the_post_will_say_it(house: House) -> None:
    noor, _, ask, _ = asked(house)
    house.act(noor, requests.withdraw, ask.search_id)
    house.do(owing.update, "requests.sent", noor, ask.search_id)
    update = next(r for r in house.owed("requests.sent") if r.op == "update" and r.due_at == house.now)
    assert prepare(house, update) is None
    assert now_of(house, update).reason == "nothing to update"
    house.forward(minutes=1)
    assert "withdrawn" in house.read_by(noor, "requests.sent")[0].text.lower()


def test_an_update_waits_for_another_of_the_same_message_whose_older_words_could_arrive_last(
    either_house: House,
) -> None:
    house = either_house
    noor, _, ask, _ = asked(house)
    done(house, prepared(house, house.owed("requests.sent")[0]))
    for _ in range(2):
        house.do(owing.update, "requests.sent", noor, ask.search_id)
    first, second = [row for row in house.owed("requests.sent") if row.op == "update" and row.due_at == house.now]
    older = prepared(house, first)
    house.act(noor, requests.withdraw, ask.search_id)
    assert prepare(house, second) is None
    assert (now_of(house, second).state, now_of(house, second).due_at) == (RowState.PENDING, house.now + LATER)
    done(house, older)
    house.now += LATER
    assert "withdrawn" in prepared(house, second).payload["text"].lower()


def test_an_update_of_a_post_from_before_a_restore_waits_until_it_is_known(house: House) -> None:
    noor, _, ask, _ = asked(house)
    since = house.now - timedelta(hours=1)
    house.do(lambda tx: restored(tx, since))
    post = house.owed("requests.sent")[0]
    house.act(noor, requests.withdraw, ask.search_id)
    house.do(owing.update, "requests.sent", noor, ask.search_id)
    update = next(r for r in house.owed("requests.sent") if r.op == "update" and r.due_at == house.now)
    assert prepare(house, update) is None
    assert prepare(house, post) is None, "it is looked for first"
    house.now += SETTLE
    assert prepare(house, update) is None
    settle(house, Found("D1", "1.1"))
    house.now += LATER
    assert (parcel := prepared(house, update)).ts == "1.1"
    assert "withdrawn" in parcel.payload["text"].lower()


def test_what_is_from_before_a_restore_and_sent_since_nobody_can_look_says_so(house: House) -> None:
    row = asked(house)[3]
    house.do(lambda tx: restored(tx, house.now - timedelta(hours=1)))
    assert prepare(house, row) is None
    house.now += SETTLE
    settle(house, Blind(None, is_hopeless=True))
    parcel = prepared(house, row)
    assert SENT_AGAIN in texts_in(parcel.payload)
    again(house, parcel, 0)
    assert prepared(house, row).payload == parcel.payload, "once is enough"


def test_an_update_whose_blocks_slack_refused_says_the_newest_in_plain_words(house: House) -> None:
    noor, _, ask, _ = asked(house)
    done(house, prepared(house, house.owed("requests.sent")[0]))
    house.do(owing.update, "requests.sent", noor, ask.search_id)
    update = next(r for r in house.owed("requests.sent") if r.op == "update" and r.due_at == house.now)
    first = prepared(house, update)
    house.do(lambda tx: rows_of(house).without_blocks(tx.session, first, tx.now))
    house.act(noor, requests.withdraw, ask.search_id)
    second = prepared(house, update)
    assert second.payload == {"text": second.payload["text"]}
    assert "withdrawn" in second.payload["text"].lower()
