"""The numbers of the protocol, in one place, so that a test may shorten a wait and nothing else."""

from dataclasses import dataclass


@dataclass(slots=True)
class Limits:
    """Seconds of real time (acknowledging, triggers, codes) and of world time (redelivery, response_url)."""

    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    redelivery_seconds: tuple[float, ...] = (0.0, 60.0, 300.0)
    hook_seconds: float = 1800.0
    hook_uses: int = 5
    code_seconds: float = 600.0
    stack: int = 3
    connections: int = 10
    ping_seconds: float = 30.0
    renewal_seconds: float = 360.0
    leave_seconds: float = 2.0
    text_kept: int = 40_000
    text_edited: int = 4_000
