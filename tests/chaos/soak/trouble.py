"""What goes wrong between Slack and the bot, by chance: answers lost, pages broken, sockets cut, events doubled."""

import random
from collections import Counter

from playground import Playground
from playground import faults as broken
from playground.faults import Fault, Rule

# Where, what, and how often when it strikes at all; what costs real seconds comes once instead.
OFTEN: tuple[tuple[str, Fault, float], ...] = (
    ("chat.postMessage", broken.lost_answer(), 0.25),
    ("chat.postMessage", broken.http_error(500), 0.25),
    ("chat.postMessage", broken.http_error(503), 0.2),
    ("chat.postMessage", broken.ratelimited(20), 0.2),
    ("chat.postMessage", broken.malformed_json(), 0.2),
    ("chat.postMessage", broken.drop_before(), 0.25),
    ("chat.postMessage", broken.error("internal_error"), 0.2),
    ("chat.postMessage", broken.error("service_unavailable"), 0.2),
    ("chat.update", broken.lost_answer(), 0.3),
    ("chat.update", broken.http_error(502), 0.3),
    ("chat.update", broken.ratelimited(5), 0.3),
    ("views.publish", broken.error("fatal_error"), 0.3),
    ("views.publish", broken.drop_before(), 0.3),
    ("views.open", broken.ratelimited(2), 0.2),
    ("views.open", broken.lost_answer(), 0.2),
    ("views.push", broken.http_error(500), 0.2),
    ("views.update", broken.drop_before(), 0.2),
    ("conversations.open", broken.ratelimited(7), 0.3),
    ("conversations.open", broken.lost_answer(), 0.3),
    ("conversations.history", broken.http_error(500), 0.4),
    ("conversations.history", broken.ratelimited(40), 0.4),
    ("users.info", broken.http_error(500), 0.5),
    ("*", broken.slow(0.05), 0.1),
    ("*", broken.http_error(500), 0.05),
    ("*", broken.lost_answer(), 0.05),
    ("*", broken.duplicate(), 0.3),
    ("*", broken.delay(0.15), 0.1),
)
ONCE: tuple[tuple[str, Fault], ...] = (
    ("chat.postMessage", broken.hang()),
    ("chat.postMessage", broken.late_write(0.2)),
    ("chat.update", broken.late_write(0.2)),
    ("*", broken.reorder()),
    ("*", broken.polite_disconnect()),
    ("*", broken.cut()),
    ("events_api", broken.cut()),
)


class Trouble:
    """The weather: some faults in force for a while, then others, or none."""

    def __init__(self, stage: Playground, dice: random.Random) -> None:
        self._stage, self._dice = stage, dice
        self._rules: list[Rule] = []
        self._before: list[Rule] = []
        self.met: Counter[str] = Counter()

    def change(self, costly: float = 0.3) -> str:
        """Another weather; what it is, in words. `costly` is how likely something is that takes real seconds."""
        self.clear()
        kinds = self._dice.sample(OFTEN, self._dice.choice((0, 1, 2, 3, 4)))
        for where, fault, probability in kinds:
            self._rules.append(self._stage.faults.often(where, fault, probability))
        if self._dice.random() < costly:
            where, fault = self._dice.choice(ONCE)
            self._rules.append(self._stage.faults.next(where, fault, nth=self._dice.randint(1, 4)))
        return ", ".join(f"{rule.fault.name} on {rule.where}" for rule in self._rules) or "calm"

    def clear(self) -> None:
        """Nothing fails any more; what did is counted."""
        for rule in self._rules:
            self.met[f"{rule.fault.name} on {rule.where}"] += rule.used
        self._before, self._rules = self._rules, []
        self._stage.faults.clear()

    @property
    def is_calm(self) -> bool:
        """Whether nothing that could delay a delivery is in force."""
        return not self._rules

    def excuses(self) -> frozenset[str]:
        """What Slack may refuse: of a delivery that came twice, what only reads is answered twice, and once in vain."""
        is_doubled = any(rule.fault.name == "duplicate" for rule in [*self._before, *self._rules])
        return frozenset({"exchanged_trigger_id"}) if is_doubled else frozenset()
