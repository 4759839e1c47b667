"""The blocks of playground/README.md, and a folder beside the clone in which a stranger follows them to the letter."""

import os
import re
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "playground" / "README.md"
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
OFFLINE = ("dns error", "error sending request", "Could not connect", "Failed to fetch")
PACKAGE = "mentorbot-playground"
PATIENCE = 240


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its language, what stands behind that, and the text."""

    language: str
    marks: frozenset[str]
    text: str

    @property
    def file(self) -> str:
        """The file it is to be put into, if any."""
        return next((mark.removeprefix("file=") for mark in self.marks if mark.startswith("file=")), "")


@cache
def blocks() -> tuple[Block, ...]:
    """All of the page, in order."""
    found = FENCE.findall(PAGE.read_text(encoding="utf-8"))
    return tuple(Block(language, frozenset(marks.split()), text) for language, marks, text in found)


def file_called(name: str) -> str:
    """What the page says stands in a file."""
    (text,) = (block.text for block in blocks() if block.file == name)
    return text


def shell_blocks(*marks: str) -> list[str]:
    """The commands of the blocks marked with just these."""
    return [block.text for block in blocks() if block.language == "sh" and block.marks == set(marks)]


def follow_installation(folder: Path) -> None:
    """The page's first commands, by uv, which keeps what it fetched; where it cannot, the test is skipped."""
    if shutil.which("uv") is None:
        pytest.skip("uv is not here to install the playground with (pip install uv)")
    folder.mkdir()
    (folder.parent / "mentorbot").symlink_to(ROOT)
    fresh = f"uv pip install --refresh-package {PACKAGE}"  # as it is now, and not as it was kept
    commands = shell_blocks()[0].replace("python3 -m venv", "uv venv --quiet").replace("pip install", fresh)
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    bare = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    bare["UV_EXCLUDE_NEWER"] = settings["tool"]["uv"]["exclude-newer"]
    done = subprocess.run(  # noqa: S603  (the page's own words)
        ["bash", "-ec", commands],  # noqa: S607  (as whoever follows the page)
        cwd=folder,
        env=bare,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if any(words in done.stderr for words in OFFLINE):
        pytest.skip("no packages can be fetched from here, so the page's installation cannot be followed")
    assert done.returncode == 0, done.stderr


def bare_environment(folder: Path) -> dict[str, str]:
    """A terminal in that folder after `activate`: nothing of our own tests gets in."""
    ours = {"VIRTUAL_ENV", "PYTHONPATH"}
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.startswith(("PYTEST_", "SLACK_", "COV_"))
    }
    return kept | {"PATH": f"{folder / '.venv' / 'bin'}{os.pathsep}{kept['PATH']}"}
