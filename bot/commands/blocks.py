"""`mentorbot blocks check FILE`: Block Kit's rules for anyone's payloads, in Slack's own words."""

import argparse
import json
import sys
from pathlib import Path

from bot.settings import Settings, SettingsError
from playground.blocks import Problem, check_blocks, check_message, check_view

SURFACES = {"modal", "home"}


def command(settings: Settings, options: argparse.Namespace) -> int:  # noqa: ARG001  (every command takes both)
    """`check` is the only thing to do with blocks so far."""
    if len(options.rest) != 2 or options.rest[0] != "check":  # noqa: PLR2004  (the word and the file)
        message = "Say `mentorbot blocks check FILE`, or - in place of FILE for standard input."
        raise SettingsError(message)
    return check(options.rest[1])


def check(file: str) -> int:
    """Print every problem as `pointer: message (code)`; exits 1 if there is any."""
    problems = judge(_read(file))
    for problem in problems:
        print(f"{problem.pointer}: {problem.message} ({problem.code})")
    if not problems:
        print("Slack would take this.")
    return 1 if problems else 0


def judge(payload: object) -> list[Problem]:
    """A list is blocks, something with a view's type is a view, anything else an object is a message."""
    if isinstance(payload, list):
        return check_blocks(payload)
    if not isinstance(payload, dict):
        message = "This is JSON, but neither a list of blocks, nor a view, nor a message."
        raise SettingsError(message)
    if payload.get("type") in SURFACES:
        return check_view(payload)
    return check_view(payload["view"]) if isinstance(payload.get("view"), dict) else check_message(payload)


def _read(file: str) -> object:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        message = f"{file} can't be read: {problem}. Give a file of JSON, or - for standard input."
        raise SettingsError(message) from problem
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError) as problem:
        message = f"{file} is no JSON: {problem}."
        raise SettingsError(message) from problem
    return found
