"""How strings must be written where a length is not enough: addresses, dates, times, zones, numbers."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from urllib.parse import urlsplit
from zoneinfo import available_timezones

TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
NOT_IN_URLS = re.compile(r"[\s\x00-\x1f\x7f<>\"]")

Format = Callable[[str], bool]


def is_url(text: str, schemes: tuple[str, ...] = ("http", "https")) -> bool:
    """A complete http or https address with a host and nothing that could break out of a link."""
    if NOT_IN_URLS.search(text):
        return False
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:  # brackets that are no IPv6 address
        return False
    return parts.scheme in schemes and bool(host)


def is_secure_url(text: str) -> bool:
    """An https address."""
    return is_url(text, ("https",))


def is_date(text: str) -> bool:
    """A day of the calendar as YYYY-MM-DD."""
    if not DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_time(text: str) -> bool:
    """A time of day as HH:mm, 00:00 to 23:59."""
    return TIME.fullmatch(text) is not None


@cache
def zone_names() -> frozenset[str]:
    """Every zone of the IANA database at hand; read from disk once, for it takes a while."""
    return frozenset(available_timezones())


def is_timezone(text: str) -> bool:
    """A name of the IANA database."""
    return text in zone_names()


def as_number(text: str) -> Decimal | None:
    """The number a decimal string writes; None where it writes none."""
    return Decimal(text) if NUMBER.fullmatch(text) else None


def is_number(text: str) -> bool:
    """A decimal number written out: digits, at most one point, at most one sign."""
    return as_number(text) is not None


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "url": is_url,
        "https": is_secure_url,
        "date": is_date,
        "time": is_time,
        "timezone": is_timezone,
        "number": is_number,
    }
)
