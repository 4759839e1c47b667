"""`mentorbot migrate`: bring the database to this version, with the role that may change tables."""

import argparse

from bot.settings import Settings
from storage.migrations import run as migrations


def command(settings: Settings, options: argparse.Namespace) -> int:  # noqa: ARG001  (every command takes both)
    """Migrate, and say what was done."""
    url = settings.migration_url or settings.database
    if migrations.upgrade(url):
        print(f"The database is now at revision {migrations.HEAD}.")
    else:
        print(f"The database was at revision {migrations.HEAD} already; nothing to do.")
    return 0
