"""What people type against the bot: shown harmlessly, or refused under its field, and never lost."""

from typing import Any

import pytest

from bot.deeds import Outcome
from bot.errors import UnknownButtonError
from bot.slack.blocks import Home, Message, Modal
from bot.slack.replies import OpenModal, Replace, ShowHome, ShowModal, Tell, UpdateModal, Wrong
from bot.slack.router import RouteKind
from playground.blocks import check_message, check_view
from storage.models.requests import Search, SearchState
from tests.builders import House, Letter, texts_in
from tests.harmless import harm_in
from tests.taps import Taps

HOSTILE = (
    "<!channel> <!here|here> @everyone <@U123> <#C1|x> <!subteam^S1> <https://evil.example|https://bank.example> "
    "&lt;!channel&gt; `code` *bold* \u202eevil \U0001f469\u200d\U0001f4bb \x00\x07 {date} {0} %s"
)


def shapes(outcome: Outcome) -> list[Message | Modal | Home]:
    """Every view an answer shows."""
    reply = outcome.reply
    match reply:
        case Tell(message) | Replace(message):
            return [message]
        case OpenModal(modal) | ShowModal(modal) | UpdateModal(modal):
            return [modal]
        case ShowHome(home):
            return [home]
        case _:
            return []


def check(payload: dict[str, Any], known: set[str]) -> None:
    """Slack would take it, and nothing in it does anything."""
    problems = check_view(payload) if "type" in payload else check_message(payload)
    assert not problems, problems
    assert not harm_in(payload, known)


def check_letters(letters: list[Letter], known: set[str]) -> None:
    for letter in letters:
        check(letter.payload, known)


def test_hostile_words_live_through_a_whole_life_harmlessly(house: House) -> None:
    people = [house.person(f"<!channel> {HOSTILE}"[:80], title=HOSTILE[:80]) for _ in range(3)]
    noor, tomas, grace = people
    known = {person.slack_id for person in people}
    mentee, mentor = Taps(house, noor), Taps(house, tomas)
    fields: dict[str, Any] = {"learns": HOSTILE, "goal": HOSTILE[:300], "languages": HOSTILE, "room": "open-2"}
    outcomes = [Taps(house, who).submit("profiles.save", teaches=HOSTILE[:300], **fields) for who in (tomas, grace)]
    outcomes += [mentee.type(f"find {HOSTILE}"), mentee.type("<!channel>`"), mentee.type("")]
    outcomes.append(mentee.submit("find.search", topic=HOSTILE[:120], goal=HOSTILE[:300]))
    search = house.rows(Search)[0]
    outcomes.append(mentee.press("find.ask", tomas.id, meta=search.id))
    others = [grace.id]
    outcomes.append(
        mentee.submit("find.send", meta=f"{search.id} {tomas.id}", note=f"{HOSTILE} and enough", others=others)
    )
    assert house.rows(Search)[0].state == SearchState.OPEN
    ask = house.ask_of(search.id, tomas)
    house.forward(minutes=1)
    outcomes += [mentor.press(f"requests.{verb}", ask.id) for verb in ("read", "decline")]
    outcomes.append(mentor.submit("requests.say_no", meta=ask.id, reason="no_room", person=noor.slack_id))
    house.forward(minutes=11)
    outcomes.append(mentee.press("requests.edit", search.id))
    outcomes.append(Taps(house, grace).press("requests.accept", house.ask_of(search.id, grace).id))
    house.forward(minutes=1)
    outcomes += [Taps(house, who).type(word) for who in people for word in ("", "help", "leave", "profile")]
    for outcome in outcomes:
        for view in shapes(outcome):
            check(view.payload(), known)
    check_letters(house.letters, known)
    assert len(house.letters) > 6


@pytest.mark.parametrize("number", [0, 1, 5])
def test_a_home_full_of_hostile_names_still_fits(house: House, number: int) -> None:
    names = ["&" * 80] * 12
    owner = house.person("&" * 80, is_primary_owner=True)
    mentor = house.mentor("Tomás F", places=5)
    for name in names[: number * 2]:
        house.ask(house.person(name), mentor, topic="&" * 120)
    taps = Taps(house, owner)
    outcome = taps.run(taps.incoming(RouteKind.EVENT, "app_home_opened", event={"tab": "home"}))
    assert isinstance(outcome.reply, ShowHome)
    assert not check_view(outcome.reply.home.payload())


TOO_LONG = "word " * 800
FORMS = [
    ("find.search", {"topic": TOO_LONG, "goal": "A goal"}, "topic"),
    ("find.search", {"topic": "SQL", "goal": TOO_LONG}, "goal"),
    ("find.search", {"topic": "", "goal": "A goal"}, "topic"),
    ("find.search", {"topic": "\x00 \u202e", "goal": "A goal"}, "topic"),
    ("find.search", {"topic": "...", "goal": None}, "goal"),
    ("find.send", {"note": TOO_LONG}, "note"),
    ("find.send", {"note": "Too short"}, "note"),
    ("find.send", {"note": None}, "note"),
    ("requests.rewrite", {"note": "\U0001f44d" * 30}, "note"),
    ("profiles.save", {"teaches": TOO_LONG, "room": "open-2"}, "teaches"),
    ("profiles.save", {"goal": TOO_LONG, "room": "open-2"}, "goal"),
    ("profiles.save", {"teaches": ";;;", "room": "open-2"}, "teaches"),
    ("profiles.save", {"room": "open-99"}, "room"),
    ("find.search", {"topic": "SQL", "goal": "A goal", "surprise": "field"}, "surprise"),
]


@pytest.mark.parametrize(("form", "fields", "wrong"), FORMS)
def test_what_a_field_cannot_take_is_refused_under_it(
    house: House, form: str, fields: dict[str, object], wrong: str
) -> None:
    before = house.count()
    outcome = Taps(house, house.person("Noor H")).submit(form, meta="x y", **fields)
    assert isinstance(outcome.reply, Wrong)
    assert outcome.reply.errors[wrong]
    assert "!" not in outcome.reply.errors[wrong]
    assert house.count() == before | {"members": 1}


def test_a_refused_form_keeps_its_words_for_the_next_try(house: House) -> None:
    noor, tomas = house.person("Noor H"), house.mentor("Tomás F")
    search_id = house.begin(noor)
    Taps(house, tomas).type("leave")
    Taps(house, tomas).submit("profiles.leave")
    note = "Words it took me an evening to find, <b>truly</b>."
    refused = Taps(house, noor).submit("find.send", meta=f"{search_id} {tomas.id}", note=note, others=[])
    assert isinstance(refused.reply, Wrong)
    assert "can't be asked just now" in refused.reply.errors["note"]
    grace = house.mentor("Grace M")
    opened = Taps(house, noor).press("find.ask", grace.id, meta=search_id)
    assert isinstance(opened.reply, OpenModal | ShowModal)
    assert note in set(texts_in(opened.reply.modal.payload()))
    Taps(house, noor).submit("find.send", meta=f"{search_id} {grace.id}", note=note, others=[])
    assert house.count()["drafts"] == 0


def test_words_kept_from_one_note_never_open_in_another_search(house: House) -> None:
    noor, tomas, grace = house.person("Noor H"), house.mentor("Tomás F"), house.mentor("Grace M")
    ask = house.ask(noor, tomas)
    Taps(house, noor).press("requests.withdraw", ask.search_id)
    stale = "Hi Tomás, these words are for you and for nobody else."
    Taps(house, noor).submit("requests.rewrite", meta=ask.search_id, note=stale)
    again = house.ask(noor, grace)
    opened = Taps(house, noor).press("requests.edit", again.search_id)
    assert isinstance(opened.reply, OpenModal | ShowModal)
    assert stale not in set(texts_in(opened.reply.modal.payload()))


def test_words_of_somebody_who_may_not_come_in_are_not_kept(house: House) -> None:
    dana = house.person("Dana C", is_guest=True)
    outcome = Taps(house, dana).submit("find.search", topic="SQL", goal="A goal of mine")
    assert isinstance(outcome.reply, Wrong)
    assert "as a guest" in outcome.reply.errors["topic"]
    assert house.count()["drafts"] == 0


def test_an_unknown_word_gets_the_nearest_and_a_long_one_is_cut(house: House) -> None:
    noor = Taps(house, house.person("Noor H"))
    for typed, nearest in (("fnid", "find"), ("porfile", "profile"), ("hlep", "help"), ("leaf", "leave")):
        outcome = noor.type(typed)
        assert isinstance(outcome.reply, Tell)
        assert f"Did you mean `/mentor {nearest}`?" in outcome.reply.message.text.value
    outcome = noor.type("x" * 4000)
    assert isinstance(outcome.reply, Tell)
    assert len(outcome.reply.message.text.value) < 600
    assert not check_message(outcome.reply.message.payload())


@pytest.mark.parametrize(("typed", "modal"), [("start", "find.search"), ("SEARCH SQL", "find.search")])
def test_a_word_that_means_another_is_understood(house: House, typed: str, modal: str) -> None:
    outcome = Taps(house, house.person("Noor H")).type(typed)
    assert isinstance(outcome.reply, OpenModal | ShowModal)
    assert outcome.reply.modal.callback == modal


def test_a_topic_typed_after_find_stands_in_the_form_and_the_form_brings_one_back(house: House) -> None:
    noor = Taps(house, house.person("Noor H"))
    opened = noor.type("find data   analysis")
    assert isinstance(opened.reply, OpenModal | ShowModal)
    assert "data analysis" in set(texts_in(opened.reply.modal.payload()))
    shown = noor.submit("find.search", topic="data analysis", goal="A goal")
    assert isinstance(shown.reply, UpdateModal)
    assert shown.reply.modal.callback == "find.results"


def test_a_button_from_before_an_update_is_told_so_and_a_shortcut_too(house: House) -> None:
    noor = Taps(house, house.person("Noor H"))
    before = house.count()
    told = noor.press("requests.of_yesteryear", "x").reply
    assert isinstance(told, Tell)
    assert "from before an update" in told.message.text.value
    with pytest.raises(UnknownButtonError):
        noor.run(noor.incoming(RouteKind.SHORTCUT, "find.of_yesteryear"))
    assert house.count() == before


def test_somebody_who_never_joined_can_leave_and_nothing_follows(house: House) -> None:
    noor = house.person("Noor H")
    assert isinstance(Taps(house, noor).type("leave").reply, OpenModal)
    Taps(house, noor).submit("profiles.leave")
    house.forward(hours=1)
    assert not house.read_by(noor)


def test_somebody_who_never_joined_is_taken_in_and_back_to_where_they_were(house: House) -> None:
    house.mentor("Tomás F", "public speaking")
    noor = Taps(house, house.person("Noor H"))
    opened = noor.type("find public speaking")
    assert isinstance(opened.reply, ShowModal)
    assert "Answering them is joining" in " ".join(texts_in(opened.reply.modal.payload()))
    shown = noor.submit("find.search", topic="public speaking", goal="Give a talk")
    assert isinstance(shown.reply, UpdateModal)
    assert "Ask Tomás" in set(texts_in(shown.reply.modal.payload()))
