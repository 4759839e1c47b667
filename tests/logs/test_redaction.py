"""No secret reaches a log line, whichever way it tries: in the sentence, a field, a traceback, as JSON or plain."""

import json
import logging
from collections.abc import Iterator

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
)


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Put the root logger back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


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
    said = capsys.readouterr().err
    assert secret not in said
    assert "quokka" not in said
    assert said.count(logs.HIDDEN) >= (4 if as_json else 3)
    assert "It went wrong." in said


def test_a_line_of_json_has_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=True)
    logging.getLogger("bot.outbox").warning("A message was not sent: %s.", "ratelimited", extra={"kind": "home"})
    found = json.loads(capsys.readouterr().err)
    assert (found["level"], found["name"], found["kind"]) == ("WARNING", "bot.outbox", "home")
    assert found["message"] == "A message was not sent: ratelimited."


def test_libraries_say_only_what_went_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=False)
    for name in logs.OTHERS:
        logging.getLogger(f"{name}.inner").info("body: quokka")
        logging.getLogger(f"{name}.inner").debug("body: quokka")
    assert capsys.readouterr().err == ""
