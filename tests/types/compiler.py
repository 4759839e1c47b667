"""Slack's TypeScript types, fetched once into pytest's cache, and payloads held against them by the compiler."""

import fcntl
import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
PATIENCE = 300
FLAGS = (
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    *("--target", "es2022"),
    *("--module", "nodenext"),
    *("--types", "node"),
)
FETCH = (
    "install",
    *("--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"),
    *("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000"),
)
UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "ENOTCACHED")
COMPLAINT = re.compile(r"^[^(]+\((\d+),\d+\): error (.*)$")


@dataclass(frozen=True, slots=True)
class Claim:
    """That a value is of a type; `name` is what a complaint is about."""

    name: str
    type: str
    value: Any
    is_whole: bool = False

    def line(self) -> str:
        """The claim as one line of TypeScript; whole means that no unknown field may be there."""
        value = json.dumps(self.value, ensure_ascii=True)
        return f"exactly<{self.type}>({value});" if self.is_whole else f"atLeast<{self.type}>()({value});"


def install(home: Path, package: Path = HERE / "package.json") -> None:
    """Fetch the pinned packages; a machine without Node, npm or a way to the packages skips, and says why."""
    pinned = package.read_text(encoding="utf-8")
    done = home / "installed.json"
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("Node and npm are not installed (apt-get install npm)")
    with (home / "installing").open("w") as turn:  # each worker of a run comes here, and there is one cache
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not done.exists() or done.read_text(encoding="utf-8") != pinned:
            _fetch(npm, home, pinned)
            done.write_text(pinned, encoding="utf-8")


def _fetch(npm: str, home: Path, pinned: str) -> None:
    (home / "package.json").write_text(pinned, encoding="utf-8")
    ran = run(npm, *FETCH, home=home)
    if any(code in ran.stderr for code in UNREACHABLE):
        pytest.skip("npm cannot be reached, so Slack's packages for Node are not here")
    assert ran.returncode == 0, ran.stderr


def run(*command: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a program in the cache."""
    return subprocess.run(  # noqa: S603  (our own words)
        command, cwd=home, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def complaints(home: Path, claims: Sequence[Claim]) -> list[str]:
    """What the compiler says against these claims, each with the claim's name."""
    prelude = (HERE / "prelude.ts").read_text(encoding="utf-8")
    check = home / f"check-{os.getpid()}.ts"
    check.write_text(prelude + "".join(f"{claim.line()}\n" for claim in claims), encoding="utf-8")
    node = shutil.which("node") or "node"
    ran = run(node, "node_modules/typescript/bin/tsc", *FLAGS, check.name, home=home)
    first = prelude.count("\n") + 1
    found = [named(line, claims, first) for line in ran.stdout.splitlines()]
    assert bool(found) is (ran.returncode != 0), ran.stdout + ran.stderr
    return found


def named(line: str, claims: Sequence[Claim], first: int) -> str:
    """A line of the compiler's, with the claim's name in place of its number."""
    complaint = COMPLAINT.match(line)
    if complaint is None or int(complaint[1]) < first:
        return line
    claim = claims[int(complaint[1]) - first]
    return f"{claim.name} is no {claim.type}: {complaint[2]}"
