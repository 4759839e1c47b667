"""chat.scheduleMessage and its family: messages the app asks to have posted later, in world time."""

from playground import posting
from playground.api import chat
from playground.api.call import Answer, Call
from playground.api.pages import page_of
from playground.records import Scheduled
from playground.refusals import RefusalError
from playground.world import World

MOST_AHEAD = 120 * 86_400
WINDOW, MOST_IN_WINDOW = 300, 30
LAST_CHANCE = 60


def schedule_message(call: Call) -> Answer:
    """chat.scheduleMessage: at most 120 days ahead and 30 in five minutes of a channel."""
    conversation = chat.target(call)
    content = chat.read_content(call)
    chat.check_place(call, conversation)
    at = _post_at(call)
    near = [
        each
        for each in call.state.scheduled.values()
        if each.channel == conversation.id and abs(each.post_at - at) < WINDOW
    ]
    if len(near) >= MOST_IN_WINDOW:
        raise RefusalError("restricted_too_many")
    facts = content | {"thread_ts": chat.read_thread(call, conversation), "metadata": chat.read_metadata(call)}
    item = Scheduled(call.world.ids.make("Q"), conversation.id, at, int(call.world.clock.seconds()), facts)
    call.state.keep(item)
    arm(call.world, item)
    return {
        "channel": conversation.id,
        "scheduled_message_id": item.id,
        "post_at": at,
        "message": {"text": content["text"], "type": "delayed_message", "bot_id": call.state.app.bot_id},
    }


def _post_at(call: Call) -> int:
    try:
        at = int(call.text("post_at", "invalid_time"))
    except ValueError as problem:
        raise RefusalError("invalid_time") from problem
    now = call.world.clock.seconds()
    if at <= now:
        raise RefusalError("time_in_past")
    if at > now + MOST_AHEAD:
        raise RefusalError("time_too_far")
    return at


def arm(world: World, item: Scheduled) -> None:
    """Post it when its time comes, if it is still wanted then."""

    async def work() -> None:
        conversation = world.state.conversations.get(item.channel)
        if world.state.scheduled.get(item.id) is not item or conversation is None:
            return
        world.state.drop(item)
        if conversation.archived or world.state.app.gone:
            return
        facts = dict(item.arguments)
        posting.post(world, conversation, world.state.app.user_id, facts.pop("text"), by_app=True, **facts)

    world.timetable.at(item.post_at, work)


def delete_scheduled(call: Call) -> Answer:
    """chat.deleteScheduledMessage: too late in the last minute."""
    item = call.state.scheduled.get(call.text("scheduled_message_id"))
    if item is None or item.channel != chat.target(call).id:
        raise RefusalError("invalid_scheduled_message_id")
    if item.post_at - call.world.clock.seconds() < LAST_CHANCE:
        raise RefusalError("invalid_scheduled_message_id")
    call.state.drop(item)
    return {}


def list_scheduled(call: Call) -> Answer:
    """chat.scheduledMessages.list."""
    wanted = call.text("channel")
    if wanted and wanted not in call.state.conversations:
        raise RefusalError("invalid_channel")
    items = sorted(
        (each for each in call.state.scheduled.values() if wanted in {"", each.channel}),
        key=lambda each: (each.post_at, each.id),
    )
    chosen, cursor = page_of(call, items, [each.id for each in items], default=100, most=1000)
    shown = [
        {
            "id": each.id,
            "channel_id": each.channel,
            "post_at": each.post_at,
            "date_created": each.made,
            "text": each.arguments.get("text", ""),
        }
        for each in chosen
    ]
    return {"scheduled_messages": shown, "response_metadata": {"next_cursor": cursor}}
