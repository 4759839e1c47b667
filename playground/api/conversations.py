"""conversations.*: places, who is in them and what was said there."""

import re

from playground import connect, joining, posting
from playground.api.call import Answer, Call, scope_for
from playground.api.pages import page_of
from playground.payloads import conversation_object, message_object
from playground.records import Conversation, Kind, Message
from playground.refusals import RefusalError

MOST_IN_A_GROUP = 8
NAME = re.compile(r"[a-z0-9\u00e0-\uffff_-]{1,80}")
TYPES = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


def open_(call: Call) -> Answer:
    """conversations.open: a direct message or a group one; the same people always share the same."""
    if call.text("channel"):
        conversation, there = call.conversation(), True
    else:
        conversation, there = _open_among(call, call.names("users"))
    answer: Answer = {"channel": {"id": conversation.id}}
    if there:
        answer |= {"no_op": True, "already_open": True}
    if call.flag("return_im"):
        answer["channel"] = conversation_object(call.state, conversation)
    return answer


def _open_among(call: Call, users: list[str]) -> tuple[Conversation, bool]:
    if not users:
        raise RefusalError("users_list_not_supplied")
    wanted = [each for each in dict.fromkeys(users) if each != call.state.app.user_id]
    if not wanted:
        raise RefusalError("cannot_dm_bot")
    if len(wanted) > MOST_IN_A_GROUP:
        raise RefusalError("too_many_users")
    if len(wanted) > 1 and any(each in call.state.users and call.state.users[each].foreign for each in wanted):
        raise RefusalError("invalid_user_combination")
    call.need("im:write" if len(wanted) == 1 else "mpim:write")
    for each in wanted:
        _check_reachable(call, each)
    if call.flag("prevent_creation") and call.state.direct([*wanted, call.state.app.user_id]) is None:
        raise RefusalError("channel_not_found")
    made = call.state.open_direct([*wanted, call.state.app.user_id], call.state.app.user_id)
    share_with_foreigner(call, made[0])
    return made


def share_with_foreigner(call: Call, conversation: Conversation) -> None:
    """A conversation with somebody of another workspace is one of theirs too."""
    for each in conversation.members:
        if call.state.users[each].foreign:
            connect.share_direct(call.world, conversation, call.state.users[each])


def _check_reachable(call: Call, user_id: str) -> None:
    user = call.state.users.get(user_id)
    if user is None:
        raise RefusalError("user_not_found")
    if user.deleted:
        raise RefusalError("user_disabled")
    if user.is_bot or user.id == "USLACKBOT":
        raise RefusalError("cannot_dm_bot")
    if user.foreign and not connect.meets_app(call.world, user):
        raise RefusalError("user_not_visible")


def close(call: Call) -> Answer:
    """conversations.close: a direct message leaves the list; what was said stays."""
    conversation = call.conversation()
    if conversation.kind == Kind.CHANNEL:
        raise RefusalError("method_not_supported_for_channel_type")
    call.need(scope_for(conversation, "write"))
    return {}


def info(call: Call) -> Answer:
    """conversations.info."""
    conversation = call.conversation()
    call.need(scope_for(conversation, "read"))
    shown = conversation_object(call.state, conversation)
    if not call.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


def members(call: Call) -> Answer:
    """conversations.members."""
    conversation = call.conversation()
    call.need(scope_for(conversation, "read"))
    there = sorted(conversation.members)
    chosen, cursor = page_of(call, there, there, default=100, most=1000)
    return {"members": chosen, "response_metadata": {"next_cursor": cursor}}


def list_(call: Call) -> Answer:
    """conversations.list: the kinds asked for, each needing its own scope."""
    return _listing(call, [each for each in call.state.conversations.values() if call.known(each)])


def list_for_user(call: Call) -> Answer:
    """users.conversations: those of one person that the app may know of, or the app's own."""
    user_id = call.user().id if call.text("user") else call.state.app.user_id
    known = (each for each in call.state.conversations.values() if call.known(each))
    return _listing(call, [each for each in known if user_id in each.members])


def _listing(call: Call, known: list[Conversation]) -> Answer:
    wanted = call.names("types") or ["public_channel"]
    if not set(wanted) <= set(TYPES):
        raise RefusalError("invalid_types")
    for each in wanted:
        call.need(f"{TYPES[each]}:read")
    stems = {TYPES[each] for each in wanted}
    there = sorted((c for c in known if scope_for(c, "read").split(":")[0] in stems), key=lambda each: each.id)
    if call.flag("exclude_archived"):
        there = [each for each in there if not each.archived]
    chosen, cursor = page_of(call, there, [each.id for each in there], default=100, most=1000)
    shown = [conversation_object(call.state, each) for each in chosen]
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}


# -- what was said ---------------------------------------------------------------------------------------


def history(call: Call) -> Answer:
    """conversations.history: newest first, without replies and without ephemeral messages."""
    conversation = _readable(call)
    said = call.state.said_in(conversation.id)
    heads = [m for m in reversed(said) if m.thread_ts in {None, m.ts} or m.broadcast]
    return _messages(call, [each for each in heads if _within(call, each)])


def replies(call: Call) -> Answer:
    """conversations.replies: a thread from its first message on."""
    conversation = _readable(call)
    first = call.state.message(conversation.id, call.text("ts", "thread_not_found"))
    if first is None or first.only_for is not None:
        raise RefusalError("thread_not_found")
    below = [each for each in call.state.replies(conversation.id, first.ts) if each.only_for is None]
    return _messages(call, [first, *(each for each in below if _within(call, each))])


def _readable(call: Call) -> Conversation:
    conversation = call.conversation()
    call.need(scope_for(conversation, "history"))
    if not call.is_member(conversation):
        raise RefusalError("not_in_channel")
    return conversation


def _within(call: Call, message: Message) -> bool:
    oldest, latest, inclusive = call.text("oldest"), call.text("latest"), call.flag("inclusive")
    if message.ts in {oldest, latest} and not inclusive:
        return False
    try:
        after = not oldest or float(message.ts) >= float(oldest)
        return after and (not latest or float(message.ts) <= float(latest))
    except ValueError as problem:
        raise RefusalError("invalid_ts_oldest") from problem


def _messages(call: Call, said: list[Message]) -> Answer:
    chosen, cursor = page_of(call, said, [each.ts for each in said], default=100, most=999)
    metadata = call.flag("include_all_metadata")
    shown = [message_object(call.state, each) for each in chosen]
    for each in shown:
        if not metadata:
            each.pop("metadata", None)
    answer: Answer = {"messages": shown, "has_more": bool(cursor), "pin_count": 0}
    return answer | {"response_metadata": {"next_cursor": cursor}}


# -- channels --------------------------------------------------------------------------------------------


def create(call: Call) -> Answer:
    """conversations.create: the app is its first member."""
    name, private = call.text("name", "invalid_name_required"), call.flag("is_private")
    call.need("groups:write" if private else "channels:manage")
    if len(name) > 80:  # noqa: PLR2004  (Slack's own number)
        raise RefusalError("invalid_name_maxlength")
    if not NAME.fullmatch(name):
        raise RefusalError("invalid_name_specials")
    if any(each.kind == Kind.CHANNEL and each.name == name for each in call.state.conversations.values()):
        raise RefusalError("name_taken")
    app, now = call.state.app.user_id, int(call.world.clock.seconds())
    made = Conversation(call.world.ids.make("C"), Kind.CHANNEL, name, [app], now, app, private=private)
    call.state.keep(made)
    call.world.stream.tell("conversations")
    return {"channel": conversation_object(call.state, made)}


def _channel(call: Call, verb: str) -> Conversation:
    conversation = call.conversation()
    if conversation.kind != Kind.CHANNEL:
        raise RefusalError("method_not_supported_for_channel_type")
    if verb == "manage":
        call.need("groups:write" if conversation.private else "channels:manage")
    if conversation.archived:
        raise RefusalError("already_archived" if verb == "archive" else "is_archived")
    return conversation


def invite(call: Call) -> Answer:
    """conversations.invite: up to a hundred people at once."""
    conversation = _channel(call, "invite")
    kind = "groups" if conversation.private else "channels"
    call.need(f"{kind}:write.invites", "groups:write" if conversation.private else "channels:manage")
    if not call.is_member(conversation):
        raise RefusalError("not_in_channel")
    users = call.names("users")
    if not users:
        raise RefusalError("no_user")
    for each in users:
        _check_invitable(call, conversation, each)
    for each in users:
        joining.enter(call.world, conversation, each)
    return {"channel": conversation_object(call.state, conversation)}


def _check_invitable(call: Call, conversation: Conversation, user_id: str) -> None:
    user = call.state.users.get(user_id)
    if user is None or user.deleted:
        raise RefusalError("user_not_found")
    if user_id == call.state.app.user_id:
        raise RefusalError("cant_invite_self")
    if user_id in conversation.members:
        raise RefusalError("already_in_channel")
    if user.foreign and user.team_id not in conversation.shared:
        raise RefusalError("user_team_not_in_channel")
    if user.is_restricted:
        raise RefusalError("user_is_restricted")


def join(call: Call) -> Answer:
    """conversations.join: the app enters a public channel by itself."""
    conversation = _channel(call, "join")
    if conversation.private:
        raise RefusalError("method_not_supported_for_channel_type")
    answer: Answer = {}
    if call.is_member(conversation):
        answer = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    else:
        joining.enter(call.world, conversation, call.state.app.user_id)
    return {"channel": conversation_object(call.state, conversation), **answer}


def leave(call: Call) -> Answer:
    """conversations.leave."""
    conversation = _channel(call, "manage")
    if conversation.name == "general":
        raise RefusalError("cant_leave_general")
    if not call.is_member(conversation):
        return {"not_in_channel": True}
    joining.leave(call.world, conversation, call.state.app.user_id)
    return {}


def archive(call: Call) -> Answer:
    """conversations.archive."""
    conversation = _channel(call, "archive")
    call.need("groups:write" if conversation.private else "channels:manage")
    if conversation.name == "general":
        raise RefusalError("cant_archive_general")
    if not call.is_member(conversation):
        raise RefusalError("not_in_channel")
    joining.archive(call.world, conversation)
    return {}


def set_words(call: Call) -> Answer:
    """conversations.setTopic and setPurpose: the method's name tells which."""
    which = "topic" if call.method.endswith("Topic") else "purpose"
    conversation = _channel(call, "words")
    kind = "groups" if conversation.private else "channels"
    call.need(f"{kind}:write.topic", "groups:write" if conversation.private else "channels:manage")
    if not call.is_member(conversation):
        raise RefusalError("not_in_channel")
    text = call.text(which)
    if len(text) > 250:  # noqa: PLR2004  (Slack's own number)
        raise RefusalError("too_long")
    for world, each in ((call.world, conversation), *connect.others(call.world, conversation)):
        setattr(each, which, posting.tidy(text))
        world.state.keep(each)
    return {"channel": conversation_object(call.state, conversation)}
