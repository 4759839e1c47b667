"""The forms of a meeting: plan it, move it, say where, and what to talk about."""

from datetime import date, datetime, time
from typing import Annotated

from pydantic import BeforeValidator

from bot.rules.days import zone_named
from bot.rules.meetings import MeetingCard, Sheet
from bot.rules.pairs import PairCard
from bot.slack import blocks as b
from bot.slack.forms import Form, Line, Words, wrong
from bot.slack.text import Markup, md
from bot.views.fields import at_most
from bot.views.meetings import city, when
from bot.views.people import first, seen_by, whole
from storage.models.members import Member

PLACE_MAX = 300
AGENDA_MAX = 3000
MINUTES = (15, 30, 45, 60, 90)
PLACE_HINT = "A Zoom, Teams, Meet or Jitsi link, a phone number, or a few words."
PROMISE = "By booking you say yes to one line: what we say stays between us, except safety."


def _day(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise wrong("Please pick a day.") from None


def _hour(value: object) -> time:
    try:
        return time.fromisoformat(str(value)).replace(tzinfo=None)
    except ValueError:
        raise wrong("Please pick a time.") from None


def _length(value: object) -> int:
    chosen = str(value)
    if chosen not in map(str, MINUTES):
        raise wrong("Please pick one of these lengths.")
    return int(chosen)


Day = Annotated[date, BeforeValidator(_day)]
Hour = Annotated[time, BeforeValidator(_hour)]
Length = Annotated[int, BeforeValidator(_length)]


class PlanForm(Form):
    """When, how long, and where."""

    day: Day
    time: Hour
    minutes: Length
    place: Annotated[Line, at_most(PLACE_MAX)] = ""


class MoveForm(Form):
    """When, and how long."""

    day: Day
    time: Hour
    minutes: Length


class PlaceForm(Form):
    """Where."""

    place: Annotated[Line, at_most(PLACE_MAX)] = ""


class AgendaForm(Form):
    """What the two would like to talk about."""

    agenda: Annotated[Words, at_most(AGENDA_MAX)] = ""


def _moment_inputs(day: str, clock: str, minutes: str) -> tuple[b.Block, b.Block, b.Block]:
    lengths = [b.Option(str(each), f"{each} minutes") for each in MINUTES]
    return (
        b.date_input("day", "Day", initial=day),
        b.time_input("time", "Time", initial=clock),
        b.select("minutes", "How long", lengths, initial=minutes),
    )


def _clock_words(reader: Member) -> Markup:
    return md("Day and time are on your own clock, in {city}.", city=city(reader.zone))


def plan(card: PairCard, reader: Member, day: date, minutes: int, kept: dict[str, str]) -> b.Modal:
    """Book a moment of one's own choosing; a first deed says what it says yes to."""
    promise = () if card.has_promised(reader) else (b.context(md(PROMISE)),)
    name = whole(card.partner_of(reader))
    return b.Modal(
        title="Plan a meeting",
        callback="meetings.plan",
        submit="Book it",
        close="Back",
        meta=card.id,
        blocks=(
            b.section(md("With *{name}*. {clock}", name=name, clock=_clock_words(reader))),
            *_moment_inputs(
                kept.get("day", day.isoformat()), kept.get("time", "10:00"), kept.get("minutes", str(minutes))
            ),
            b.text_input(
                "place",
                "Where",
                hint=PLACE_HINT,
                initial=kept.get("place", ""),
                max_length=PLACE_MAX,
                optional=True,
            ),
            *promise,
            b.context(seen_by("meetings.place")),
        ),
    )


def move(card: MeetingCard, reader: Member) -> b.Modal:
    """Move a meeting from where it stands; its version goes along, so that two moving at once are told."""
    row = card.meeting
    now: datetime = row.starts_at.astimezone(zone_named(reader.zone))
    words = md(
        "With *{name}*, so far {when}. {clock} {first} hears of it from me.",
        name=whole(card.pair.partner_of(reader)),
        when=when(card, reader),
        clock=_clock_words(reader),
        first=first(card.pair.partner_of(reader)),
    )
    return b.Modal(
        title="Move the meeting",
        callback="meetings.move_to",
        submit="Move it",
        close="Back",
        meta=f"{row.id} {row.version}",
        blocks=(b.section(words), *_moment_inputs(f"{now:%Y-%m-%d}", f"{now:%H:%M}", str(row.minutes))),
    )


def place(card: MeetingCard, reader: Member) -> b.Modal:
    """Say where to meet."""
    words = md(
        "*{when}* with {name}.",
        when=when(card, reader),
        name=first(card.pair.partner_of(reader)),
    )
    return b.Modal(
        title="Where you meet",
        callback="meetings.put_place",
        submit="Save",
        close="Back",
        meta=card.meeting.id,
        blocks=(
            b.section(words),
            b.text_input(
                "place",
                "Where",
                hint=PLACE_HINT,
                initial=card.meeting.place,
                max_length=PLACE_MAX,
                optional=True,
            ),
            b.context(seen_by("meetings.place")),
        ),
    )


PROMPTS = {
    True: "What brought each of you here? What would a good half-year be? How do you like to talk?",
    False: "What happened since last time? What is stuck? What is the next small step?",
}


def agenda(sheet: Sheet) -> b.Modal:
    """What to talk about, written by either; read only once the meeting is done with."""
    card = sheet.card
    words = md("*{when}* with {name}.", when=when(card, sheet.reader), name=first(card.pair.partner_of(sheet.reader)))
    body = _writing(sheet) if card.is_open and card.pair.is_live else _reading(sheet)
    return b.Modal(
        title="Agenda",
        callback="meetings.write_agenda",
        submit="Save" if card.is_open and card.pair.is_live else None,
        close="Back",
        meta=f"{card.meeting.id} {sheet.tag}",
        blocks=(b.section(words), *body, b.context(seen_by("meetings.agenda"))),
    )


def _reading(sheet: Sheet) -> tuple[b.Block, ...]:
    return (b.quote(sheet.words) if sheet.words else b.section(md("Nothing was put on it.")),)


def _writing(sheet: Sheet) -> tuple[b.Block, ...]:
    field = b.text_input(
        "agenda",
        "To talk about",
        hint="A line each. Both of you can write here.",
        placeholder=PROMPTS[sheet.card.meeting.is_first],
        initial=sheet.words,
        max_length=AGENDA_MAX,
        lines=True,
        optional=True,
    )
    if sheet.newer is None:
        return (field,)
    name = first(sheet.card.pair.partner_of(sheet.reader))
    newer = b.quote(sheet.newer) if sheet.newer else b.section(md("Now it is empty."))
    return (
        b.section(md("It was changed while you wrote, perhaps by {name}. Now it says:", name=name)),
        newer,
        b.section(md("Your own words are below. Take over what you like, then save.")),
        field,
    )
