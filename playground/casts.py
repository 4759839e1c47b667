"""Who is in a workspace: a small cast for any app, and casts read from a file of YAML or JSON."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from playground.files import FileRefusedError, read_tree
from playground.things import Cast, Channel, Person
from playground.zones import zone

EXAMPLE = Cast(
    team_name="Willow Street",
    team_domain="willow-street",
    home_zone="Europe/London",
    people=(
        Person("ana", "Ana Lima", "Owner", "Europe/Lisbon", is_primary_owner=True, email="ana@willow.example"),
        Person("ben", "Ben Okafor", "Developer", "Europe/London", email="ben@willow.example"),
        Person("chika", "Chika Mori", "Designer", "Asia/Tokyo", email="chika@willow.example"),
        Person("dee", "Dee Novak", "Guest", "America/New_York", is_restricted=True, email="dee@willow.example"),
    ),
    channels=(
        Channel("general", ("ana", "ben", "chika", "dee"), said=(("ana", "Good morning, everybody", 60),)),
        Channel("random", ("ana", "ben", "chika")),
        Channel("owners", ("ana",), is_private=True),
    ),
    first="ben",
)
TOP = ("team", "domain", "home_zone", "first", "people", "channels")
SAID = ("who", "text", "minutes_ago")


def read_cast(path: Path) -> Cast:
    """The cast in a file; raises FileRefusedError with one sentence for what is wrong in it."""
    tree = read_tree(path, "cast")
    _know(tree, TOP, str(path))
    people = tuple(_person(each, f"{path}, people {n}") for n, each in _listed(tree, "people", path))
    if not people:
        raise FileRefusedError(f"{path} names nobody: give at least one of people, with a key and a name.")
    everybody = {person.key: person for person in people}
    channels = tuple(_channel(each, f"{path}, channels {n}", everybody) for n, each in _listed(tree, "channels", path))
    name = str(tree.get("team", EXAMPLE.team_name))
    first = str(tree.get("first", people[0].key))
    _there(first, everybody, str(path))
    return Cast(
        team_name=name,
        team_domain=str(tree.get("domain", "-".join(name.lower().split()))),
        home_zone=_zone(str(tree.get("home_zone", people[0].tz)), str(path)),
        people=people,
        channels=channels,
        first=first,
    )


def _listed(tree: Mapping[str, Any], key: str, path: Path) -> list[tuple[int, Any]]:
    found = tree.get(key, [])
    if not isinstance(found, list):
        raise FileRefusedError(f"{path}: {key} must be a list.")
    return list(enumerate(found, 1))


def _person(given: Any, place: str) -> Person:
    values = {"title": "", "tz": "UTC"} | _fitting(Person, given, place)
    _zone(values["tz"], place)
    return Person(**values)


def _channel(given: Any, place: str, everybody: Mapping[str, Person]) -> Channel:
    """A channel; without members everybody who is no guest is in it."""
    values = _fitting(Channel, given, place)
    usual = [key for key, person in everybody.items() if not person.is_restricted and not person.deleted]
    members, said = values.get("members", usual), values.get("said", [])
    if not isinstance(members, list) or not isinstance(said, list):
        raise FileRefusedError(f"{place}: members and said must be lists.")
    values |= {"members": tuple(map(str, members)), "said": tuple(_said(each, place) for each in said)}
    for key in (*values["members"], *(who for who, _, _ in values["said"])):
        _there(key, everybody, place)
    return Channel(**values)


def _fitting(shape: type[Person | Channel], given: Any, place: str) -> dict[str, Any]:
    """The values of a person or a channel: known keys, the right kinds, what names them not left out."""
    known = {each.name: each for each in fields(shape)}
    _know(given, tuple(known), place)
    for key in ("key", "name"):
        if key in known and key not in given:
            raise FileRefusedError(f"{place}: {key} is missing.")
    return {key: _fits(known[key].type, value, f"{place}: {key}") for key, value in given.items()}


def _said(given: Any, place: str) -> tuple[str, str, int]:
    _know(given, SAID, f"{place}, said")
    minutes = given.get("minutes_ago", 60)
    if not given.get("who") or not given.get("text") or not isinstance(minutes, int):
        raise FileRefusedError(f"{place}: each of said needs who, text, and minutes_ago as a number.")
    return str(given["who"]), str(given["text"]), minutes


def _know(given: Any, known: tuple[str, ...], place: str) -> None:
    if not isinstance(given, Mapping):
        raise FileRefusedError(f"{place} must have keys and values, out of: {', '.join(known)}.")
    unknown = [str(key) for key in given if key not in known]
    if unknown:
        raise FileRefusedError(f"{place}: {unknown[0]} is not known here. Known are: {', '.join(known)}.")


def _fits(kind: Any, value: Any, place: str) -> Any:
    """A word or a yes or no, as the field wants it."""
    if kind is bool and not isinstance(value, bool):
        raise FileRefusedError(f"{place} must be true or false.")
    if kind is str and not isinstance(value, str | int | float):
        raise FileRefusedError(f"{place} must be a word.")
    return str(value) if kind is str else value


def _there(key: str, everybody: Mapping[str, Person], place: str) -> None:
    if key not in everybody:
        raise FileRefusedError(f"{place}: there is nobody called {key!r} among people: {', '.join(everybody)}.")


def _zone(name: str, place: str) -> str:
    try:
        zone(name)
    except ValueError as problem:
        raise FileRefusedError(f"{place}: {problem}") from problem
    return name
