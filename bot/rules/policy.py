"""Every default, graded by its evidence: S study, P a programme's record, V a vendor's practice, G our guess."""

from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Grade(StrEnum):
    """How well a default is founded."""

    STUDY = "S"
    PROGRAMME = "P"
    VENDOR = "V"
    GUESS = "G"


@dataclass(frozen=True, slots=True)
class Default(Generic[T]):
    """One default, and why it is what it is."""

    value: T
    grade: Grade
    why: str


ACCEPT_DAYS = Default(3, Grade.VENDOR, "working days a name has to answer; Together")
REMIND_AFTER_DAYS = Default(1, Grade.GUESS, "the reminder comes on the second working day")
SEARCH_NAMES = Default(5, Grade.PROGRAMME, "names asked in turn; Women Coding Community ranks five")
SEARCH_DAYS = Default(24, Grade.VENDOR, "a search closes by this day at the latest")
PLACES = Default(2, Grade.PROGRAMME, "mentees a mentor takes on at a time")
PLACES_MOST = Default(5, Grade.PROGRAMME, "more than five mentees, and each gets too little")
UNDO = Default(timedelta(minutes=10), Grade.GUESS, "bad or irreversible news waits this long")
DAY_STARTS = Default(time(9), Grade.GUESS, "own zone; nothing reaches anyone before")
DAY_ENDS = Default(time(17), Grade.GUESS, "own zone; nothing reaches anyone after")
SKILLS_MOST = Default(10, Grade.GUESS, "skills one person lists on a side")
INBOX_DAYS = Default(14, Grade.GUESS, "how long a delivery is remembered; Slack redelivers for a day at most")
DIRECTORY_FRESH = Default(timedelta(hours=24), Grade.GUESS, "how often the whole directory is read again")

WEIGHT_TOPIC = Default(0.5, Grade.STUDY, "what they want to learn; deep similarity over surface (Eby et al. 2013)")
WEIGHT_GOAL = Default(0.2, Grade.STUDY, "words of the goal that the mentor teaches (Eby et al. 2013)")
WEIGHT_HOURS = Default(0.15, Grade.GUESS, "working hours in common; they have to be able to meet")
WEIGHT_LANGUAGE = Default(0.1, Grade.GUESS, "a language in common")
WEIGHT_ROOM = Default(0.05, Grade.GUESS, "the share of places still free, so that nobody is worn out")
HOURS_ENOUGH = Default(4, Grade.GUESS, "hours in common beyond which more does not help")
