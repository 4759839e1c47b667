"""Every method there is, with its scopes, tier and kind of token: what is not here is an unknown method."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from playground.api import auth, blocks, chat, conversations, files, later, oauth, reactions, users, views
from playground.api.call import Answer, Call

SPECIAL = 0


class Token(StrEnum):
    """Which token a method asks for."""

    BOT = "bot"
    APP = "app"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Method:
    """One method; any of `scopes` lets it through (some methods ask for more once they see the place)."""

    name: str
    run: Callable[[Call], Answer]
    tier: int
    scopes: tuple[str, ...] = ()
    token: Token = Token.BOT


READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
MANAGE = ("channels:manage", "groups:write")
WRITE = ("channels:manage", "groups:write", "im:write", "mpim:write")
INVITE = ("channels:write.invites", "groups:write.invites", *MANAGE)
TOPIC = ("channels:write.topic", "groups:write.topic", *MANAGE)

METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method("api.test", auth.api_test, 4, token=Token.NONE),
        Method("apps.connections.open", auth.connections_open, 3, ("connections:write",), Token.APP),
        Method("apps.uninstall", auth.uninstall, 1),
        Method("auth.revoke", auth.revoke, 3),
        Method("auth.test", auth.test, SPECIAL),
        Method("blocks.validate", blocks.validate_blocks, SPECIAL, token=Token.NONE),
        Method("bots.info", auth.bots_info, 3, ("users:read",)),
        Method("chat.delete", chat.delete, 3, ("chat:write",)),
        Method("chat.deleteScheduledMessage", later.delete_scheduled, 3, ("chat:write",)),
        Method("chat.getPermalink", chat.get_permalink, SPECIAL),
        Method("chat.postEphemeral", chat.post_ephemeral, 4, ("chat:write",)),
        Method("chat.postMessage", chat.post_message, SPECIAL, ("chat:write",)),
        Method("chat.scheduleMessage", later.schedule_message, 3, ("chat:write",)),
        Method("chat.scheduledMessages.list", later.list_scheduled, 3),
        Method("chat.update", chat.update, 3, ("chat:write",)),
        Method("conversations.archive", conversations.archive, 2, MANAGE),
        Method("conversations.close", conversations.close, 2, WRITE),
        Method("conversations.create", conversations.create, 2, MANAGE),
        Method("conversations.history", conversations.history, 3, HISTORY),
        Method("conversations.info", conversations.info, 3, READ),
        Method("conversations.invite", conversations.invite, 3, INVITE),
        Method("conversations.join", conversations.join, 3, ("channels:join",)),
        Method("conversations.leave", conversations.leave, 3, WRITE),
        Method("conversations.list", conversations.list_, 2, READ),
        Method("conversations.members", conversations.members, 4, READ),
        Method("conversations.open", conversations.open_, 3, WRITE),
        Method("conversations.replies", conversations.replies, 3, HISTORY),
        Method("conversations.setPurpose", conversations.set_words, 2, TOPIC),
        Method("conversations.setTopic", conversations.set_words, 2, TOPIC),
        Method("dnd.info", auth.dnd_info, 3, ("dnd:read",)),
        Method("files.completeUploadExternal", files.complete_upload, 4, ("files:write",)),
        Method("files.delete", files.delete, 3, ("files:write",)),
        Method("files.getUploadURLExternal", files.get_upload_url, 4, ("files:write",)),
        Method("files.info", files.info, 4, ("files:read",)),
        Method("oauth.v2.access", oauth.access, SPECIAL, token=Token.NONE),
        Method("oauth.v2.exchange", oauth.exchange, 3, token=Token.NONE),
        Method("reactions.add", reactions.add, 3, ("reactions:write",)),
        Method("reactions.get", reactions.get, 3, ("reactions:read",)),
        Method("reactions.remove", reactions.remove, 2, ("reactions:write",)),
        Method("team.info", auth.team_info, 3, ("team:read",)),
        Method("users.conversations", conversations.list_for_user, 3, READ),
        Method("users.getPresence", users.presence, 3, ("users:read",)),
        Method("users.info", users.info, 4, ("users:read",)),
        Method("users.list", users.list_, 2, ("users:read",)),
        Method("users.lookupByEmail", users.lookup_by_email, 3, ("users:read.email",)),
        Method("users.profile.get", users.profile, 4, ("users.profile:read",)),
        Method("views.open", views.open_, 4),
        Method("views.publish", views.publish, 4),
        Method("views.push", views.push, 4),
        Method("views.update", views.update, 4),
    )
}
