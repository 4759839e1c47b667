"""One log line a thing that happened: a sentence and its fields, in plain words or as JSON; secrets never."""

import json
import logging
import re
import traceback
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from storage.database import StoreUnavailableError

HIDDEN = "[hidden]"
SECRETS = re.compile(
    r"xox[a-z]-[\w-]+|xoxe[.\w-]+|xapp-[\w-]+"  # Slack's tokens
    r"|(?i:(?<=bearer ))[^\s\"',;]+"
    r"|[\w.+-]+@[\w-]+\.[\w.]+"  # an e-mail address
    r"|hooks\.slack\.com/[^\s\"']+"
    r"|(?<=://)[^\s/@:]*:[^\s/@]+(?=@)"  # a role and its password in a database's address
    r"|(?<![\w-])[\w-]{43}=(?![\w=])"  # the key that seals private words
)
PLAIN = "%(asctime)s %(levelname)s %(name)s: %(message)s"
FIELDS = "%(levelname)s %(name)s %(message)s"
OTHERS = {
    "slack_bolt": logging.ERROR,  # it warns of a token in the environment, which is where ours is
    "slack_sdk": logging.WARNING,
    "apscheduler": logging.WARNING,
    "aiohttp": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "alembic": logging.WARNING,
}
# What these say is about the program or the machine. Any other may quote a person: PostgreSQL shows the whole row that
# broke a rule, pydantic the value it could not read.
SAYS_NOTHING_PRIVATE = (
    StoreUnavailableError,
    OSError,
    AttributeError,
    ImportError,
    MemoryError,
    NameError,
    RecursionError,
    TypeError,
)
Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def hide(text: str, known: Sequence[str] = ()) -> str:
    """The same text without what looks like a secret, and without those that are known."""
    for secret in known:
        text = text.replace(secret, HIDDEN)
    return SECRETS.sub(HIDDEN, text)


class _Guarded(logging.Formatter):
    """A traceback says where and what kind; the words of an exception are shown only where they can be nobody's."""

    def formatException(self, ei: Raised) -> str:  # noqa: N802  (logging's own name)
        return "\n".join(_told(ei[1])) if ei[1] is not None else ""


def _told(problem: BaseException) -> list[str]:
    """The whole chain, the first cause first, as Python itself tells it."""
    before = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
    frames = "".join(traceback.format_tb(problem.__traceback__)).rstrip()
    said = str(problem)
    words = said if isinstance(problem, SAYS_NOTHING_PRIVATE) or not said else HIDDEN
    earlier = [*_told(before), "", "Then:"] if before is not None else []
    return [*earlier, "Traceback (most recent call last):", frames, f"{type(problem).__qualname__}: {words}"]


class Plain(_Guarded):
    """A line for a person to read."""

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__(PLAIN)
        self._known = known

    def format(self, record: logging.LogRecord) -> str:
        """Word it, then hide."""
        return hide(super().format(record), self._known)


class Json(_Guarded, JsonFormatter):
    """A line for a machine: what is hidden is hidden in each value, so that the line stays JSON."""

    def __init__(self, known: Sequence[str]) -> None:
        JsonFormatter.__init__(self, FIELDS, rename_fields={"levelname": "level"}, timestamp="at")
        self._known = known

    def format(self, record: logging.LogRecord) -> str:
        """Let the library make its line, and hide in it."""
        return json.dumps(_each(json.loads(super().format(record)), lambda text: hide(text, self._known)))


def _each(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401  (JSON is JSON)
    """Change every text in a JSON value, its fields' names too."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {change(name): _each(inner, change) for name, inner in value.items()}
    return [_each(inner, change) for inner in value] if isinstance(value, list) else value


def configure(*, as_json: bool, known: Sequence[str] = ()) -> None:
    """Log to the standard error; libraries say only what went wrong, since what they say else holds people's words."""
    kept = tuple(secret for secret in known if secret)
    handler = logging.StreamHandler()
    handler.setFormatter(Json(kept) if as_json else Plain(kept))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name, level in OTHERS.items():
        logging.getLogger(name).setLevel(level)
