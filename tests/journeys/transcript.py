"""A journey as a person would read it: who did what, and the words each of them then read, day by day in their zone."""

import os
from datetime import datetime
from difflib import unified_diff
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.commands.world import World
from playground.elements import words_of
from playground.journal import Entry

GOLDEN = Path(__file__).parent / "golden"
AGAIN = "MENTORBOT_GOLDEN"  # set it to write the files anew, then read every line of the difference
WIDTH = 100
QUIET_DEEDS = ("opens", "looks", "becomes", "reads")
STEP = 5
CROWD = 4


class Transcript:
    """Listens to the wire from its making on; `people` are the keys of those whose story it is, all if none are."""

    def __init__(self, world: World, *people: str) -> None:
        self._world = world
        self._people = {world.playground.workspace.person(key).id for key in people}
        self._lines: list[str] = []
        self._heard_since: list[tuple[str, int, str, list[str]]] = []
        self._day = ""
        world.playground.world.journal.listeners.append(self._heard)

    def title(self, words: str) -> None:
        """A heading of one's own."""
        self._write()
        self._lines += ["", f"== {words}"]

    @property
    def text(self) -> str:
        """Everything so far."""
        self._write()
        return "\n".join(self._lines).strip() + "\n"

    def _heard(self, entry: Entry) -> None:
        if entry.status != "ok" or not self._world.playground.world.journal.shows(entry):
            return
        if entry.kind == "person":
            self._deed(entry)
        elif entry.kind == "api" and entry.title.startswith("chat.postMessage"):
            self._told(entry, entry.detail["arguments"])
        elif entry.kind == "hook":
            self._answered(entry)

    def _deed(self, entry: Entry) -> None:
        names = {user.name for user in self._cast() if not self._people or user.id in self._people}
        is_theirs = any(entry.title.startswith(f"{name} ") for name in names)
        if is_theirs and not any(f" {word} " in entry.title for word in QUIET_DEEDS):
            self._write()
            self._hear(entry, 0, "", [f"       {entry.title}"])
            self._write()

    def _told(self, entry: Entry, message: dict[str, Any]) -> None:
        place = self._world.playground.world.state.conversations[str(entry.detail["answer"]["channel"])]
        readers = [user for user in self._cast() if user.id in place.members]
        if self._people and not self._people & {user.id for user in readers}:
            return
        is_channel = bool(place.name) and len(readers) > CROWD
        name = f"#{place.name}" if is_channel else " and ".join(sorted(user.name for user in readers))
        zone = readers[0].tz if len(readers) == 1 else "UTC"
        head = f"{_clock(entry.at, zone)}  {name} {'reads' if len(readers) == 1 else 'read'}:"
        self._hear(entry, 1, name, [head, *self._said(message)])

    def _answered(self, entry: Entry) -> None:
        names = [user.name for user in self._cast() if not self._people or user.id in self._people]
        name = next((name for name in names if entry.title.startswith(f"An answer to {name}")), "")
        if name:
            where = "in its place" if entry.detail.get("replace_original") else "beside it"
            self._hear(entry, 0, name, [f"       {where} {name} reads:", *self._said(entry.detail)])

    def _cast(self) -> list[Any]:
        return [user for user in self._world.playground.world.state.users.values() if not user.is_bot]

    def _said(self, message: dict[str, Any]) -> list[str]:
        blocks = message.get("blocks") or [{"type": "section", "text": {"type": "plain_text", "text": message["text"]}}]
        lines = [line for block in blocks for line in _drawn(block)]
        return [f"         {self._named(line)}".rstrip() for line in lines]

    def _named(self, line: str) -> str:
        """A mention as Slack shows it: ids are new in every run."""
        for user in self._cast():
            line = line.replace(f"<@{user.id}>", f"@{user.name}")
        return line

    def _hear(self, entry: Entry, order: int, name: str, lines: list[str]) -> None:
        """What is heard between two deeds is told in one order, since it comes by two ways at once."""
        moment = datetime.fromisoformat(entry.at)
        floored = moment.replace(minute=moment.minute // STEP * STEP, second=0, microsecond=0)
        self._heard_since.append((floored.isoformat(), order, name, lines))

    def _write(self) -> None:
        for at, _, _, lines in sorted(self._heard_since):
            day = f"{datetime.fromisoformat(at):%a %d %b %Y}"
            if day != self._day:
                self._day = day
                self._lines += ["", day]
            self._lines += lines
        self._heard_since.clear()


def _drawn(block: dict[str, Any]) -> list[str]:
    """One block in plain lines: buttons in brackets, small print in parentheses."""
    if block["type"] == "actions":
        return ["".join(f"[{element['text']['text']}] " for element in block["elements"]).strip()]
    if block["type"] == "context":
        return [f"({line})" for line in _wrapped(" ".join(words_of([block])))]
    beside = f"   [{block['accessory']['text']['text']}]" if block.get("accessory", {}).get("text") else ""
    bare = {key: value for key, value in block.items() if key != "accessory"}
    lines = [line for words in words_of([bare]) for line in _wrapped(words)]
    return [*lines[:-1], lines[-1] + beside] if lines else []


def _clock(at: str, zone: str) -> str:
    """The reader's own clock, to five minutes: how fast this machine is has no place in a story."""
    local = datetime.fromisoformat(at).astimezone(ZoneInfo(zone))
    return f"{local.hour:02}:{local.minute // STEP * STEP:02}"


def _wrapped(words: str) -> list[str]:
    lines: list[str] = []
    for paragraph in words.split("\n"):
        line = ""
        for word in paragraph.split():
            if line and len(line) + len(word) >= WIDTH:
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines.append(line)
    return lines


def is_golden(name: str, text: str) -> bool:
    """Whether a transcript is, to the letter, the one that was read and found good; writes it where asked to.

    One that is not shows where, so that the log of a machine nobody can look into tells what happened there.
    """
    path = GOLDEN / f"{name}.txt"
    if os.environ.get(AGAIN):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    good = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = unified_diff(good.splitlines(), text.splitlines(), f"golden/{path.name}", "this run", lineterm="")
    difference = "\n".join(lines)
    assert not difference, f"another story than the one that was read:\n{difference}"
    return good == text
