"""The guide's steps: one sentence, one action, done by the real thing happening."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

PointsAt = Literal["action", "field", "submit", "person", "clock", "command"]
EndsBy = Literal["click", "submit", "command", "become", "step", "message", "open_home"]

TOPIC = "data analysis"
GOAL = "Move from support into a data role"


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One step: who one is, what is said, where to press, and what ends it."""

    key: str
    act_as: str
    sentence: str
    action: str
    points_at: tuple[PointsAt, str]
    ends_by: tuple[EndsBy, str, str]
    fill: Mapping[str, str] = field(default_factory=dict)


TITLE = "From a question to a yes"
WANDERED = "You wandered off, good. Pick up here."

STEPS = (
    GuideStep(
        "begin",
        "noor",
        "You are Noor, in support, and want to work with data. Press Find a mentor.",
        "Find a mentor",
        ("action", "find.start"),
        ("click", "noor", "find.start"),
    ),
    GuideStep(
        "answer",
        "noor",
        "Two questions. That's all it takes to join.",
        "Show me who",
        ("submit", "find.search"),
        ("submit", "noor", "find.search"),
        {"topic": TOPIC, "goal": GOAL},
    ),
    GuideStep(
        "choose",
        "noor",
        "Reasons in words, no score. Grace is full, and it says so. Ask Tomás.",
        "Ask Tomás",
        ("action", "find.ask"),
        ("click", "noor", "find.ask"),
    ),
    GuideStep(
        "send",
        "noor",
        "The note is half-written, so that starting is easy. Send it.",
        "Send",
        ("submit", "find.send"),
        ("submit", "noor", "find.send"),
    ),
    GuideStep(
        "become",
        "noor",
        "That just reached Tomás. Be Tomás.",
        "Be Tomás",
        ("person", "tomas"),
        ("become", "tomas", ""),
    ),
    GuideStep(
        "accept",
        "tomas",
        "A doorbell, not a letter: the note opens only for him. Say yes.",
        "Accept",
        ("action", "requests.accept"),
        ("click", "tomas", "requests.accept"),
    ),
    GuideStep(
        "undo",
        "tomas",
        "Ten minutes to change his mind. Try it.",
        "Undo",
        ("action", "requests.undo_accept"),
        ("click", "tomas", "requests.undo_accept"),
    ),
    GuideStep(
        "again",
        "tomas",
        "The request is back, nothing lost. Say yes after all.",
        "Accept",
        ("action", "requests.accept"),
        ("click", "tomas", "requests.accept"),
    ),
    GuideStep(
        "seen",
        "tomas",
        "Now be Noor again: her page changed by itself.",
        "Be Noor",
        ("person", "noor"),
        ("become", "noor", ""),
    ),
)
