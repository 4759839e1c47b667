"""The guide's steps: one sentence, one action, done by the real thing happening."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

PointsAt = Literal["action", "field", "submit", "person", "clock", "command", "chapter", "until"]
EndsBy = Literal["click", "submit", "command", "become", "step", "message", "open_home", "chapter"]

TOPIC = "data analysis"
GOAL = "Move from support into a data role"


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One step: who one is, what is said, where to press, and what ends it.

    `beside` is whose Home is shown next to one's own; `chapter` is the part of the story it belongs to.
    """

    key: str
    act_as: str
    sentence: str
    action: str
    points_at: tuple[PointsAt, str]
    ends_by: tuple[EndsBy, str, str]
    chapter: str
    fill: Mapping[str, str] = field(default_factory=dict)
    beside: str = ""


TITLE = "Six months in three minutes"
WANDERED = "You wandered off, good. Pick up here."
CLOSING = "That was the whole path. The workspace is yours now: press anything, be anybody, let time pass."
ENDING = (("Break something", "faults"), ("See every view", "#gallery"))


def _jump(key: str, act_as: str, sentence: str, to: str, action: str, chapter: str, beside: str = "") -> GuideStep:
    """A step that opens another chapter."""
    return GuideStep(key, act_as, sentence, action, ("chapter", to), ("chapter", "", to), chapter, beside=beside)


STEPS = (
    GuideStep(
        "begin",
        "noor",
        "You are Noor, in support, and want to work with data. Press Find a mentor.",
        "Find a mentor",
        ("action", "find.start"),
        ("click", "noor", "find.start"),
        "yes",
    ),
    GuideStep(
        "answer",
        "noor",
        "Two questions. That's all it takes to join.",
        "Show me who",
        ("submit", "find.search"),
        ("submit", "noor", "find.search"),
        "yes",
        {"topic": TOPIC, "goal": GOAL},
    ),
    GuideStep(
        "choose",
        "noor",
        "Reasons in words, no score. Grace is full, and it says so. Ask Tomás.",
        "Ask Tomás",
        ("action", "find.ask"),
        ("click", "noor", "find.ask"),
        "yes",
    ),
    GuideStep(
        "send",
        "noor",
        "The note is half-written, so that starting is easy. Send it.",
        "Send",
        ("submit", "find.send"),
        ("submit", "noor", "find.send"),
        "yes",
    ),
    GuideStep(
        "become",
        "noor",
        "That just reached Tomás. Be Tomás.",
        "Be Tomás",
        ("person", "tomas"),
        ("become", "tomas", ""),
        "yes",
    ),
    GuideStep(
        "accept",
        "tomas",
        "A doorbell, not a letter: the note opens only for him. Say yes; he has ten minutes to change his mind.",
        "Accept",
        ("action", "requests.accept"),
        ("click", "tomas", "requests.accept"),
        "yes",
    ),
    GuideStep(
        "take",
        "tomas",
        "Hours that suit both, on both clocks. Take one.",
        "Take one",
        ("action", "meetings.take"),
        ("click", "tomas", "meetings.take"),
        "weeks",
    ),
    GuideStep(
        "seen",
        "tomas",
        "Now be Noor again: her page changed by itself.",
        "Be Noor",
        ("person", "noor"),
        ("become", "noor", ""),
        "weeks",
    ),
    GuideStep(
        "sign",
        "noor",
        "An agreement to start from, prefilled. Sign it; any line can change later.",
        "Sign",
        ("action", "agreements.sign"),
        ("click", "noor", "agreements.sign"),
        "weeks",
    ),
    GuideStep(
        "days",
        "noor",
        "Now let the days pass. Watch what is said, to whom, and how little.",
        "Let the days pass",
        ("until", "meetings.met"),
        ("message", "noor", "meetings.met"),
        "weeks",
    ),
    GuideStep(
        "met",
        "noor",
        "Did they meet? One tap, not a form, and one yes counts for both.",
        "Yes, we met",
        ("action", "meetings.met"),
        ("click", "noor", "meetings.met"),
        "weeks",
    ),
    _jump(
        "to_quiet",
        "noor",
        "That went well. What if two people go quiet? The story jumps five weeks ahead.",
        "quiet",
        "It goes quiet",
        "weeks",
    ),
    _jump(
        "to_seen",
        "noor",
        "It asks, it doesn't scold. Not working is private. Next: what an organiser sees of all this.",
        "seen",
        "What Ingrid sees",
        "quiet",
    ),
    _jump(
        "to_six",
        "noor",
        "Here Noor's own page, beside it Ingrid's: states and counts, never a word. Now to month six.",
        "six",
        "Six months later",
        "seen",
        beside="ingrid",
    ),
    GuideStep(
        "record",
        "noor",
        "Month six. How to go on is theirs to say. Open what the two have done.",
        "Open",
        ("action", "relationships.show"),
        ("click", "noor", "relationships.show"),
        "six",
    ),
    _jump(
        "to_out",
        "noor",
        "That was the good way. Here is the other: it isn't working, and Noor may leave without a why.",
        "out",
        "This isn't working",
        "six",
    ),
    GuideStep(
        "not_working",
        "noor",
        "Said privately. Press it to see who would learn what.",
        "Not working",
        ("action", "relationships.not_working"),
        ("click", "noor", "relationships.not_working"),
        "out",
    ),
    GuideStep(
        "leave",
        "noor",
        "Somebody new is one step away, and Tomás reads one neutral line in ten minutes.",
        "Go on",
        ("submit", "relationships.leave"),
        ("submit", "noor", "relationships.leave"),
        "out",
    ),
    _jump(
        "to_peers",
        "noor",
        "Names at once, and nobody was blamed. Another way to learn: peers, two or three at a time.",
        "peers",
        "Meet your peers",
        "out",
    ),
    GuideStep(
        "we_met",
        "noor",
        "A message of their own introduces them, with a question to start. One tap by anyone counts for all.",
        "We met",
        ("action", "rounds.met"),
        ("click", "noor", "rounds.met"),
        "peers",
    ),
)
