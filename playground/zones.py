"""Time zones as Slack tells them: an offset in seconds and a long name."""

from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LONG_NAMES = {
    "GMT": "Greenwich Mean Time",
    "BST": "British Summer Time",
    "IST": "India Standard Time",
    "WET": "Western European Time",
    "WEST": "Western European Summer Time",
    "CET": "Central European Time",
    "CEST": "Central European Summer Time",
    "EET": "Eastern European Time",
    "EEST": "Eastern European Summer Time",
    "MSK": "Moscow Time",
    "EST": "Eastern Standard Time",
    "EDT": "Eastern Daylight Time",
    "CST": "Central Standard Time",
    "CDT": "Central Daylight Time",
    "MST": "Mountain Standard Time",
    "MDT": "Mountain Daylight Time",
    "PST": "Pacific Standard Time",
    "PDT": "Pacific Daylight Time",
    "JST": "Japan Standard Time",
    "KST": "Korean Standard Time",
    "SAST": "South Africa Standard Time",
    "EAT": "East Africa Time",
    "WAT": "West Africa Time",
    "AEST": "Australian Eastern Standard Time",
    "AEDT": "Australian Eastern Daylight Time",
    "NZST": "New Zealand Standard Time",
    "NZDT": "New Zealand Daylight Time",
    "UTC": "Coordinated Universal Time",
}
SAME_LETTERS = {
    "Europe/Dublin": "Irish Standard Time",
    "Asia/Shanghai": "China Standard Time",
    "Asia/Manila": "Philippine Time",
}


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of this IANA name; raises ValueError with a sentence for an unknown one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise ValueError(f"There is no time zone called {name!r}.") from problem


def offset_seconds(name: str, moment: datetime) -> int:
    """How far the zone is from UTC at this moment."""
    return int((moment.astimezone(zone(name)).utcoffset() or timedelta(0)).total_seconds())


def long_name(name: str, moment: datetime) -> str:
    """Such as "Central European Time"; a zone without a familiar name is called by its offset."""
    letters = moment.astimezone(zone(name)).tzname() or ""
    if name in SAME_LETTERS and letters in LONG_NAMES:
        return SAME_LETTERS[name]
    if letters in LONG_NAMES:
        return LONG_NAMES[letters]
    minutes = offset_seconds(name, moment) // 60
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def local_words(name: str, moment: datetime) -> str:
    """A moment as somebody there would say it: "Mon 23 Nov, 16:48"."""
    there = moment.astimezone(zone(name))
    return f"{there:%a} {there.day} {there:%b}, {there:%H:%M}"
