"""Days and hours in the reader's own zone."""

from datetime import date, datetime, time

from bot.rules.days import Window, zone_named


def day(moment: datetime, zone: str) -> str:
    """`Thu 26 Nov`."""
    return _day(moment.astimezone(zone_named(zone)).date())


def clock(moment: datetime, zone: str) -> str:
    """`16:48`."""
    return hour(moment.astimezone(zone_named(zone)).time())


def weekday_clock(moment: datetime, zone: str) -> str:
    """`Thu 16:48`."""
    return f"{moment.astimezone(zone_named(zone)):%a} {clock(moment, zone)}"


def moment_words(moment: datetime, zone: str) -> str:
    """`Thu 26 Nov, 16:48`."""
    return f"{day(moment, zone)}, {clock(moment, zone)}"


def hour(wall: time) -> str:
    """`09:00`."""
    return wall.strftime("%H:%M")


def window(stretch: Window) -> str:
    """`14:00 to 17:00`."""
    return f"{hour(stretch.start)} to {hour(stretch.end)}"


def date_words(value: date) -> str:
    """`Thu 26 Nov 2026`."""
    return f"{_day(value)} {value.year}"


def _day(value: date) -> str:
    return f"{value:%a} {value.day} {value:%b}"
