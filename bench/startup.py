"""How long `mentorbot --help` and the playground take to start, against merely importing the same libraries.

Each round runs all three one after another, so that a busy machine slows them alike; the median of the rounds counts.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.measure import Measurement, Unit, main

LIBRARIES = (
    "aiohttp",
    "alembic.command",
    "apscheduler.schedulers.asyncio",
    "cryptography.hazmat.primitives.ciphers.aead",
    "pydantic_settings",
    "slack_bolt.adapter.socket_mode.aiohttp",
    "slack_bolt.async_app",
    "sqlalchemy.orm",
)
PROGRAM = Path(sys.executable).with_name("mentorbot")
SETTLE_SECONDS = 2
STOP_SECONDS = 10
OURS = ("SLACK_", "MENTORBOT_")


@dataclass(frozen=True, slots=True)
class Round:
    """One round's times, in seconds."""

    imports: float
    page: float
    ready: float


def measure(*, quick: bool) -> Iterator[Measurement]:
    """Ratios to the import script, then the memory of an idle bot with its playground."""
    _round()  # compiles what was never run
    rounds = [_round() for _ in range(3 if quick else 9)]
    help_ratio = median(each.page / each.imports for each in rounds)
    ready_ratio = median(each.ready / each.imports for each in rounds)
    yield Measurement("startup.help", help_ratio, Unit.RATIO, 0.15)
    yield Measurement("startup.playground", ready_ratio, Unit.RATIO, 1.5)
    yield Measurement("startup.idle_memory", _idle_megabytes(), Unit.MEGABYTES, 150)


def _round() -> Round:
    imports = "; ".join(f"import {name}" for name in LIBRARIES)
    with _started() as (begun, _):
        ready = time.perf_counter() - begun
    return Round(_timed(sys.executable, "-c", imports), _timed(str(PROGRAM), "--help"), ready)


def _timed(*command: str) -> float:
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(command, check=True, capture_output=True, cwd=folder, env=_environment())
    return time.perf_counter() - begun


@contextmanager
def _started() -> Iterator[tuple[float, int]]:
    """A playground in a new home: when its process was begun, and its id, once it has printed its address."""
    with tempfile.TemporaryDirectory() as home:
        begun = time.perf_counter()
        command = (str(PROGRAM), "playground", "--port", "0", "--home", home)
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=home, env=_environment()) as process:
            try:
                _wait_for_address(process)
                yield begun, process.pid
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(STOP_SECONDS)


def _wait_for_address(process: subprocess.Popen[str]) -> None:
    for line in process.stdout or ():
        if line.startswith("http://"):
            return
    message = "the playground ended before it printed its address"
    raise RuntimeError(message)


def _idle_megabytes() -> float:
    with _started() as (_, pid):
        time.sleep(SETTLE_SECONDS)
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return int(kilobytes) / 1024


def _environment() -> dict[str, str]:
    """The environment without anything that would send the bot to a real Slack or an old home."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)}


if __name__ == "__main__":
    main(measure, __doc__)
