"""One call of a Web API method, with its arguments read as Slack reads them."""

from dataclasses import dataclass, field
from typing import Any

from playground.records import Conversation, Json, Kind, User
from playground.refusals import RefusalError
from playground.state import State
from playground.world import World

TRUE = frozenset({"1", "true", "True"})


@dataclass(slots=True)
class Call:
    """The world, the merged arguments and what the token allows; `warnings` go into the answer."""

    world: World
    method: str
    arguments: Json
    scopes: frozenset[str]
    warnings: list[str] = field(default_factory=list)
    token: str = ""

    @property
    def state(self) -> State:
        """What the workspace remembers."""
        return self.world.state

    # -- arguments ---------------------------------------------------------------------------------------

    def text(self, name: str, error: str | None = None) -> str:
        """An argument as text; a missing one is refused when an error is given."""
        value = self.arguments.get(name)
        if value is None or value == "":
            if error is not None:
                raise RefusalError(error)
            return ""
        return value if isinstance(value, str) else str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """An argument as yes or no, however it was written."""
        value = self.arguments.get(name)
        if value is None or value == "":
            return default
        return value if isinstance(value, bool) else str(value) in TRUE

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 1 to `most`; anything else is refused."""
        value = self.arguments.get(name)
        if value is None or value == "":
            return default
        try:
            found = int(value)
        except (TypeError, ValueError) as problem:
            raise RefusalError("invalid_arguments") from problem
        if found < 0:
            raise RefusalError("invalid_limit")
        return min(found or default, most)

    def names(self, name: str) -> list[str]:
        """A list, or a text with commas."""
        value = self.arguments.get(name)
        if isinstance(value, list):
            return [str(each) for each in value]
        return [each.strip() for each in str(value or "").split(",") if each.strip()]

    # -- permissions -------------------------------------------------------------------------------------

    def need(self, *scopes: str) -> None:
        """Refuse unless the token has one of these scopes."""
        if scopes and not self.scopes.intersection(scopes):
            raise missing_scope(self.scopes, scopes)

    # -- people and places -------------------------------------------------------------------------------

    def user(self, name: str = "user") -> User:
        """The user an argument names."""
        found = self.state.users.get(self.text(name))
        if found is None:
            raise RefusalError("user_not_found")
        return found

    def conversation(self, name: str = "channel") -> Conversation:
        """The conversation an argument names; one the app may not know of does not exist for it."""
        found = self.state.conversations.get(self.text(name, "channel_not_found"))
        if found is None or not self.known(found):
            raise RefusalError("channel_not_found")
        return found

    def known(self, conversation: Conversation) -> bool:
        """Whether the app may know of a place: its own ones, and public channels."""
        public = conversation.kind == Kind.CHANNEL and not conversation.private
        return public or self.state.app.user_id in conversation.members

    def is_member(self, conversation: Conversation) -> bool:
        """Whether the app is in a place."""
        return self.state.app.user_id in conversation.members


def missing_scope(have: frozenset[str], needed: tuple[str, ...]) -> RefusalError:
    """The refusal that names what is needed and what there is."""
    return RefusalError("missing_scope", needed=",".join(needed), provided=",".join(sorted(have)))


def scope_for(conversation: Conversation, verb: str) -> str:
    """The scope to read, write or manage this kind of place, such as `im:read`."""
    if conversation.kind == Kind.CHANNEL:
        return f"groups:{verb}" if conversation.private else f"channels:{verb}"
    return f"mpim:{verb}" if conversation.kind == Kind.GROUP else f"im:{verb}"


Answer = dict[str, Any]
