"""response_url: five uses, thirty minutes of world time, ephemeral unless asked otherwise."""

from playground.ids import Ids
from playground.limits import Limits
from playground.records import Hook, Message
from playground.refusals import RefusalError
from playground.state import State


class Hooks:
    """Makes and redeems response URLs."""

    def __init__(self, state: State, ids: Ids, limits: Limits) -> None:
        self._state = state
        self._ids = ids
        self._limits = limits
        self.base_url = ""

    def make(self, channel: str, user: str, message: Message | None = None) -> str:
        """A URL that answers this person at this place, and may replace that message."""
        for old in [h for h in self._state.hooks.values() if self._expired(h)]:
            self._state.drop(old)
        key = f"{self._ids.make('T')}-{self._ids.secret()}"
        hook = Hook(key, channel, user, self._state.clock.seconds(), message.ts if message else None)
        self._state.keep(hook)
        return f"{self.base_url}/hooks/{key}"

    def _expired(self, hook: Hook) -> bool:
        return self._state.clock.seconds() - hook.made > self._limits.hook_seconds

    def redeem(self, key: str) -> Hook:
        """The hook, with one use taken; refuses one that is used up, too old or unknown."""
        hook = self._state.hooks.get(key)
        if hook is None:
            raise RefusalError("expired_url")
        if self._expired(hook):
            raise RefusalError("expired_url")
        if hook.uses >= self._limits.hook_uses:
            raise RefusalError("used_url")
        return hook

    def use(self, hook: Hook) -> None:
        """Count one use."""
        hook.uses += 1
        self._state.keep(hook)
