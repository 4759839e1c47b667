"""What an app posts to a response_url."""

from aiohttp import web

from playground import posting
from playground.arguments import read_arguments
from playground.checks import refuse_bad_message
from playground.records import Conversation, Hook, Json, Message
from playground.refusals import RefusalError
from playground.shapes import first_line
from playground.world import World

GONE = frozenset({"used_url", "expired_url"})


async def serve(world: World, request: web.Request) -> web.Response:
    """One POST to /hooks/{key}."""
    try:
        content, _ = await read_arguments(request)
        hook = world.hooks.redeem(request.match_info["key"])
        _carry_out(world, hook, content)
    except RefusalError as refusal:
        world.journal.note("hook", f"An answer was refused: {refusal}", status="refused", detail=refusal.answer())
        status = 404 if refusal.error in GONE else 429 if refusal.wait else 400
        headers = {"Retry-After": str(refusal.wait)} if refusal.wait else {}
        return web.json_response(refusal.answer(), status=status, headers=headers)
    who = world.state.users[hook.user].name
    title = f"An answer to {who}: “{first_line(str(content.get('text') or 'blocks'), 60)}”"
    world.journal.note("hook", title, detail=content)
    return web.json_response({"ok": True})


def _carry_out(world: World, hook: Hook, content: Json) -> None:
    if world.state.app.gone:
        raise RefusalError("expired_url")
    conversation = world.state.conversations[hook.channel]
    original = world.state.message(hook.channel, hook.message_ts) if hook.message_ts else None
    if _yes(content.get("delete_original")):
        _delete(world, hook, original)
        return
    if not (content.get("text") or content.get("blocks") or content.get("attachments")):
        raise RefusalError("no_text")
    refuse_bad_message(content)
    wait = world.rates.wait_for_post(conversation.id)
    if wait:
        raise RefusalError("ratelimited", wait=wait)
    if _yes(content.get("replace_original")) and original is not None:
        _replace(world, original, content)
    else:
        _say(world, conversation, hook, content)
    world.hooks.use(hook)


def _delete(world: World, hook: Hook, original: Message | None) -> None:
    if original is None or not original.by_app:
        raise RefusalError("cant_delete_message" if original else "message_not_found")
    posting.delete(world, original)
    world.hooks.use(hook)


def _replace(world: World, original: Message, content: Json) -> None:
    if not original.by_app:
        raise RefusalError("cant_update_message")
    changes = {
        "text": posting.tidy(str(content.get("text") or "")),
        "blocks": content.get("blocks") or None,
        "attachments": content.get("attachments") or None,
    }
    posting.edit(world, original, changes, world.state.app.user_id)


def _say(world: World, conversation: Conversation, hook: Hook, content: Json) -> None:
    posting.post(
        world,
        conversation,
        world.state.app.user_id,
        posting.tidy(str(content.get("text") or "")),
        by_app=True,
        blocks=content.get("blocks"),
        attachments=content.get("attachments"),
        thread_ts=content.get("thread_ts"),
        only_for=None if content.get("response_type") == "in_channel" else hook.user,
    )


def _yes(value: object) -> bool:
    return value is True or value in {"true", "1"}
