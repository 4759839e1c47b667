"""Trigger ids: three seconds, once, and only for the person whose deed made them."""

import re
import time
from collections import OrderedDict
from dataclasses import dataclass

from playground.ids import Ids
from playground.limits import Limits
from playground.refusals import RefusalError

SHAPE = re.compile(r"\d{10,13}\.\d{10,13}\.[0-9a-f]{32}")
KEPT = 500


@dataclass(slots=True)
class Trigger:
    """Whose deed it was and when, in monotonic seconds; `view` is the modal it was done in."""

    user: str
    made: float
    view: str | None
    used: bool = False


class Triggers:
    """The triggers of the last deeds; nothing of them survives a restart."""

    def __init__(self, ids: Ids, limits: Limits) -> None:
        self._ids = ids
        self._limits = limits
        self._made: OrderedDict[str, Trigger] = OrderedDict()

    def make(self, user: str, view: str | None = None) -> str:
        """A new trigger id for this person's deed."""
        key = f"{self._ids.digits(13)}.{self._ids.digits(12)}.{self._ids.hexadecimal()}"
        self._made[key] = Trigger(user, time.monotonic(), view)
        while len(self._made) > KEPT:
            self._made.popitem(last=False)
        return key

    def look(self, key: object) -> Trigger:
        """The trigger if it may still be used; refuses as Slack does."""
        if not isinstance(key, str) or not SHAPE.fullmatch(key):
            raise RefusalError("invalid_trigger_id")
        trigger = self._made.get(key)
        if trigger is None:
            raise RefusalError("invalid_trigger_id")
        if trigger.used:
            raise RefusalError("exchanged_trigger_id")
        if time.monotonic() - trigger.made > self._limits.trigger_seconds:
            raise RefusalError("expired_trigger_id")
        return trigger
