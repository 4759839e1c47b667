"""Block Kit in our few words: functions that give plain dicts, and the three surfaces they stand on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict, Unpack

from bot.slack.text import MRKDWN_MAX, Markup, cut, joined, unmarked

Block = dict[str, Any]

BUTTON_MAX = 75
TITLE_MAX = 24
HEADER_MAX = 150
OPTION_MAX = 75


@dataclass(frozen=True, slots=True)
class Message:
    """A message; `text` is what a screen reader and a notification read."""

    text: Markup
    blocks: tuple[Block, ...]

    def payload(self) -> dict[str, Any]:
        """The arguments of chat.postMessage and chat.update that carry words."""
        return {"text": unmarked(self.text), "blocks": list(self.blocks)}


@dataclass(frozen=True, slots=True)
class Modal:
    """A modal; `meta` carries ids only, each checked again on arrival."""

    title: str
    callback: str
    blocks: tuple[Block, ...]
    submit: str | None = None
    close: str = "Close"
    meta: str = ""

    def payload(self) -> dict[str, Any]:
        """The view object of views.open and its kin."""
        view: dict[str, Any] = {
            "type": "modal",
            "callback_id": self.callback,
            "title": plain(self.title),
            "close": plain(self.close),
            "blocks": list(self.blocks),
            "private_metadata": self.meta,
        }
        return view | ({"submit": plain(self.submit)} if self.submit else {})


@dataclass(frozen=True, slots=True)
class Home:
    """Somebody's App Home."""

    blocks: tuple[Block, ...]

    def payload(self) -> dict[str, Any]:
        """The view object of views.publish."""
        return {"type": "home", "blocks": list(self.blocks)}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select, checkboxes or radio buttons."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Confirm:
    """Slack's own "are you sure", with words for both ways."""

    title: str
    text: str
    yes: str
    no: str = field(default="Not now")


class Choosing(TypedDict, total=False):
    """What may be said of a choice: the value it starts with, a hint, whether it may stay empty."""

    initial: str
    hint: str
    optional: bool


def plain(text: str) -> Block:
    """A plain_text object; emoji codes in it stay as typed."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn(text: Markup) -> Block:
    """A mrkdwn object that parses nothing by itself: no bare links, no @here."""
    return {"type": "mrkdwn", "text": text.value, "verbatim": True}


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain(cut(text, HEADER_MAX))}


def section(text: Markup, accessory: Block | None = None) -> Block:
    """A paragraph, perhaps with one thing to press beside it."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | ({"accessory": accessory} if accessory else {})


def paragraphs(lines: Iterable[Markup]) -> tuple[Block, ...]:
    """Lines in as few paragraphs as can hold them; a line is never split."""
    packed: list[list[Markup]] = []
    for line in lines:
        if packed and len(joined([*packed[-1], line]).value) <= MRKDWN_MAX:
            packed[-1].append(line)
        else:
            packed.append([line])
    return tuple(section(joined(run)) for run in packed)


def context(*texts: Markup) -> Block:
    """Small print."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts]}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def quote(text: str) -> Block:
    """What a person wrote, exactly: rich text is never parsed, so nothing in it can mention or link."""
    leaf = {"type": "text", "text": text or " "}
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [leaf]}]}


def actions(*buttons: Block) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(buttons)}


def button(label: str, action: str, value: str = "", style: str = "", confirm: Confirm | None = None) -> Block:
    """A button whose action is `feature.verb`; its value is an id, checked again on arrival."""
    block: Block = {"type": "button", "text": plain(cut(label, BUTTON_MAX)), "action_id": action}
    if value:
        block["value"] = value
    if style:
        block["style"] = style
    if confirm:
        block["confirm"] = _confirm(confirm)
    return block


def _confirm(confirm: Confirm) -> Block:
    return {
        "title": plain(confirm.title),
        "text": plain(confirm.text),
        "confirm": plain(confirm.yes),
        "deny": plain(confirm.no),
    }


def message(words: Markup, *buttons: Block) -> Message:
    """A message of one paragraph, and a row of buttons if there are any."""
    return Message(words, (section(words), *((actions(*buttons),) if buttons else ())))


def text_input(  # noqa: PLR0913  (the fields of Slack's own element)
    field_name: str,
    label: str,
    *,
    hint: str = "",
    placeholder: str = "",
    initial: str = "",
    max_length: int = 300,
    lines: bool = False,
    optional: bool = False,
) -> Block:
    """A field for words; its name is the block id, the element's action id and the key of its error."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": field_name,
        "multiline": lines,
        "max_length": max_length,
    }
    if placeholder:
        element["placeholder"] = plain(cut(placeholder, 150))
    if initial:
        element["initial_value"] = initial[:max_length]
    return _input(field_name, label, element, hint=hint, optional=optional)


def select(field_name: str, label: str, options: Sequence[Option], **more: Unpack[Choosing]) -> Block:
    """One choice of many."""
    return _choice("static_select", field_name, label, options, **more)


def radio(field_name: str, label: str, options: Sequence[Option], **more: Unpack[Choosing]) -> Block:
    """One choice of few, all in sight."""
    return _choice("radio_buttons", field_name, label, options, **more)


def checkboxes(
    field_name: str, label: str, options: Sequence[Option], *, initial: Sequence[str] = (), hint: str = ""
) -> Block:
    """Any number of few; always optional, since none is an answer."""
    element: Block = {"type": "checkboxes", "action_id": field_name, "options": [_option(o) for o in options]}
    chosen = [_option(o) for o in options if o.value in initial]
    if chosen:
        element["initial_options"] = chosen
    return _input(field_name, label, element, hint=hint, optional=True)


def person_select(field_name: str, label: str, *, hint: str = "", optional: bool = False) -> Block:
    """A person of the workspace."""
    element: Block = {"type": "users_select", "action_id": field_name}
    return _input(field_name, label, element, hint=hint, optional=optional)


def channel_select(field_name: str, label: str, *, hint: str = "", optional: bool = False) -> Block:
    """A public channel of the workspace; one that another company shares is not offered, since they would read it."""
    own = {"include": ["public"], "exclude_external_shared_channels": True}
    element: Block = {"type": "conversations_select", "action_id": field_name, "filter": own}
    return _input(field_name, label, element, hint=hint, optional=optional)


def date_input(field_name: str, label: str, *, initial: str = "", hint: str = "", optional: bool = False) -> Block:
    """A day; `initial` is ISO, such as 2027-03-01."""
    element: Block = {"type": "datepicker", "action_id": field_name}
    element |= {"initial_date": initial} if initial else {}
    return _input(field_name, label, element, hint=hint, optional=optional)


def time_input(field_name: str, label: str, *, initial: str = "", hint: str = "", optional: bool = False) -> Block:
    """A time of day on the reader's own clock; `initial` is such as 09:30."""
    element: Block = {"type": "timepicker", "action_id": field_name}
    element |= {"initial_time": initial} if initial else {}
    return _input(field_name, label, element, hint=hint, optional=optional)


def _choice(kind: str, field_name: str, label: str, options: Sequence[Option], **more: Unpack[Choosing]) -> Block:
    element: Block = {"type": kind, "action_id": field_name, "options": [_option(o) for o in options]}
    chosen = [_option(o) for o in options if o.value == more.get("initial")]
    if chosen:
        element["initial_option"] = chosen[0]
    return _input(field_name, label, element, hint=more.get("hint", ""), optional=more.get("optional", False))


def _input(field_name: str, label: str, element: Block, *, hint: str, optional: bool) -> Block:
    block: Block = {
        "type": "input",
        "block_id": field_name,
        "label": plain(label),
        "element": element,
        "optional": optional,
    }
    return block | ({"hint": plain(hint)} if hint else {})


def _option(option: Option) -> Block:
    block: Block = {"text": plain(cut(option.label, OPTION_MAX)), "value": option.value}
    return block | ({"description": plain(cut(option.note, OPTION_MAX))} if option.note else {})


def link(label: str, url: str) -> Block:
    """A web address, shown whole so that people see where it leads; in rich text nothing around it is parsed."""
    leaves = [{"type": "text", "text": label}, {"type": "link", "url": url}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": leaves}]}


def channel_line(label: str, channel: str, after: str = "") -> Block:
    """Words with a channel in them, named by Slack itself; in rich text nothing around it is parsed."""
    leaves = [{"type": "text", "text": label}, {"type": "channel", "channel_id": channel}]
    leaves += [{"type": "text", "text": after}] if after else []
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": leaves}]}
