"""Calls a command, and turns what can go wrong into one human line each."""

import argparse
import os
import sys
from collections.abc import Callable

from bot import logs
from bot.settings import Settings, SettingsError, load, make_home
from storage.migrations.run import NewerThanProgramError, NotReachableError

WRONG = 2


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
    if name == "migrate":
        from bot.commands import migrate

        return migrate.command
    if name == "seed":
        from bot.commands import seed

        return seed.command
    if name == "doctor":
        from bot.commands import doctor

        return doctor.command
    if name == "blocks":
        from bot.commands import blocks

        return blocks.command
    if name == "manifest":
        from bot.commands import manifests

        return manifests.command
    from bot.commands import run

    return run.playground if name == "playground" else run.command


def _say(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return WRONG
