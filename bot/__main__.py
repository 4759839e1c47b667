"""The command line: a page a person enjoys, and the way to every command, each loaded only when it is called."""

import argparse
import signal
import sys
from importlib.metadata import version
from pathlib import Path

COMMANDS = (
    "run",
    "playground",
    "migrate",
    "seed",
    "doctor",
    "manifest",
    "backup",
    "restore",
    "dry-run",
    "silence",
    "blocks",
    "help",
)
TAKE_MORE = ("blocks", "backup", "restore", "silence")
STAY = ("run", "playground")
PAGE = """\
mentorbot: mentorship inside your team's Slack workspace. Self-hosted, free, private.

  mentorbot                    run: on Slack if its two tokens are set, else in the playground
  mentorbot run --http         the same, but Slack calls the bot: at port 3000, behind a proxy that speaks TLS
  mentorbot playground         the bot in a workspace on this computer; no account, nothing leaves it
  mentorbot migrate            bring a PostgreSQL database to this version (SQLite does it by itself)
  mentorbot seed --people 50   fill the database with made-up people, to try things out
  mentorbot doctor             what is set, what is wrong, how to mend it
  mentorbot backup FILE        copy everything into one file, beside a running bot; the key is not in it
  mentorbot restore FILE       put it back into an empty database; nothing that was sent is sent again
  mentorbot dry-run --days 14  every message of the next days, to whom, when and why; --json for machines
  mentorbot silence on         send nothing but answers, in every workspace; or off, or status
  mentorbot manifest           the Slack app to paste; with --http https://your.address for calls to an address,
                               with --oauth https://your.address for workspaces to install it by themselves
  mentorbot blocks check FILE  whether Slack would take these blocks, this view or this message

  --port N     where the playground listens (default 8484; 0 takes any free port), or the bot with --http, or the
               pages where workspaces install it (3000)
  --home DIR   where data is kept (else MENTORBOT_HOME, else your user data folder)
  --fresh      forget the playground's story and begin again

settings, from the environment or a file named .env:
  SLACK_BOT_TOKEN, SLACK_APP_TOKEN   both, to run on Slack; of several workspaces, their bot tokens with commas between
  SLACK_SIGNING_SECRET               in place of the app token, with --http
  SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, MENTORBOT_URL
                                     in place of the bot token: workspaces install the app at that address by themselves
  MENTORBOT_HTTP_HOST                where it listens then (default 127.0.0.1)
  MENTORBOT_HEALTH_PORT              answer there at /health and /metrics (MENTORBOT_HEALTH_HOST: 127.0.0.1)
  MENTORBOT_LOG                      plain, or json
  MENTORBOT_ORGANISERS               Slack member ids, with commas between; beside whoever installed it, where people do
  MENTORBOT_DATABASE_URL             PostgreSQL, if you like; SQLite in the home folder otherwise
  MENTORBOT_MIGRATION_URL            the same database with a role that may change tables
  MENTORBOT_KEY                      the key that seals private words; made for you if absent
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    options = _parser().parse_args(arguments)
    if options.help or options.command == "help":
        print(PAGE, end="")
        return 0
    if options.version:
        print(f"mentorbot {version('mentorbot')}")
        return 0
    if options.command not in COMMANDS:
        return _unknown(options.command)
    if options.rest and options.command not in TAKE_MORE:
        return _unknown(f"{options.command} {' '.join(options.rest)}")
    if options.command in STAY and arguments is None:
        _leave_when_told()
    from bot.commands import dispatch

    return dispatch.call(options)


def _leave_when_told() -> None:
    """Until something runs that has to be ended well; a container's first process would not hear it otherwise."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))


def _unknown(word: str) -> int:
    from difflib import get_close_matches

    near = get_close_matches(word, COMMANDS, n=1)
    meant = f" Did you mean `mentorbot {near[0]}`?" if near else ""
    print(f"There is no command {word!r}.{meant} `mentorbot --help` lists them all.", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mentorbot", add_help=False, usage="mentorbot [command] [options], see --help"
    )
    parser.add_argument("command", nargs="?", default="run")
    parser.add_argument("rest", nargs="*")
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--version", action="store_true")
    parser.add_argument("--port", type=_port)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--http", nargs="?", const="")
    parser.add_argument("--oauth", nargs="?", const="")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--people", type=int, default=50)
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:  # noqa: PLR2004  (the highest port there is)
        message = f"{text} is no port: give a number from 0 to 65535."
        raise argparse.ArgumentTypeError(message)
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
