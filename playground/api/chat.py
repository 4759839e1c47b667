"""chat.*: messages of the app."""

from typing import Any

from playground import connect, posting
from playground.api.call import Answer, Call
from playground.checks import parsed, refuse_bad_message
from playground.payloads import message_object
from playground.records import Conversation, Json, Kind, Message
from playground.refusals import RefusalError

MARKDOWN_MOST = 12_000
ATTACHMENTS_MOST = 100


def read_content(call: Call, *, needed: bool = True) -> Json:
    """Text, blocks and attachments of a call, checked as Slack checks them."""
    content: Json = {}
    given = call.arguments
    if given.get("markdown_text") is not None:
        return _markdown(call)
    if given.get("text") is not None:
        content["text"] = call.text("text")
    for name, error in (("blocks", "invalid_blocks_format"), ("attachments", "invalid_attachments")):
        if given.get(name) not in (None, ""):
            content[name] = _list_of(parsed(given[name], error), error)
    if needed and not (content.get("text") or content.get("blocks") or content.get("attachments")):
        raise RefusalError("no_text")
    if len(content.get("attachments") or ()) > ATTACHMENTS_MOST:
        raise RefusalError("too_many_attachments")
    refuse_bad_message(content)
    if content.get("blocks") and not content.get("text"):
        if call.world.strict_text:
            raise RefusalError("no_text")
        call.warnings.append("missing_text_in_message")
    return _tidied(call, content)


def _tidied(call: Call, content: Json) -> Json:
    text = posting.tidy(content.get("text", ""))
    most = call.world.limits.text_kept
    if len(text) > most:
        call.warnings.append("message_truncated")
    return content | {"text": text[:most]}


def _markdown(call: Call) -> Json:
    if call.arguments.get("text") or call.arguments.get("blocks"):
        raise RefusalError("markdown_text_conflict")
    text = call.text("markdown_text")
    if not text:
        raise RefusalError("no_text")
    if len(text) > MARKDOWN_MOST:
        raise RefusalError("msg_too_long")
    return {"text": posting.tidy(text), "blocks": [{"type": "markdown", "text": text}]}


def _list_of(value: Any, error: str) -> list[Any]:
    if not isinstance(value, list):
        raise RefusalError(error)
    return value


def read_metadata(call: Call) -> Json | None:
    """A message's metadata, which must have an event_type and an event_payload."""
    raw = call.arguments.get("metadata")
    if raw in (None, ""):
        return None
    value = parsed(raw, "invalid_metadata_format")
    if not isinstance(value, dict) or not isinstance(value.get("event_type"), str):
        raise RefusalError("invalid_metadata_format")
    if not isinstance(value.get("event_payload"), dict):
        raise RefusalError("invalid_metadata_schema")
    return value


def target(call: Call) -> Conversation:
    """Where a message goes: a place's id, a channel's name, or a person's id for their direct message."""
    name = call.text("channel", "channel_not_found")
    if name in call.state.users:
        return _direct(call, name)
    by_name = name.removeprefix("#")
    for conversation in call.state.conversations.values():
        if conversation.kind == Kind.CHANNEL and conversation.name == by_name and call.known(conversation):
            return conversation
    return call.conversation()


def _direct(call: Call, user_id: str) -> Conversation:
    user = call.state.users[user_id]
    if user.is_bot or user.id == "USLACKBOT":
        raise RefusalError("channel_not_found" if user.id == call.state.app.user_id else "cannot_dm_bot")
    hidden = user.deleted or (user.foreign and not connect.meets_app(call.world, user))
    if hidden and call.state.app_conversation(user.id) is None:
        raise RefusalError("channel_not_found")
    made = call.state.open_direct((user_id, call.state.app.user_id), call.state.app.user_id)[0]
    if user.foreign:
        connect.share_direct(call.world, made, user)
    return made


def check_place(call: Call, conversation: Conversation) -> None:
    """Whether the app may write here now."""
    if conversation.archived:
        raise RefusalError("is_archived")
    if conversation.kind == Kind.APP and not call.world.manifest.messages_tab:
        raise RefusalError("messages_tab_disabled")
    if conversation.kind == Kind.CHANNEL and not call.is_member(conversation):
        raise RefusalError("not_in_channel")


def _check_post(call: Call, conversation: Conversation) -> None:
    public = conversation.kind == Kind.CHANNEL and not conversation.private
    if public and not call.is_member(conversation) and "chat:write.public" in call.scopes:
        if conversation.archived:
            raise RefusalError("is_archived")
    else:
        check_place(call, conversation)
    wait = call.world.rates.wait_for_post(conversation.id)
    if wait:
        raise RefusalError("ratelimited", wait=wait)


def read_thread(call: Call, conversation: Conversation) -> str | None:
    """The thread a message belongs to; a reply to a reply joins the thread it is in."""
    ts = call.text("thread_ts")
    if not ts:
        return None
    parent = call.state.message(conversation.id, ts)
    if parent is None or parent.only_for is not None:
        raise RefusalError("thread_not_found")
    return parent.thread_ts or parent.ts


def post_message(call: Call) -> Answer:
    """chat.postMessage."""
    conversation = target(call)
    content = read_content(call)
    metadata = read_metadata(call)
    thread = read_thread(call, conversation)
    _check_post(call, conversation)
    message = posting.post(
        call.world,
        conversation,
        call.state.app.user_id,
        content["text"],
        by_app=True,
        blocks=content.get("blocks"),
        attachments=content.get("attachments"),
        metadata=metadata,
        thread_ts=thread,
        broadcast=call.flag("reply_broadcast"),
    )
    return {"channel": conversation.id, "ts": message.ts, "message": message_object(call.state, message)}


def post_ephemeral(call: Call) -> Answer:
    """chat.postEphemeral: for one person's eyes, gone from every list."""
    conversation = call.conversation()
    user = call.state.users.get(call.text("user", "user_not_in_channel"))
    if user is None or user.id not in conversation.members:
        raise RefusalError("user_not_in_channel")
    content = read_content(call)
    if "message_truncated" in call.warnings:
        raise RefusalError("msg_too_long")
    check_place(call, conversation)
    message = posting.post(
        call.world,
        conversation,
        call.state.app.user_id,
        content["text"],
        by_app=True,
        blocks=content.get("blocks"),
        attachments=content.get("attachments"),
        thread_ts=read_thread(call, conversation),
        only_for=user.id,
    )
    return {"message_ts": message.ts}


def own_message(call: Call, error: str) -> Message:
    """The app's message that `channel` and `ts` name; others' and ephemeral ones are not the app's to change."""
    conversation = call.conversation()
    message = call.state.message(conversation.id, call.text("ts", "message_not_found"))
    if message is None or message.only_for is not None:
        raise RefusalError("message_not_found")
    if not message.by_app or message.bot is not None:
        raise RefusalError(error)
    if conversation.archived:
        raise RefusalError("is_archived")
    return message


def update(call: Call) -> Answer:
    """chat.update: what is not given stays, except that text without blocks takes the old blocks away."""
    message = own_message(call, "cant_update_message")
    content = read_content(call)
    if len(content["text"]) > call.world.limits.text_edited:
        raise RefusalError("msg_too_long")
    changes: Json = {"text": content["text"]} if call.arguments.get("text") is not None else {}
    if "blocks" in content or call.arguments.get("text") is not None:
        changes["blocks"] = content.get("blocks") or None
    if "attachments" in content:
        changes["attachments"] = content["attachments"] or None
    metadata = read_metadata(call)
    if metadata is not None:
        changes["metadata"] = metadata
    posting.edit(call.world, message, changes, call.state.app.user_id)
    shown = message_object(call.state, message)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}


def delete(call: Call) -> Answer:
    """chat.delete."""
    message = own_message(call, "cant_delete_message")
    posting.delete(call.world, message)
    return {"channel": message.channel, "ts": message.ts}


def get_permalink(call: Call) -> Answer:
    """chat.getPermalink."""
    conversation = call.conversation()
    message = call.state.message(conversation.id, call.text("message_ts", "message_not_found"))
    if message is None:
        raise RefusalError("message_not_found")
    link = f"{call.world.url}archives/{conversation.id}/p{message.ts.replace('.', '')}"
    return {"channel": conversation.id, "permalink": link}
