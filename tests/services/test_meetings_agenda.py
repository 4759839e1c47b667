"""One agenda, two pens: neither writes over the other, nothing of it is in a message, and it lies sealed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.services import agendas, meetings
from bot.slack.replies import Replace, ShowModal, UpdateModal, Wrong
from storage.models.meetings import Meeting
from storage.models.members import Member
from storage.models.outbox import OutboxRow
from tests.builders import House, texts_in
from tests.paired import Paired, paired, words_of

THURSDAY = datetime(2027, 3, 4, 10, 0, tzinfo=UTC)
LINE = "Quokka: how to tell my manager"


@pytest.fixture
def pair(house: House) -> Paired:
    """A pair with a meeting on Thursday, of which the partner has heard."""
    made = paired(house)
    made.book(THURSDAY)
    house.settle()
    return made


def tag(pair: Paired, who: Member) -> str:
    return pair.house.act(who, agendas.read, pair.meeting().id).tag


def write(pair: Paired, who: Member, words: str, tag: str) -> object:
    return pair.taps(who).submit("meetings.write_agenda", meta=f"{pair.meeting().id} {tag}", agenda=words).reply


def opened(pair: Paired, who: Member) -> str:
    shown = pair.taps(who).press("meetings.agenda", pair.meeting().id).reply
    assert isinstance(shown, ShowModal)
    return words_of(shown)


def agenda(pair: Paired) -> str:
    return pair.house.act(pair.noor, agendas.read, pair.meeting().id).words


def test_either_writes_and_both_read(pair: Paired) -> None:
    assert isinstance(write(pair, pair.noor, LINE, tag(pair, pair.noor)), Replace)
    assert LINE in opened(pair, pair.tomas)
    write(pair, pair.tomas, f"{LINE}\nBooks", tag(pair, pair.tomas))
    assert agenda(pair) == f"{LINE}\nBooks"
    assert "Seen by: the two of you. Never by your organisers." in opened(pair, pair.noor)


def test_words_written_meanwhile_are_not_written_over_and_both_are_kept(pair: Paired) -> None:
    early = tag(pair, pair.noor)
    write(pair, pair.tomas, "From Tomás", tag(pair, pair.tomas))
    shown = write(pair, pair.noor, "From Noor", early)
    assert isinstance(shown, UpdateModal)
    assert {"From Tomás", "From Noor"} <= set(texts_in(shown.modal.payload()))
    assert agenda_in_database(pair) == "From Tomás"
    again = opened(pair, pair.noor)
    assert "From Noor" in again
    assert "From Tomás" in again
    merged = shown.modal.meta.partition(" ")[2]
    assert isinstance(write(pair, pair.noor, "From Tomás\nFrom Noor", merged), Replace)
    assert agenda(pair) == "From Tomás\nFrom Noor"
    assert "It was changed" not in opened(pair, pair.noor)


def agenda_in_database(pair: Paired) -> str:
    return pair.house.act(pair.tomas, agendas.read, pair.meeting().id).words


def test_the_same_words_sent_twice_are_one_writing(pair: Paired) -> None:
    first = tag(pair, pair.noor)
    for _ in range(2):
        assert isinstance(write(pair, pair.noor, "One line", first), Replace)
    assert agenda(pair) == "One line"


def test_an_agenda_can_be_emptied_again(pair: Paired) -> None:
    write(pair, pair.noor, "One line", "")
    write(pair, pair.noor, "", tag(pair, pair.noor))
    assert agenda(pair) == ""
    assert pair.meeting().agenda is None


def test_three_thousand_characters_fit_and_one_more_is_refused_beside_the_field(pair: Paired) -> None:
    full = "é" * 3000
    write(pair, pair.noor, full, "")
    assert agenda(pair) == full
    assert full in opened(pair, pair.tomas)
    shown = write(pair, pair.noor, full + "x", tag(pair, pair.noor))
    assert isinstance(shown, Wrong)
    assert "3,001 characters" in shown.errors["agenda"]
    assert agenda(pair) == full


def test_messages_count_lines_and_say_none_of_them(pair: Paired) -> None:
    write(pair, pair.noor, f"{LINE}\n\nBooks\n<!channel>", "")
    pair.house.forward(days=5)
    (reminder,) = pair.house.read_by(pair.tomas, "meetings.reminded")
    assert "3 lines on the agenda" in words_of(reminder.payload)
    assert "empty" not in reminder.text
    for letter in pair.house.letters:
        assert not [text for text in texts_in(letter.payload) if "Quokka" in text], letter
    for row in pair.house.rows(OutboxRow):
        assert "Quokka" not in str(row.facts)


def test_an_agenda_lies_sealed(pair: Paired) -> None:
    write(pair, pair.noor, LINE, "")
    write(pair, pair.tomas, f"{LINE} kept as a draft", "stale")
    path = Path(pair.house.database.url.removeprefix("sqlite:///"))
    pair.house.database.close()
    raw = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    assert b"Quokka" not in raw
    assert "Tomás".encode() in raw


def test_an_agenda_is_still_read_when_the_meeting_is_over_and_not_written(pair: Paired) -> None:
    write(pair, pair.noor, LINE, "")
    pair.house.now = datetime(2027, 3, 4, 11, 0, tzinfo=UTC)
    pair.taps(pair.noor).press("meetings.met", pair.meeting().id)
    shown = pair.taps(pair.tomas).press("meetings.agenda", pair.meeting().id).reply
    assert isinstance(shown, ShowModal)
    assert shown.modal.submit is None
    assert LINE in words_of(shown)
    assert isinstance(write(pair, pair.tomas, "Late", tag(pair, pair.tomas)), Wrong)
    assert agenda(pair) == LINE


def test_another_meeting_has_another_agenda(pair: Paired) -> None:
    write(pair, pair.noor, LINE, "")
    tuesday = THURSDAY.date().replace(day=9)
    pair.house.act(pair.noor, meetings.plan, pair.id, tuesday, THURSDAY.time(), 30, "")
    rows = pair.house.rows(Meeting)
    assert [row.agenda is None for row in sorted(rows, key=lambda row: row.starts_at)] == [False, True]
