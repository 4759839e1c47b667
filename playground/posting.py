"""Putting messages in their place: stored, shown to open pages, told to the app; used by the API, hooks and people."""

import re
from copy import deepcopy
from typing import Any

from playground import connect, events
from playground.elements import dress
from playground.payloads import message_object
from playground.records import Conversation, Json, Kind, Message
from playground.shapes import message_view
from playground.world import World

LONE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")
KNOWN_MENTION = re.compile(r"&lt;([@#][A-Z0-9]{3,})(?:\|[^<>|&]*)?&gt;")


def escape_typed(world: World, text: str) -> str:
    """What a person typed, as Slack stores it: escaped, but for mentions of people and places that exist."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    def known(found: re.Match[str]) -> str:
        name = found[1][1:]
        exists = name in world.state.users if found[1][0] == "@" else name in world.state.conversations
        return f"<{found[1]}>" if exists else found[0]

    return KNOWN_MENTION.sub(known, safe)


def tidy(text: str) -> str:
    """An app's text as Slack stores it: a lone ampersand is escaped, marks of its own stay."""
    return LONE_AMPERSAND.sub("&amp;", text)


def post(world: World, conversation: Conversation, author: str, text: str, **more: Any) -> Message:
    """Store and show a new message; `more` are fields of Message (blocks, thread_ts, only_for, by_app, ...)."""
    blocks = more.pop("blocks", None)
    message = Message(conversation.id, connect.next_ts(world, conversation), author, text, **more)
    message.blocks = dress(blocks, world.ids) if blocks else None
    if not message.by_app:
        world.state.seat(author).read[conversation.id] = message.ts
        world.state.keep(world.state.seat(author))
    _land(world, conversation, message)
    for other, twin in connect.others(world, conversation):
        if connect.reaches(other, message):
            _land(other, twin, connect.copy_for(world, message))
    if world.stepping and message.by_app:
        world.stepped.append(message)
    if message.by_app:
        world.guide.arrived(receivers(conversation, message), message.blocks)
    return message


def _land(world: World, conversation: Conversation, message: Message) -> None:
    """In one workspace that has the place: kept, shown, told to its app."""
    world.state.keep(message)
    _show(world, conversation, message, "message")
    events.message_said(world, conversation, message)
    _tell_news(world, conversation, message)


def receivers(conversation: Conversation, message: Message) -> list[str]:
    """Whom a message is for, whoever else may read it."""
    return [message.only_for] if message.only_for is not None else conversation.members


def readers(conversation: Conversation, message: Message) -> list[str] | None:
    """Whose pages show this message; None for everybody, since anybody may look into a public channel."""
    if message.only_for is not None:
        return [message.only_for]
    public = conversation.kind == Kind.CHANNEL and not conversation.private
    return None if public else conversation.members


def _show(world: World, conversation: Conversation, message: Message, kind: str) -> None:
    if world.stream.watched:
        shown = message_view(world.state, message)
        world.stream.tell(kind, readers(conversation, message), channel=conversation.id, message=shown)


def _tell_news(world: World, conversation: Conversation, message: Message) -> None:
    if not message.by_app or not world.stream.watched:
        return
    people = [message.only_for] if message.only_for else conversation.members
    world.stream.tell("news", None, news=news(world, [each for each in people if each in world.state.users]))


def news(world: World, people: list[str] | None = None) -> dict[str, int]:
    """How many messages of the app each person has not looked at."""
    counts = {each.id: 0 for each in world.state.people() if people is None or each.id in people}
    for conversation in world.state.conversations.values():
        for member in conversation.members:
            if member in counts:
                counts[member] += world.state.unread(conversation.id, member, from_app=True)
    return counts


def edit(world: World, message: Message, changes: Json, editor: str) -> None:
    """Change a message's text, blocks or attachments, wherever it is; an ephemeral one carries no mark of it."""
    conversation = world.state.conversations[message.channel]
    changes = {name: dress(each, world.ids) if name == "blocks" and each else each for name, each in changes.items()}
    for other, twin in connect.others(world, conversation):
        known = other.state.message(twin.id, message.ts)
        if known is not None:
            _change(other, twin, known, deepcopy(changes), editor)
    _change(world, conversation, message, changes, editor)


def _change(world: World, conversation: Conversation, message: Message, changes: Json, editor: str) -> None:
    before = message_object(world.state, message)
    for name, value in changes.items():
        setattr(message, name, value)
    message.typed = {}
    if message.only_for is None:
        message.edited = {"user": editor, "ts": world.state.next_ts()}
    world.state.keep(message)
    _show(world, conversation, message, "message_changed")
    if message.only_for is None:
        events.message_altered(world, conversation, message_object(world.state, message), before)


def delete(world: World, message: Message) -> None:
    """Take a message away, wherever it is."""
    conversation = world.state.conversations[message.channel]
    for other, twin in connect.others(world, conversation):
        known = other.state.message(twin.id, message.ts)
        if known is not None:
            _take_away(other, twin, known)
    _take_away(world, conversation, message)


def _take_away(world: World, conversation: Conversation, message: Message) -> None:
    before = message_object(world.state, message)
    world.state.drop(message)
    world.stream.tell("message_deleted", readers(conversation, message), channel=message.channel, ts=message.ts)
    if message.only_for is None:
        events.message_altered(world, conversation, None, before)


def react(world: World, message: Message, user_id: str, name: str, *, added: bool) -> None:
    """Put a mark on a message or take it off, wherever the message is."""
    conversation = world.state.conversations[message.channel]
    _mark(world, message, user_id, name, added=added)
    for other, twin in connect.others(world, conversation):
        known = other.state.message(twin.id, message.ts)
        if known is not None:
            _mark(other, known, user_id, name, added=added)


def _mark(world: World, message: Message, user_id: str, name: str, *, added: bool) -> None:
    users = message.reactions.setdefault(name, [])
    if added:
        users.append(user_id)
    else:
        users.remove(user_id)
    if not users:
        del message.reactions[name]
    world.state.keep(message)
    events.reacted(world, message, user_id, name, added=added)


def mark_read(world: World, user_id: str, channel: str) -> None:
    """The person has seen everything said here so far."""
    newest = next(world.state.newest_in(channel, user_id), None)
    seat = world.state.seat(user_id)
    if newest and seat.read.get(channel, "") < newest.ts:
        seat.read[channel] = newest.ts
        world.state.keep(seat)
        world.stream.tell("news", None, news=news(world, [user_id]))
