"""What comes after a meeting: whether it took place, and one tap on how it was."""

from dataclasses import dataclass

from bot.rules.meetings import MeetingCard, Score
from storage.models.members import Member


@dataclass(frozen=True, slots=True)
class AfterCard:
    """A meeting as one of the two looks back on it; never what the other one said.

    `said_no` is the reader's own no, `has_rated` their own tap.
    """

    card: MeetingCard
    reader: Member
    said_no: bool
    has_rated: bool


@dataclass(frozen=True, slots=True)
class Word:
    """One person's own feedback on one meeting, for their own modal."""

    card: MeetingCard
    reader: Member
    score: Score
    words: str
