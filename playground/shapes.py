"""What the page reads: people, messages and places, in the words of the page's contract."""

from playground.payloads import moment_of
from playground.records import Conversation, Json, Message, User
from playground.state import State
from playground.zones import local_words, long_name

COLOURS = 6


def initials(name: str) -> str:
    """Two letters at most, for a circle."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    picked = words[:1] + words[-1:] if len(words) > 1 else words
    return "".join(word[0] for word in picked).upper()


def person_view(state: State, user: User) -> Json:
    """Somebody as the page shows them."""
    now = state.clock.now()
    return {
        "id": user.id,
        "key": user.key,
        "name": user.name,
        "initials": initials(user.name),
        "colour": user.order % COLOURS,
        "title": user.title,
        "tz": user.tz,
        "tz_label": long_name(user.tz, now),
        "local": local_words(user.tz, now),
        "deleted": user.deleted,
        "guest": user.is_restricted,
        "stranger": user.is_stranger,
        "foreign": user.foreign,
        "bot": user.is_bot or user.id == "USLACKBOT",
        "admin": user.is_admin or user.is_owner,
    }


def message_view(state: State, message: Message) -> Json:
    """A message as the page shows it."""
    first = message.thread_ts in {None, message.ts}
    return {
        "ts": message.ts,
        "at": moment_of(message.ts).isoformat(),
        "user": message.user,
        "by_app": message.by_app,
        "text": message.text,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "files": message.files,
        "subtype": message.subtype,
        "thread_ts": message.thread_ts,
        "replies": len(state.replies(message.channel, message.ts)) if first else 0,
        "edited": message.edited is not None,
        "only_you": message.only_for is not None,
        "reactions": {name: len(users) for name, users in message.reactions.items()},
        "state": message.typed,
    }


def conversation_view(state: State, conversation: Conversation, user_id: str) -> Json:
    """A place in somebody's list."""
    newest = next(state.newest_in(conversation.id, user_id), None)
    return {
        "id": conversation.id,
        "kind": conversation.kind,
        "name": place_name(state, conversation, user_id),
        "private": conversation.private,
        "archived": conversation.archived,
        "purpose": conversation.purpose,
        "with": [each for each in conversation.members if each != user_id],
        "unread": state.unread(conversation.id, user_id),
        "member": user_id in conversation.members,
        "last": newest.ts if newest else None,
    }


def place_name(state: State, conversation: Conversation, user_id: str) -> str:
    """What somebody calls a place: a channel's name, or the others in it."""
    if conversation.name and conversation.kind == "channel":
        return conversation.name
    others = [state.users[each].name for each in conversation.members if each != user_id]
    return ", ".join(others)


def first_line(text: str, most: int = 80) -> str:
    """The beginning of a message, for a strip or a list."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
