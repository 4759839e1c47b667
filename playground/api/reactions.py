"""reactions.*: small marks on messages."""

import re

from playground import posting
from playground.api.call import Answer, Call
from playground.payloads import message_object
from playground.records import Message
from playground.refusals import RefusalError

NAME = re.compile(r"[a-z0-9_+'\-]+(::skin-tone-[2-6])?")


def _message(call: Call) -> Message:
    conversation = call.conversation()
    message = call.state.message(conversation.id, call.text("timestamp", "no_item_specified"))
    if message is None or message.only_for is not None:
        raise RefusalError("message_not_found")
    if conversation.archived:
        raise RefusalError("is_archived")
    if not call.is_member(conversation):
        raise RefusalError("not_in_channel")
    return message


def _name(call: Call) -> str:
    name = call.text("name", "invalid_name").strip(":")
    if not NAME.fullmatch(name):
        raise RefusalError("invalid_name")
    return name


def add(call: Call) -> Answer:
    """reactions.add: once a person, a message and a mark."""
    message, name = _message(call), _name(call)
    if call.state.app.user_id in message.reactions.get(name, []):
        raise RefusalError("already_reacted")
    posting.react(call.world, message, call.state.app.user_id, name, added=True)
    return {}


def remove(call: Call) -> Answer:
    """reactions.remove: only one's own."""
    message, name = _message(call), _name(call)
    if call.state.app.user_id not in message.reactions.get(name, []):
        raise RefusalError("no_reaction")
    posting.react(call.world, message, call.state.app.user_id, name, added=False)
    return {}


def get(call: Call) -> Answer:
    """reactions.get."""
    message = _message(call)
    return {"type": "message", "channel": message.channel, "message": message_object(call.state, message)}
