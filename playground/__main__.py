"""`python -m playground --manifest manifest.yml`: a workspace for one app, until Ctrl-C."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

from playground import casts
from playground.environment import FORMATS, environment, write_privately, written
from playground.files import FileRefusedError
from playground.manifest import ManifestRefusedError
from playground.server import Playground, PortTakenError
from playground.snapshots import SnapshotRefusedError
from playground.store import forget

PORT, HIGHEST_PORT = 8485, 65535
WRONG = 2
DESCRIPTION = "A strict workspace for Slack apps on this computer. No account is needed and nothing leaves it."


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the page of usage before it."""

    def error(self, message: str) -> NoReturn:
        """Tell and leave."""
        self.exit(WRONG, f"{message[:1].upper()}{message[1:]}. `{self.prog} --help` lists every choice.\n")


def main(arguments: list[str] | None = None) -> int:
    """Run until told to stop; gives the exit code."""
    options = _parser().parse_args(arguments)
    try:
        code = asyncio.run(_run(options))
    except (FileRefusedError, ManifestRefusedError, PortTakenError, SnapshotRefusedError) as problem:
        print(problem, file=sys.stderr)
    except OSError as problem:
        print(f"{problem.filename or 'This'} can't be used: {problem.strerror or problem}.", file=sys.stderr)
    else:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C no longer matters
        return code
    return WRONG


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m playground", description=DESCRIPTION)
    add = parser.add_argument
    add("--manifest", type=Path, required=True, metavar="FILE", help="the app's manifest, YAML or JSON")
    add("--cast", type=Path, metavar="FILE", help="who is there, YAML or JSON (default: four people, three channels)")
    add("--neighbour", type=Path, metavar="FILE", action="append", default=[], help="another workspace, by its cast")
    add("--not-installed", action="store_true", help="begin without the app, until somebody consents to it")
    add("--port", type=_port, default=PORT, help=f"default {PORT}; 0 takes any free one")
    add("--home", type=Path, metavar="DIR", help="keep the world there (default: it is forgotten at the end)")
    add("--fresh", action="store_true", help="forget what is kept in --home and begin again")
    add("--snapshot", type=Path, metavar="DIR", help="begin as this snapshot was; the snapshot stays as it is")
    add("--env", type=Path, metavar="FILE", help="write the variables there, for your eyes only, not to the terminal")
    add("--format", choices=FORMATS, default="shell", help="how the variables are written (default: shell)")
    add("--seed", type=int, metavar="N", help="the same ids at each start")
    add("--page-size", type=_size, metavar="N", help="at most so many in a list's page, to notice who reads only one")
    add("--no-rate-limits", action="store_true", help="never answer 429")
    add("--strict-text", action="store_true", help="refuse blocks without a plain text beside them")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is no port, give a number from 0 to {HIGHEST_PORT}")
    return int(text)


def _size(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no size of a page, give a number from 1")
    return int(text)


async def _run(options: argparse.Namespace) -> int:
    asked, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked.set)
    playground = _made(options)
    async with playground:
        _tell(playground, options)
        await asked.wait()
    print("Stopped. The world is where you left it." if options.home else "Stopped.")
    return 0


def _made(options: argparse.Namespace) -> Playground:
    cast = casts.read_cast(options.cast) if options.cast else casts.EXAMPLE
    choices: dict[str, Any] = {
        "neighbours": [casts.read_cast(each) for each in options.neighbour],
        "installed": not options.not_installed,
        "home": options.home,
        "snapshot": options.snapshot,
        "port": options.port,
        "seed": options.seed,
        "page_size": options.page_size,
        "rate_limits": not options.no_rate_limits,
        "strict_text": options.strict_text,
    }
    domains = [each.team_domain for each in (cast, *choices["neighbours"])]
    if len(set(domains)) < len(domains):
        raise FileRefusedError("Two workspaces have the same domain: give each cast a team of its own.")
    if options.fresh and options.home:
        forget(options.home)
    return Playground(options.manifest, cast, **choices)


def _tell(playground: Playground, options: argparse.Namespace) -> None:
    text = written(environment(playground), options.format)
    if playground.notice:
        print(f"# {playground.notice}", file=sys.stderr)
    print("# A workspace on this computer. Nothing leaves it. Stop with Ctrl-C. The page:")
    for workspace in playground.workspaces:
        print(f"# {workspace.url.removesuffix('/')}")
    if options.env:
        write_privately(options.env, text)
        print(f"# What your app needs is in {options.env}", flush=True)
    else:
        print(text, end="", flush=True)


if __name__ == "__main__":
    sys.exit(main())
