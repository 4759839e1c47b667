"""No secret reaches a log line, whichever way it tries: in the sentence, a field, a traceback, as JSON or plain."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import logs

SIGNING = "0123456789abcdef0123456789abcdef"
PLANTED = (
    "xoxb-1234-quokka",
    "xoxe.xoxp-1-quokka",
    "xapp-1-A0-quokka",
    "noor.quokka@example.org",
    "https://hooks.slack.com/actions/T1/2/quokka",
    SIGNING,
    "postgresql+psycopg://mentorbot:quokka-secret@database/mentorbot",
    "quokkaAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
)


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Put the root logger back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def lines(said: str) -> list[dict[str, Any]]:
    """Every line, as a machine reads it; one that is no JSON fails."""
    return [json.loads(line) for line in said.splitlines()]


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("secret", PLANTED)
def test_a_secret_is_hidden_wherever_it_stands(
    capsys: pytest.CaptureFixture[str], secret: str, *, as_json: bool
) -> None:
    logs.configure(as_json=as_json, known=[SIGNING, ""])
    log = logging.getLogger("bot.tried")
    log.warning("It says %s.", secret)
    log.warning("A field has it.", extra={"row": secret})
    try:
        int(secret)
    except ValueError:
        log.exception("It went wrong.")
    log.warning("Authorization: Bearer %s", "quokka-bare")
    log.warning("authorization: bearer %s", "quokka-bare")
    log.warning("A line,\n%s\nand another.", secret)
    log.warning("Within.", extra={"row": {"deep": [secret, 1, None]}})
    said = capsys.readouterr().err
    assert secret not in said
    assert "quokka" not in said
    assert said.count(logs.HIDDEN) >= (7 if as_json else 5)
    assert "It went wrong." in said
    assert not as_json or len(lines(said)) == 7


@pytest.mark.parametrize("as_json", [True, False])
def test_a_traceback_says_where_and_what_kind_but_quotes_nobody(
    capsys: pytest.CaptureFixture[str], *, as_json: bool
) -> None:
    logs.configure(as_json=as_json)
    try:
        try:
            int("I have told nobody else")
        except ValueError as problem:
            raise LookupError("I have told nobody else") from problem
    except LookupError:
        logging.getLogger("bot.tried").exception("It went wrong.")
    said = capsys.readouterr().err
    assert "int(" in said, "the line of the program is shown"
    assert said.index("ValueError: [hidden]") < said.index("LookupError: [hidden]")
    assert said.count("I have told nobody else") == 2, "both are the program's own lines, not the exceptions' words"


@pytest.mark.parametrize("problem", [OSError(28, "No space left"), TypeError("'NoneType' has no len()")])
def test_what_the_machine_says_of_itself_is_shown(capsys: pytest.CaptureFixture[str], problem: Exception) -> None:
    logs.configure(as_json=False)
    try:
        raise problem
    except type(problem):
        logging.getLogger("bot.tried").exception("It went wrong.")
    assert str(problem) in capsys.readouterr().err


def test_a_line_of_json_has_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=True)
    logging.getLogger("bot.outbox").warning("A message was not sent: %s.", "ratelimited", extra={"kind": "home"})
    found = json.loads(capsys.readouterr().err)
    assert (found["level"], found["name"], found["kind"]) == ("WARNING", "bot.outbox", "home")
    assert found["message"] == "A message was not sent: ratelimited."
    assert datetime.fromisoformat(found["at"]).utcoffset() == timedelta(0)


def test_libraries_say_only_what_went_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=False)
    for name in logs.OTHERS:
        logging.getLogger(f"{name}.inner").info("body: quokka")
        logging.getLogger(f"{name}.inner").debug("body: quokka")
    assert capsys.readouterr().err == ""
