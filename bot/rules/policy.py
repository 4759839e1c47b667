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
MORNING_SPREAD = Default(
    timedelta(minutes=30), Grade.GUESS, "a morning's messages come to all within so long, not at once"
)
SKILLS_MOST = Default(10, Grade.GUESS, "skills one person lists on a side")
EVENT_AGAIN = Default(timedelta(minutes=1), Grade.GUESS, "an event whose work failed is tried again; then doubled")
EVENT_GIVEN_UP = Default(timedelta(days=1), Grade.GUESS, "no longer: long enough for a night, and for somebody to see")
INBOX_DAYS = Default(14, Grade.GUESS, "how long a delivery is remembered; Slack redelivers for a day at most")
LEFT_KEPT = Default(
    timedelta(days=14), Grade.VENDOR, "a workspace's rows after the app is uninstalled; Slack asks for 14 business days"
)
DIRECTORY_FRESH = Default(timedelta(hours=24), Grade.GUESS, "how often the whole directory is read again")

WEIGHT_TOPIC = Default(0.5, Grade.STUDY, "what they want to learn; deep similarity over surface (Eby et al. 2013)")
WEIGHT_GOAL = Default(0.2, Grade.STUDY, "words of the goal that the mentor teaches (Eby et al. 2013)")
WEIGHT_HOURS = Default(0.15, Grade.GUESS, "working hours in common; they have to be able to meet")
WEIGHT_LANGUAGE = Default(0.1, Grade.GUESS, "a language in common")
WEIGHT_ROOM = Default(0.05, Grade.GUESS, "the share of places still free, so that nobody is worn out")
HOURS_ENOUGH = Default(4, Grade.GUESS, "hours in common beyond which more does not help")

TERM_MONTHS = Default(6, Grade.PROGRAMME, "months a pair sets out for; the commonest")
RHYTHM_EASES = Default(timedelta(weeks=8), Grade.PROGRAMME, "every two weeks for so long, then at least monthly")
CONTACT_UNSIGNED = Default(timedelta(days=14), Grade.PROGRAMME, "contact is due after so long while nothing is signed")
MEETING_MINUTES = Default(45, Grade.PROGRAMME, "minutes of a meeting; contact goes with support (Eby et al. 2013)")
FIRST_MEETING_MINUTES = Default(30, Grade.PROGRAMME, "a first half hour is plenty")
WIDE_DAY_STARTS = Default(time(8), Grade.GUESS, "two whose working days never meet may meet from then on")
WIDE_DAY_ENDS = Default(time(20), Grade.GUESS, "two whose working days never meet may meet until then")
PLAN_AHEAD = Default(timedelta(days=366), Grade.GUESS, "a meeting further ahead is more likely a slip of the year")
PLAN_AFTER = Default(timedelta(days=3), Grade.PROGRAMME, "asked whether a first meeting is planned")
FIRST_MEETING_BY = Default(timedelta(days=14), Grade.PROGRAMME, "the first meeting should have been by then")
REMIND_BEFORE = Default(timedelta(hours=24), Grade.PROGRAMME, "a meeting's reminder")
REMIND_SOON_BEFORE = Default(timedelta(hours=1), Grade.PROGRAMME, "the first meeting's last reminder")
ASK_MENTEE_AFTER = Default(timedelta(hours=24), Grade.PROGRAMME, "did you meet, the mentee; slack-sup")
ASK_MENTOR_AFTER = Default(timedelta(hours=48), Grade.PROGRAMME, "did you meet, the mentor, if unanswered; slack-sup")
SIGN_NUDGE = Default(timedelta(days=14), Grade.GUESS, "an unsigned agreement is offered as it stands")
PULSE_FIRST = Default(timedelta(days=30), Grade.VENDOR, "the first pulse; Mentorloop")
PULSE_EVERY = Default(timedelta(days=60), Grade.VENDOR, "each pulse after; Mentorloop")
PULSE_CLEAR = Default(timedelta(days=21), Grade.GUESS, "no pulse this near to half-time or the end")
COUNTED_FROM = Default(5, Grade.GUESS, "people from whom on organisers see a count of check-ins")
QUIET_STEPS = Default(
    (timedelta(days=7), timedelta(days=14), timedelta(days=21), timedelta(days=28)),
    Grade.PROGRAMME,
    "past due: a digest line, a message, the organiser sees quiet, asleep; after Exercism and Mentorloop",
)
CLOSE_OFFER_AFTER = Default(timedelta(days=90), Grade.VENDOR, "asleep so long, closing is offered; Guider")
CLOSE_NOTICE = Default(timedelta(days=7), Grade.VENDOR, "notice before a sleeping pair is closed; Guider")
CLOSING_BEFORE = Default(timedelta(days=21), Grade.GUESS, "how to go on is asked so long before the term ends")
EXTEND_MONTHS = Default(3, Grade.GUESS, "months an extension adds")
FOLLOW_UP_MONTHS = Default(3, Grade.PROGRAMME, "the follow-up after the end; SciFY")
ROUND_EVERY = Default(timedelta(weeks=2), Grade.VENDOR, "peers are paired so often; Donut")
NO_REPEAT_ROUNDS = Default(6, Grade.PROGRAMME, "twelve weeks of rounds without meeting the same peer; slack-sup")
MISSES_MOST = Default(3, Grade.PROGRAMME, "rounds missed in a row before a peer is paused and told; slack-sup")
ROUND_ASK_BEFORE = Default(timedelta(days=2), Grade.GUESS, "asked whether they met so long before a round ends")
REGROUP_AFTER = Default(timedelta(hours=4), Grade.GUESS, "who is left alone waits so long for others in the same place")
INTRODUCTION_DAYS = Default(timedelta(days=7), Grade.GUESS, "a no and a silence look the same at this moment")
INTRODUCTION_MINUTES = Default(20, Grade.GUESS, "minutes a contact is asked for")
CONTACT_ASKS_A_MONTH = Default(2, Grade.GUESS, "asks for an introduction in thirty days, from everyone together")
UNASKED_A_WEEK = Default(3, Grade.GUESS, "unasked messages in seven of one's own days, the digest included")
MERGE_ABOVE = Default(300, Grade.GUESS, "nudges waiting their turn here, from which on one person's come as one")
MERGE_AFTER = Default(timedelta(minutes=15), Grade.GUESS, "or one of them waiting for so long")
BACKLOG_LEAST = Default(60, Grade.GUESS, "fewer are sent within a minute or two, however long they waited")
JAM_ABOVE = Default(3_000, Grade.GUESS, "messages that wait their turn here, from which on no digest is added to them")
JAM_AFTER = Default(timedelta(hours=1), Grade.GUESS, "or one of them waiting for so long")
JAM_PATIENCE = Default(timedelta(minutes=10), Grade.GUESS, "a digest held back is tried again, within its own hour")
DIGEST_DAY = Default(0, Grade.GUESS, "Monday")
DIGEST_HOUR = Default(9, Grade.GUESS, "between nine and ten in one's own zone")
TERM_LEAST_MONTHS = Default(1, Grade.GUESS, "the shortest term two people agree on")
TERM_MOST_MONTHS = Default(12, Grade.PROGRAMME, "the longest term two people agree on")
REPLY_DAYS = Default(2, Grade.GUESS, "working days an answer may take")
MILESTONES_MOST = Default(12, Grade.GUESS, "milestones a pair has open at a time")
MILESTONE_MONTHS_MOST = Default(24, Grade.GUESS, "months ahead a milestone may lie")
DIGEST_LINES = Default(7, Grade.GUESS, "lines of a digest; more is a list nobody reads to its end")
DIGEST_AHEAD = Default(timedelta(days=7), Grade.GUESS, "how far a digest looks ahead and back")
AWAY_MOST = Default(timedelta(days=365), Grade.GUESS, "further off than a year is a slip of the calendar")
