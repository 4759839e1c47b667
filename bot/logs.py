"""One log line a thing that happened: a sentence and its fields, in plain words or as JSON; secrets never."""

import logging
import re
from collections.abc import Sequence

from pythonjsonlogger.json import JsonFormatter

HIDDEN = "[hidden]"
SECRETS = re.compile(
    r"xox[a-z]-[\w-]+|xoxe[.\w-]+|xapp-[\w-]+"  # Slack's tokens
    r"|(?<=Bearer )\S+"
    r"|[\w.+-]+@[\w-]+\.[\w.]+"  # an e-mail address
    r"|hooks\.slack\.com/\S+"
)
PLAIN = "%(asctime)s %(levelname)s %(name)s: %(message)s"
FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s"
OTHERS = {
    "slack_bolt": logging.ERROR,  # it warns of a token in the environment, which is where ours is
    "slack_sdk": logging.WARNING,
    "apscheduler": logging.WARNING,
    "aiohttp": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "alembic": logging.WARNING,
}


class Redacting(logging.Formatter):
    """Another formatter's line, with every secret in it hidden, whichever field, message or traceback it is in."""

    def __init__(self, inner: logging.Formatter, known: Sequence[str]) -> None:
        super().__init__()
        self._inner = inner
        self._known = tuple(secret for secret in known if secret)

    def format(self, record: logging.LogRecord) -> str:
        """Word it, then hide."""
        line = SECRETS.sub(HIDDEN, self._inner.format(record))
        for secret in self._known:
            line = line.replace(secret, HIDDEN)
        return line


def configure(*, as_json: bool, known: Sequence[str] = ()) -> None:
    """Log to the standard error; libraries say only what went wrong, since what they say else holds people's words."""
    inner = JsonFormatter(FIELDS, rename_fields={"levelname": "level", "asctime": "at"}) if as_json else None
    handler = logging.StreamHandler()
    handler.setFormatter(Redacting(inner or logging.Formatter(PLAIN), known))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name, level in OTHERS.items():
        logging.getLogger(name).setLevel(level)
