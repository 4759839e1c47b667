"""What is private stays where it was meant: never with an organiser, in a message, or readable in the database."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from bot.rules.requests import Declined
from bot.services import home, requests
from bot.slack.replies import ShowHome
from bot.slack.router import RouteKind
from storage.models.members import Member
from storage.models.outbox import OutboxRow
from storage.models.relationships import Relationship
from tests.builders import House, texts_in
from tests.taps import Taps

NOTE = "Quokkanote: I failed the interview and told nobody but you."
GOAL = "Quokkagoal: leave my team before summer"
TOPIC = "quokkatopic"
PLANTED = ("Quokkanote", "Quokkagoal", "quokkatopic")


def told_life(house: House) -> tuple[Member, Member, Member]:
    """Private words planted, then a no, a yes, another search that waits, and an organiser looking on."""
    ingrid = house.person("Ingrid Berg", is_primary_owner=True)
    noor, tomas, grace = house.person("Noor H"), house.mentor("Tomás F", TOPIC), house.mentor("Grace M", TOPIC)
    for who in (ingrid, noor, tomas, grace):
        look_home(house, who)
    search_id = house.begin(noor, TOPIC, GOAL)
    send: dict[str, Any] = {"meta": f"{search_id} {tomas.id}", "note": NOTE, "others": [grace.id]}
    Taps(house, noor).submit("find.send", **send)
    house.act(tomas, requests.decline, house.ask_of(search_id, tomas).id, Declined.NO_ROOM, None)
    house.forward(minutes=15)
    house.act(grace, requests.accept, house.ask_of(search_id, grace).id)
    house.forward(minutes=15)
    mateo = house.person("Mateo C")
    house.begin(mateo, TOPIC, GOAL)
    house.ask(mateo, tomas, topic=TOPIC, note=NOTE)
    house.forward(days=2)
    return ingrid, noor, tomas


def look_home(house: House, who: Member) -> dict[str, Any]:
    taps = Taps(house, who)
    shown = taps.run(taps.incoming(RouteKind.EVENT, "app_home_opened", event={"tab": "home"})).reply
    assert isinstance(shown, ShowHome)
    return shown.home.payload()


def words_of(value: object) -> Iterator[str]:
    """Every string in a value, however deep in dataclasses and tuples."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from words_of(getattr(value, field.name))
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from words_of(inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from (*words_of(key), *words_of(inner))


def planted_in(words: Iterator[str]) -> list[str]:
    return [text for text in words if any(word.casefold() in text.casefold() for word in PLANTED)]


def test_the_organisers_overview_holds_no_word_anybody_wrote(house: House) -> None:
    ingrid, *_ = told_life(house)
    overview = house.do(home.overview)
    assert (overview.active_pairs, overview.searching, len(overview.waiting), len(overview.pairs)) == (1, 1, 1, 1)
    assert not planted_in(words_of(overview))
    assert not planted_in(texts_in(look_home(house, ingrid)))


def test_the_walk_would_find_a_planted_word(house: House) -> None:
    _, noor, _ = told_life(house)
    pair = house.rows(Relationship)[0]
    assert planted_in(words_of((1, {"deep": [pair]}))), "a pair carries its topic, and the walk sees it"
    assert planted_in(texts_in(look_home(house, noor))), "one's own Home shows one's own topic"


def test_nobody_but_an_organiser_gets_the_overview(house: House) -> None:
    ingrid, noor, tomas = told_life(house)
    seen = {who.name: house.act(who, home.page).overview is not None for who in (ingrid, noor, tomas)}
    assert seen == {"Ingrid Berg": True, "Noor H": False, "Tomás F": False}


def test_an_organiser_cannot_open_a_note_put_to_somebody_else(house: House) -> None:
    ingrid, _, tomas = told_life(house)
    waiting = house.act(tomas, requests.waiting_for)
    assert [card.note for card in waiting] == [NOTE]
    shown = Taps(house, ingrid).press("requests.read", waiting[0].ask.id)
    assert not planted_in(words_of(shown.reply))


def test_no_private_word_becomes_a_message_or_a_fact_in_the_outbox(house: House) -> None:
    told_life(house)
    kinds = {letter.kind for letter in house.letters}
    assert {"requests.asked", "requests.moved_on", "requests.matched", "requests.reminded", "home"} <= kinds
    private = PLANTED[:2]
    messages = [letter for letter in house.letters if letter.op != "publish_home"]
    for letter in messages:
        assert not [t for t in texts_in(letter.payload) if any(word in t for word in private)], letter
    for row in house.rows(OutboxRow):
        assert not planted_in(words_of(row.facts)), row.kind
        assert not planted_in(words_of((row.kind, row.dedupe_key, row.reason, row.subject_id)))
        assert row.payload is None, "words are forgotten once they are sent"


def test_a_note_lies_sealed_in_the_file(house: House) -> None:
    _, noor, tomas = told_life(house)
    Taps(house, tomas).submit("profiles.leave")
    search_id = house.begin(noor, "something else", "Another goal")
    Taps(house, noor).submit("find.send", meta=f"{search_id} {tomas.id}", note=f"{NOTE} kept as a draft", others=[])
    assert house.count()["drafts"] == 1
    path = Path(house.database.url.removeprefix("sqlite:///"))
    house.database.close()
    raw = b"".join(p.read_bytes() for p in path.parent.glob(f"{path.name}*"))
    assert b"Quokkanote" not in raw
    assert "Tomás F".encode() in raw, "the file is the right one, and names are not sealed"


def test_the_form_says_who_reads_what(house: House) -> None:
    noor = Taps(house, house.person("Noor H"))
    words = " ".join(texts_in(_modal(noor.type("find"))))
    assert "Seen by: you and the mentor being asked. Never by your organisers." in words


def _modal(outcome: Any) -> dict[str, Any]:
    payload: dict[str, Any] = outcome.reply.modal.payload()
    return payload
