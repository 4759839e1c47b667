"""Breaking things on purpose: what to do, when, and how often; misfortunes of people are deeds of the workspace."""

import random
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail; `seconds`, `status` and `code` matter to some of them only."""

    name: str
    seconds: float = 0.0
    status: int = 0
    code: str = ""


def ratelimited(seconds: int = 1) -> Fault:
    """HTTP 429 with this Retry-After."""
    return Fault("ratelimited", seconds=seconds)


def http_error(status: int = 500) -> Fault:
    """A status with a page of HTML instead of JSON."""
    return Fault("http_error", status=status)


def error(code: str) -> Fault:
    """A refusal with this code."""
    return Fault("error", code=code)


def slow(seconds: float) -> Fault:
    """The right answer, later, in real seconds."""
    return Fault("slow", seconds=seconds)


def hang() -> Fault:
    """No answer at all, and nothing done."""
    return Fault("hang")


def drop_before() -> Fault:
    """The connection is cut before anything is done."""
    return Fault("drop_before")


def lost_answer() -> Fault:
    """It is done, then the connection is cut."""
    return Fault("lost_answer")


def late_write(seconds: float) -> Fault:
    """No answer; after this many real seconds it is done all the same."""
    return Fault("late_write", seconds=seconds)


def malformed_json() -> Fault:
    """It is done, and the answer cannot be read."""
    return Fault("malformed_json")


def polite_disconnect() -> Fault:
    """The socket asks to be renewed instead of carrying the envelope; it goes out once a new one is there.

    The old line is dropped two seconds later, renewed or not.
    """
    return Fault("polite_disconnect")


def cut() -> Fault:
    """The socket is cut as the envelope is due; the envelope is lost."""
    return Fault("cut")


def no_hello() -> Fault:
    """A socket that opens, never says hello and is cut after five real seconds."""
    return Fault("no_hello", seconds=5.0)


def refuse_for(seconds: float) -> Fault:
    """No new socket for this many real seconds."""
    return Fault("refuse_for", seconds=seconds)


def duplicate() -> Fault:
    """The envelope arrives twice."""
    return Fault("duplicate")


def reorder() -> Fault:
    """The envelope arrives after the one that follows it, or a second later if none does."""
    return Fault("reorder")


def delay(seconds: float) -> Fault:
    """The envelope arrives this many real seconds later."""
    return Fault("delay", seconds=seconds)


@dataclass(frozen=True, slots=True)
class Offer:
    """One entry of the page's menu; `where` is what it strikes next."""

    label: str
    fault: Fault
    where: str = "*"


BY_NAME = {
    "ratelimited": Offer("Say “too many requests” once", ratelimited(2)),
    "http_error": Offer("Answer the next call with a broken page", http_error()),
    "internal_error": Offer("Answer the next call with an inner error", error("internal_error")),
    "slow": Offer("Answer the next call two seconds late", slow(2.0)),
    "drop_before": Offer("Cut the next call before anything is done", drop_before()),
    "lost_answer": Offer("Post the next message, then lose the answer", lost_answer(), "chat.postMessage"),
    "late_write": Offer("Hang up on the next message, post it later", late_write(1.0), "chat.postMessage"),
    "malformed_json": Offer("Garble the next answer", malformed_json()),
    "polite_disconnect": Offer("Ask the app to reconnect", polite_disconnect()),
    "cut": Offer("Cut the app's line", cut()),
    "refuse_for": Offer("Cut the line and refuse it for five seconds", refuse_for(5.0)),
    "no_hello": Offer("Let the next connection in without a word", no_hello(), "connect"),
    "duplicate": Offer("Deliver the next thing twice", duplicate()),
    "reorder": Offer("Deliver the next two things in the wrong order", reorder()),
    "delay": Offer("Deliver the next thing two seconds late", delay(2.0)),
}
THE_LINE = frozenset({"socket", "connect", "http"})
ON_THE_SOCKET = frozenset({"polite_disconnect", "cut", "no_hello", "refuse_for", "duplicate", "reorder", "delay"})


@dataclass(slots=True)
class Rule:
    """When to fail: `where` is a method, an event or envelope type, "connect", or "*" for any of its side.

    `person` and `workspace` are ids that must take part.
    """

    where: str
    fault: Fault
    times: int | None = 1
    nth: int = 1
    person: str = ""
    probability: float = 1.0
    met: int = 0
    used: int = 0
    workspace: str = ""

    def spent(self) -> bool:
        """Whether it will never fire again."""
        return self.times is not None and self.used >= self.times

    def meets(self, names: tuple[str, ...], people: tuple[str, ...], team: str, chance: random.Random) -> bool:
        """Count this occasion and tell whether the fault happens now."""
        on_the_line = self.fault.name in ON_THE_SOCKET
        anything = self.where == "*" and (names[0] in THE_LINE) == on_the_line
        if self.spent() or not (anything or self.where in names):
            return False
        if (self.person and self.person not in people) or (self.workspace and self.workspace != team):
            return False
        self.met += 1
        if self.met < self.nth or chance.random() >= self.probability:
            return False
        self.used += 1
        return True


@dataclass(slots=True)
class Faults:
    """The rules in force; `seed` makes the ones with a probability repeatable."""

    seed: int | None = None
    rules: list[Rule] = field(default_factory=list)
    _chance: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        if self.seed is not None:
            self._chance = random.Random(self.seed)  # noqa: S311  (chance, not secrecy)

    def next(
        self, where: str, fault: Fault, *, times: int = 1, nth: int = 1, person: str = "", workspace: str = ""
    ) -> Rule:
        """Fail the next occasion, the nth, or some in a row; `person` and `workspace` are ids that must take part."""
        return self.add(Rule(where, fault, times=times, nth=nth, person=person, workspace=workspace))

    def often(self, where: str, fault: Fault, probability: float) -> Rule:
        """Fail with this probability until cleared."""
        return self.add(Rule(where, fault, times=None, probability=probability))

    def add(self, rule: Rule) -> Rule:
        """Put a rule in force."""
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        """Nothing fails on purpose any more."""
        self.rules.clear()

    def strike(self, *names: str, people: tuple[str, ...] = (), team: str = "") -> Fault | None:
        """The fault for this occasion, if one is due; a spent rule is forgotten."""
        for rule in list(self.rules):
            if rule.meets(names, people, team, self._chance):
                if rule.spent():
                    self.rules.remove(rule)
                return rule.fault
        return None
