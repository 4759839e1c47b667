"""The core path on SQLite and PostgreSQL alike: find, send, no, next name, yes, undo, yes, leave."""

from bot.rules.requests import Declined
from bot.services import home, profiles, requests
from bot.slack.router import RouteKind
from storage.models.profiles import Profile
from storage.models.relationships import Relationship, RelationshipState
from storage.models.requests import AskState, SearchState
from tests.builders import House
from tests.taps import Taps


def test_a_whole_life_goes_the_same_way(either_house: House) -> None:
    house = either_house
    noor, tomas, grace = house.person("Noor H"), house.mentor("Tomás F"), house.mentor("Grace M")
    Taps(house, noor).submit("find.search", topic="data analysis", goal="Move into a data role")
    search_id = house.act(noor, home.page).begun.id  # type: ignore[union-attr]  # it was begun in the line above
    note = "I'd like to learn it from you, starting with a chat."
    Taps(house, noor).submit("find.send", meta=f"{search_id} {tomas.id}", note=note, others=[grace.id])
    first, second = house.ask_of(search_id, tomas), house.ask_of(search_id, grace)
    assert (first.state, second.state) == (AskState.WAITING, AskState.QUEUED)
    house.act(tomas, requests.decline, first.id, Declined.OTHER_FIELD, grace.slack_id)
    house.forward(minutes=10)
    for act in (requests.accept, requests.undo_accept, requests.accept):
        house.act(grace, act, second.id)
        house.forward(minutes=1)
    assert house.search_of(second).state == SearchState.MATCHED
    assert house.rows(Profile, member_id=grace.id)[0].taken == 1
    house.act(noor, profiles.leave)
    house.forward(minutes=10)
    assert [p.state for p in house.rows(Relationship)] == [RelationshipState.UNDONE, RelationshipState.ENDED]
    assert [letter.kind for letter in house.read_by(noor)] == [
        "requests.sent",
        "requests.moved_on",
        "requests.matched",
        "requests.reopened",
        "requests.matched",
        "profiles.left",
    ]
    assert len(house.read_by(grace, "relationships.ended")) == 1


def test_a_double_delivery_of_a_form_is_answered_alike_and_done_once(either_house: House) -> None:
    noor = Taps(either_house, either_house.person("Noor H"))
    state = {name: {name: {"value": value}} for name, value in (("topic", "SQL"), ("goal", "A goal of mine"))}
    incoming = noor.incoming(RouteKind.FORM, "find.search", state=state, key="view:V1:hash")
    once, twice = noor.run(incoming), noor.run(incoming)
    assert once.ack == twice.ack
    assert once.ack is not None
    assert once.ack["response_action"] == "update"
    assert either_house.count()["searches"] == 1


def test_a_double_delivery_of_a_press_has_no_second_effect(either_house: House) -> None:
    noor, tomas = either_house.person("Noor H"), either_house.mentor("Tomás F")
    ask = either_house.ask(noor, tomas)
    taps = Taps(either_house, tomas)
    press = taps.incoming(RouteKind.BUTTON, "requests.accept", value=ask.id, key="action:1")
    taps.run(press)
    either_house.act(tomas, requests.undo_accept, ask.id)
    taps.run(press)
    assert either_house.current(ask).state == AskState.WAITING
