"""Reading what a person typed or chose into Slack's value shapes, as strict as the client is."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from playground.elements import VALUE_FIELDS, options_of
from playground.records import Conversation, File, Json, Kind
from playground.refusals import NotPossibleError
from playground.state import State

EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+")
WEB = re.compile(r"https?://[^\s/?#]+\.?[^\s]*", re.IGNORECASE)
DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
MOMENT_DIGITS = 10
NEEDED = "This one is needed."


class NotAChoiceError(NotPossibleError):
    """The value is not one this element offers; the page cannot produce it."""

    def __init__(self, what: str) -> None:
        super().__init__("invalid_choice", what)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads raw values for one person; `loaded` are the options an app gave for an external select."""

    state: State
    user: str
    loaded: list[Json]

    def read(self, element: Json, raw: Any) -> Any:
        """The value in Slack's shape, or None for nothing; refuses what could not have been chosen."""
        name, many = VALUE_FIELDS[element["type"]]
        if raw is None or raw in ("", []):
            return None
        one = self._reader(element, name)
        if not many:
            return one(raw)
        if not isinstance(raw, list):
            raise NotAChoiceError("Several values are chosen as a list.")
        return [one(each) for each in raw]

    def _reader(self, element: Json, name: str) -> Callable[[Any], Any]:
        stem = name.rstrip("s") if name != "files" else name
        readers: dict[str, Callable[[Any], Any]] = {
            "value": str,
            "rich_text_value": rich_text,
            "selected_option": lambda raw: self._option(element, raw),
            "selected_user": self._user,
            "selected_conversation": lambda raw: self._conversation(element, raw),
            "selected_channel": self._channel,
            "selected_date": lambda raw: _matching(DATE, raw),
            "selected_time": lambda raw: _matching(TIME, raw),
            "selected_date_time": _moment,
            "files": self._file,
        }
        return readers[stem]

    def _option(self, element: Json, raw: Any) -> Json:
        wanted = raw.get("value") if isinstance(raw, dict) else raw
        known = options_of(element) or self.loaded
        initial = element.get("initial_options") or [element.get("initial_option")]
        for option in [*known, *(each for each in initial if each)]:
            if option.get("value") == wanted:
                return {key: option[key] for key in ("text", "value", "description") if key in option}
        raise NotAChoiceError(f"There is no choice {wanted!r} here.")

    def _user(self, raw: Any) -> str:
        if raw not in self.state.users:
            raise NotAChoiceError("There is nobody with that id.")
        return str(raw)

    def _conversation(self, element: Json, raw: Any) -> str:
        seen = {each.id: each for each in self.state.visible_to(self.user)}
        if raw not in seen or not fits_filter(element.get("filter") or {}, seen[raw], self.state):
            raise NotAChoiceError("That conversation can't be chosen here.")
        return str(raw)

    def _channel(self, raw: Any) -> str:
        seen = {c.id for c in self.state.visible_to(self.user) if c.kind == Kind.CHANNEL and not c.private}
        if raw not in seen:
            raise NotAChoiceError("That channel can't be chosen here.")
        return str(raw)

    def _file(self, raw: Any) -> Json:
        name = raw.get("name", "") if isinstance(raw, dict) else str(raw)
        made = int(self.state.clock.seconds())
        kept = File(self.state.ids.make("F"), str(name), 0, made, "", title=str(name), complete=True)
        if isinstance(raw, dict):
            kept.content = str(raw.get("content", ""))
            kept.length = len(kept.content.encode())
        self.state.keep(kept)
        return {
            "id": kept.id,
            "created": made,
            "name": kept.name,
            "title": kept.title,
            "size": kept.length,
            "user": self.user,
        }


def fits_filter(wanted: Json, conversation: Conversation, state: State) -> bool:
    """Whether a conversations_select with this filter offers this conversation."""
    if conversation.kind == Kind.CHANNEL:
        word = "private" if conversation.private else "public"
    else:
        word = "mpim" if conversation.kind == Kind.GROUP else "im"
    include = wanted.get("include")
    if include and word not in include:
        return False
    others = [state.users[each] for each in conversation.members if each in state.users]
    if wanted.get("exclude_bot_users") and word == "im" and any(each.is_bot for each in others):
        return False
    is_shared = bool(conversation.shared) or any(each.is_stranger for each in others)
    return not (wanted.get("exclude_external_shared_channels") and is_shared)


def rich_text(raw: Any) -> Json:
    """Rich text as typed; plain words become one section."""
    if isinstance(raw, dict):
        return raw
    words = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(raw)}]}
    return {"type": "rich_text", "elements": [words]}


def _matching(pattern: re.Pattern[str], raw: Any) -> str:
    if not isinstance(raw, str) or not pattern.fullmatch(raw):
        raise NotAChoiceError(f"{raw!r} is not a date or time.")
    return raw


def _moment(raw: Any) -> int:
    if not str(raw).isdigit() or len(str(raw)) != MOMENT_DIGITS:
        raise NotAChoiceError(f"{raw!r} is not a moment in seconds since 1970.")
    return int(raw)


def complaint(block: Json, element: Json, value: Any) -> str | None:
    """Why the client would not send this, as a sentence beside the field; None when it would."""
    kind = element["type"]
    if value in (None, "", []) or (isinstance(value, str) and not value.strip()):
        return None if block.get("optional") else NEEDED
    if kind in WORDED:
        return WORDED[kind](element, value)
    most = element.get("max_files" if kind == "file_input" else "max_selected_items")
    return f"Choose at most {most}." if most and isinstance(value, list) and len(value) > most else None


def _length_complaint(element: Json, value: str) -> str | None:
    least, most = element.get("min_length") or 0, element.get("max_length") or 3000
    if len(value) < least:
        return f"Write at least {least} characters."
    return f"Write at most {most} characters; these are {len(value)}." if len(value) > most else None


def _number_complaint(element: Json, value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "That isn't a number."
    if not number.is_finite():
        return "That isn't a number."
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        return "Write a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and number < Decimal(str(least)):
        return f"Write {least} or more."
    return f"Write {most} or less." if most is not None and number > Decimal(str(most)) else None


def _email_complaint(_: Json, value: str) -> str | None:
    return None if EMAIL.fullmatch(value) else "That doesn't look like an e-mail address."


def _web_complaint(_: Json, value: str) -> str | None:
    return None if WEB.fullmatch(value) else "That doesn't look like a web address. It begins with https://"


WORDED: dict[str, Callable[[Json, str], str | None]] = {
    "plain_text_input": _length_complaint,
    "number_input": _number_complaint,
    "email_text_input": _email_complaint,
    "url_text_input": _web_complaint,
}
