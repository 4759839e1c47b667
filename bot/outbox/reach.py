"""Whether Slack can be reached at all from here: one circuit over every workspace, for a network that is away. Pure.

A name that is not found and a connection nobody takes are no workspace's own trouble, and they say for certain that
nothing was sent. So after a few of them, whoever they were for, one message a minute tries for all the others.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.outbox.pace import FAILURES, PROBE_EVERY, WITHIN


@dataclass(frozen=True, slots=True)
class Reach:
    """How often in a row no connection stood, since when, and from when on one call may try again."""

    failures: int = 0
    since: datetime | None = None
    probe_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether so much failed that only a probe may go."""
        return self.probe_at is not None


def missed(reach: Reach, now: datetime) -> Reach:
    """No connection stood; as many within a minute as a workspace's own circuit bears open this one."""
    if reach.since is None or (now - reach.since > WITHIN and not reach.is_open):
        return Reach(failures=1, since=now)
    failed = replace(reach, failures=reach.failures + 1)
    return replace(failed, probe_at=now + PROBE_EVERY) if failed.failures >= FAILURES else failed


def probing(reach: Reach, now: datetime) -> Reach:
    """A call is about to try: until it is known what came of it, or a minute is over, no other does."""
    return replace(reach, probe_at=now + PROBE_EVERY) if reach.is_open else reach


def may_call(reach: Reach, now: datetime) -> bool:
    """Whether a call may begin now."""
    return reach.probe_at is None or now >= reach.probe_at
