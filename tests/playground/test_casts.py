"""Casts from a file, and the one that is there for any app."""

from pathlib import Path

import pytest

from playground import Channel, Person
from playground.casts import EXAMPLE, read_cast
from playground.files import FileRefusedError
from tests.playground.kit import running

WHOLE = """
team: Harbour Crew
home_zone: Europe/Oslo
first: noor
people:
  - {key: noor, name: Noor Haddad, title: Support, tz: Europe/Lisbon, is_owner: true}
  - {key: gus, name: Gus Guest, tz: Asia/Tokyo, is_restricted: true, email: gus@harbour.example}
channels:
  - name: general
    purpose: For everybody
    said:
      - {who: noor, text: Welcome all, minutes_ago: 90}
  - {name: quiet, members: [noor, gus], is_private: true}
"""


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "cast.yml"
    path.write_text(text, encoding="utf-8")
    return path


async def test_a_cast_from_a_file_is_who_is_there(tmp_path: Path) -> None:
    cast = read_cast(_file(tmp_path, WHOLE))
    assert (cast.team_name, cast.team_domain, cast.home_zone, cast.first) == (
        "Harbour Crew",
        "harbour-crew",
        "Europe/Oslo",
        "noor",
    )
    assert cast.people[1] == Person(
        "gus", "Gus Guest", "", "Asia/Tokyo", is_restricted=True, email="gus@harbour.example"
    )
    assert cast.channels == (
        Channel("general", ("noor",), purpose="For everybody", said=(("noor", "Welcome all", 90),)),
        Channel("quiet", ("noor", "gus"), is_private=True),
    )
    async with running(cast=cast) as playground:
        said = await playground.workspace.person("noor").messages("general")
        assert [each.text for each in said] == ["Welcome all"]


def test_little_is_needed(tmp_path: Path) -> None:
    cast = read_cast(_file(tmp_path, "people: [{key: a, name: A}]"))
    assert (cast.people, cast.first, cast.home_zone) == ((Person("a", "A", "", "UTC"),), "a", "UTC")


async def test_the_ready_cast_can_be_started_with() -> None:
    async with running(cast=EXAMPLE) as playground:
        assert playground.workspace.people == ["ana", "ben", "chika", "dee"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("team: Nobody", "names nobody: give at least one of people, with a key and a name."),
        ("people: {}", "people must be a list."),
        ("folk: []", "folk is not known here. Known are: team, domain, home_zone, first, people, channels."),
        ("people: [Ann]", "people 1 must have keys and values, out of: key, name"),
        ("people: [{name: A}]", "people 1: key is missing."),
        (
            "people: [{key: a, name: A, zone: UTC}]",
            "people 1: zone is not known here. Known are: key, name, title, tz,",
        ),
        ("people: [{key: a, name: A, tz: Mars}]", "people 1: There is no time zone called 'Mars'."),
        ("people: [{key: a, name: A, is_owner: 7}]", "people 1: is_owner must be true or false."),
        ("people: [{key: a, name: [A]}]", "people 1: name must be a word."),
        ("first: b\npeople: [{key: a, name: A}]", "there is nobody called 'b' among people: a."),
        ("people: [{key: a, name: A}]\nchannels: [{name: g, members: [b]}]", "channels 1: there is nobody called 'b'"),
        ("people: [{key: a, name: A}]\nchannels: [{name: g, members: b}]", "members and said must be lists."),
        ("people: [{key: a, name: A}]\nchannels: [{name: g, said: [{who: a}]}]", "each of said needs who, text,"),
        ("people: [{key: a, name: A}]\nhome_zone: Mars", "There is no time zone called 'Mars'."),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(FileRefusedError) as caught:
        read_cast(_file(tmp_path, text))
    assert sentence in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path))
