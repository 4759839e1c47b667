"""Calls a command, and turns what can go wrong into one human line each."""

import argparse
import os
import sys
from collections.abc import Callable
from importlib import import_module

from bot import logs
from bot.settings import Settings, SettingsError, load, make_home
from storage.migrations.run import NewerThanProgramError, NotReachableError

WRONG = 2
WHERE = {
    "run": ("run", "command"),
    "playground": ("run", "playground"),
    "migrate": ("migrate", "command"),
    "seed": ("seed", "command"),
    "doctor": ("doctor", "command"),
    "manifest": ("manifests", "command"),
    "backup": ("backups", "back_up"),
    "restore": ("backups", "restore"),
    "silence": ("silence", "command"),
    "dry-run": ("dry_run", "command"),
    "blocks": ("blocks", "command"),
}


def call(options: argparse.Namespace) -> int:
    """Run the named command; a refusal is printed and exits with 2."""
    before = os.umask(0o077)
    try:
        settings = load(options.home)
        logs.configure(as_json=settings.log == "json", known=settings.secrets)
        make_home(settings)
        return _command(options.command)(settings, options)
    except SettingsError as problem:
        return _say(str(problem))
    except NewerThanProgramError as problem:
        return _say(
            f"The database is at revision {problem}, which is newer than this mentorbot. "
            "Update mentorbot, or restore the copy from before the update."
        )
    except NotReachableError as problem:
        return _say(f"The database can't be opened: {problem}. Check MENTORBOT_DATABASE_URL, and that it is running.")
    except KeyboardInterrupt:
        return 0
    finally:
        os.umask(before)


def _command(name: str) -> Callable[[Settings, argparse.Namespace], int]:
    """The function behind a command, from the one module it needs."""
    module, function = WHERE[name]
    found: Callable[[Settings, argparse.Namespace], int] = getattr(import_module(f"bot.commands.{module}"), function)
    return found


def _say(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return WRONG
