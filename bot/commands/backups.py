"""`mentorbot backup FILE` and `mentorbot restore FILE`: a whole copy, and back, without sending anything twice."""

import argparse
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.exc import DatabaseError

from bot.clock import real_time
from bot.commands.run import lock_of, only_one
from bot.settings import Settings, SettingsError
from storage import copying
from storage.migrations import run as migrations

PROOF = "mentorbot backup"


def back_up(settings: Settings, options: argparse.Namespace) -> int:
    """Copy everything into one file, beside a running bot or not; it appears only once it is whole."""
    target, now = _file(options), real_time()
    if target.exists() and not options.fresh:
        raise SettingsError(f"{target} is there already. Choose another name, or give --fresh to replace it.")
    if not target.parent.is_dir():
        raise SettingsError(f"The folder {target.parent} does not exist. Make it first, or choose another.")
    if migrations.revision_of(settings.database) != migrations.HEAD:
        raise SettingsError(
            "There is no database at this program's revision yet. Start mentorbot once, then try again."
        )
    count = write(settings, target, now)
    print(
        f"{count} rows are in {target}. The key is not: keep it apart, without it private words stay sealed for ever."
    )
    return 0


def write(settings: Settings, target: Path, now: datetime) -> int:
    """Write the copy beside its place, then move it there; how many rows it holds."""
    with TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        path = Path(folder) / "backup.db"
        url = f"sqlite:///{path}"
        migrations.upgrade(url)
        with copying.opened(settings.database) as source, copying.opened(url) as copied:
            count = copying.copy(source, copied)
            copying.mark(copied, copying.MADE_AT, now.isoformat())
            copying.mark(copied, copying.KEY, settings.vault().fingerprint(PROOF))
        path.chmod(0o600)
        _keep(path)
        path.replace(target)
        _keep(target.parent)
    return count


def restore(settings: Settings, options: argparse.Namespace) -> int:
    """Put a copy back into an empty database; what was owed is looked for in Slack before anything is sent again."""
    lock = lock_of(settings)
    with only_one(lock) if lock else nullcontext(), _at_head(_file(options)) as (url, made_at):
        _check_key(settings, url)
        count, doubted = read(settings, url, made_at, real_time())
    print(
        f"{count} rows are back, as they stood on {made_at:%d %b %Y at %H:%M} UTC. {doubted} messages were owed then; "
        "each is looked for in Slack before it is sent."
    )
    return 0


def _check_key(settings: Settings, url: str) -> None:
    with copying.opened(url) as source:
        if copying.marked(source, copying.KEY) != settings.vault().fingerprint(PROOF):
            raise SettingsError(
                "This backup was made with another key, so its private words could not be read. "
                "Set MENTORBOT_KEY to the key it was made with, then restore again."
            )


def read(settings: Settings, url: str, made_at: datetime, now: datetime) -> tuple[int, int]:
    """(rows copied, messages now in doubt); refused where anything would be overwritten."""
    if settings.database.startswith("sqlite"):
        migrations.upgrade(settings.database)
    elif migrations.revision_of(settings.database) != migrations.HEAD:
        raise SettingsError("The database is not at this program's revision. Run `mentorbot migrate` first.")
    with copying.opened(url) as source, copying.opened(settings.database) as target:
        try:
            return copying.restore(source, target, made_at, now)
        except copying.NotEmptyError as problem:
            message = (
                "This database is in use. Restore into an empty one: give another --home, or another "
                "MENTORBOT_DATABASE_URL, and keep this one until you have seen the other run."
            )
            raise SettingsError(message) from problem


@contextmanager
def _at_head(file: Path) -> Iterator[tuple[str, datetime]]:
    """A copy of the backup at this program's revision, and the moment it was made; the file itself is left alone."""
    if not file.is_file():
        raise SettingsError(f"There is no file {file}.")
    with TemporaryDirectory(prefix="mentorbot-restore-") as folder:
        path = Path(folder) / "backup.db"
        shutil.copyfile(file, path)
        url = f"sqlite:///{path}"
        try:
            if migrations.revision_of(url):
                migrations.upgrade(url)
            with copying.opened(url) as source:
                made_at = copying.marked(source, copying.MADE_AT)
        except (DatabaseError, migrations.NotReachableError) as problem:
            raise SettingsError(f"{file} is no backup of mentorbot's.") from problem
        if made_at is None:
            raise SettingsError(f"{file} is no backup of mentorbot's.")
        yield url, datetime.fromisoformat(made_at)


def _file(options: argparse.Namespace) -> Path:
    if len(options.rest) != 1:
        raise SettingsError(f"Name one file: `mentorbot {options.command} FILE`.")
    return Path(options.rest[0]).expanduser().absolute()


def _keep(path: Path) -> None:
    """See to it that a file, or a name in a folder, survives a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
