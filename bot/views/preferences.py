"""Settings: how much, when, away; and one pair on hold."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

from bot.rules.preferences import DAYS, HOURS, Choice, PairAway, Settings, back_day
from bot.slack import blocks as b
from bot.slack.forms import Form, wrong
from bot.slack.text import Markup, joined, md
from bot.views import times
from bot.views.away import back_words, in_pair
from bot.views.people import first
from storage.models.preferences import Attention

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
ATTENTION = (
    b.Option(Attention.EVERYTHING, "Everything", "Three times a week at most, a weekly digest included"),
    b.Option(Attention.ONLY_ASKED, "Only what I asked for", "Requests, answers, and meetings you booked"),
)


def _attention(value: object) -> object:
    if value not in set(Attention):
        raise wrong("Choose one of the two, please.")
    return Attention(str(value))


def _day(value: object) -> object:
    if value not in {str(day) for day in DAYS}:
        raise wrong("Choose a day from Monday to Friday, please.")
    return int(str(value))


def _hour(value: object) -> object:
    if value not in {str(hour) for hour in HOURS}:
        raise wrong("Choose an hour between 9:00 and 16:00, please.")
    return int(str(value))


def _date(value: object) -> object:
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise wrong("I couldn't read this day. Please pick it from the calendar.") from None


def _some_date(value: object) -> object:
    found = _date(value)
    if found is None:
        raise wrong("Pick the day you two go on, please.")
    return found


class SettingsForm(Form):
    """How much, when, and away until."""

    attention: Annotated[Attention, BeforeValidator(_attention)]
    day: Annotated[int, BeforeValidator(_day)]
    hour: Annotated[int, BeforeValidator(_hour)]
    away: Annotated[date | None, BeforeValidator(_date)] = None

    def choice(self) -> Choice:
        """The form as the service takes it."""
        return Choice(self.attention, self.day, self.hour, self.away)


def settings(now: Settings, kept: Mapping[str, str]) -> b.Modal:
    """One's own settings: four questions, the last of them optional."""
    back_on = back_day(now.away_until, now.member.zone).isoformat() if now.away_until else ""
    return b.Modal(
        title="Settings",
        callback="preferences.save",
        submit="Save",
        close="Back",
        blocks=(
            *((_back_row(now),) if now.away_until else ()),
            b.radio("attention", "What reaches you", ATTENTION, initial=kept.get("attention", now.attention)),
            b.select("day", "Day of your digest", _days(), initial=kept.get("day", str(now.day))),
            b.select("hour", "Hour of your digest", _hours(), initial=kept.get("hour", str(now.hour))),
            b.date_input(
                "away",
                "Away, and back on",
                initial=_known(kept.get("away", "")) or back_on,
                hint="Leave it empty if you're here. Your mentor and mentees read the day, nothing else.",
                optional=True,
            ),
            b.context(md("Days and hours are yours, wherever Slack says you are.")),
        ),
    )


def _back_row(now: Settings) -> b.Block:
    return b.section(md("You're away until {day}.", day=_back_on(now)), b.button("I'm back", "preferences.back"))


def _back_on(now: Settings) -> str:
    return times.day(now.away_until, now.member.zone) if now.away_until else ""


def _known(typed: str) -> str:
    """A kept day, if the calendar can open on it."""
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        return ""


def _days() -> list[b.Option]:
    return [b.Option(str(day), WEEKDAYS[day]) for day in DAYS]


def _hours() -> list[b.Option]:
    return [b.Option(str(hour), f"Between {hour}:00 and {hour + 1}:00") for hour in HOURS]


def saved(now: Settings) -> b.Modal:
    """What holds from now on."""
    undo = (b.actions(b.button("I'm back", "preferences.back")),) if now.away_until else ()
    return b.Modal(title="Saved", callback="preferences.saved", blocks=(b.section(_holds(now)), *undo))


def back(now: Settings) -> b.Message:
    """Somebody is here again."""
    words = joined([md("Good to have you. Reminders begin afresh from today."), _holds(now)], " ")
    return b.Message(words, (b.section(words),))


def _holds(now: Settings) -> Markup:
    if now.away_until is not None:
        return md(
            "I keep everything for you until {day}. Those you work with read the day in ten minutes.",
            day=_back_on(now),
        )
    if now.attention is Attention.ONLY_ASKED:
        return md("I write only when you asked for it. Everything else is on the Home tab.")
    if now.next_digest_at is None:
        return md("Once you take part, your digest comes on the day you chose.")
    return md("Your next digest: {when}.", when=times.moment_words(now.next_digest_at, now.member.zone))


class PauseForm(Form):
    """The day a pair goes on."""

    away: Annotated[date, BeforeValidator(_some_date)]


def pause(held: PairAway, kept: Mapping[str, str]) -> b.Modal:
    """Putting one pair on hold; the other one reads the day and nothing else."""
    name = first(held.card.partner_of(held.reader))
    lead = md("Reminders about you and {name} stop, and dates wait. {name} reads the day, nothing else.", name=name)
    own_day = back_day(held.until, held.reader.zone).isoformat() if held.until and held.is_own else ""
    return b.Modal(
        title="Pause a while",
        callback="preferences.pause",
        submit="Pause",
        close="Back",
        meta=held.card.id,
        blocks=(
            b.section(lead),
            *(in_pair(held) if held.until else ()),
            b.date_input("away", "Go on again on", initial=_known(kept.get("away", "")) or own_day),
        ),
    )


def resumed(held: PairAway) -> b.Message:
    """A pair goes on, or still waits for one of the two who is away altogether."""
    name = first(held.card.partner_of(held.reader))
    if held.until is None:
        words = md("You and {name} are on again. Reminders begin afresh from today.", name=name)
        again = b.button("Pause again", "preferences.pause_pair", held.card.id)
        return b.Message(words, (b.section(words), b.actions(again)))
    if held.is_own:
        words = md("You're away until {day}, so you and {name} wait until then.", day=back_words(held), name=name)
        return b.Message(words, (b.section(words), b.actions(b.button("I'm back", "preferences.back"))))
    words = md("{name} is away until {day}, so the two of you wait until then.", name=name, day=back_words(held))
    return b.Message(words, (b.section(words),))
