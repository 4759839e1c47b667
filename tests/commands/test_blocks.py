"""`mentorbot blocks check`, as somebody with a file of JSON uses it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main

FINE = [{"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}]
TOO_LONG = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
Run = Any


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Write a payload to a file, check it, give the exit code and what was said."""

    def check(content: Any) -> tuple[int, str]:
        file = tmp_path / "payload.json"
        file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        code = main(["blocks", "check", str(file), "--home", str(tmp_path)])
        said = capsys.readouterr()
        return code, said.out + said.err

    return check


def test_good_blocks_are_said_to_be_good(run: Run) -> None:
    assert run(FINE) == (0, "Slack would take this.\n")


@pytest.mark.parametrize(
    ("payload", "pointer"),
    [
        (TOO_LONG, "/blocks/0/text"),
        ({"text": "x", "blocks": TOO_LONG}, "/blocks/0/text"),
        ({"type": "home", "blocks": TOO_LONG}, "/view/blocks/0/text"),
        ({"trigger_id": "1", "view": {"type": "home", "blocks": TOO_LONG}}, "/view/blocks/0/text"),
    ],
    ids=["blocks", "message", "view", "arguments of views.open"],
)
def test_each_problem_is_pointed_at_in_slacks_words(run: Run, payload: Any, pointer: str) -> None:
    code, said = run(payload)
    assert code == 1
    assert said.startswith(pointer)
    assert "must be less than 3001 characters" in said


@pytest.mark.parametrize(("content", "words"), [("{nope", "is no JSON"), ("3", "neither a list of blocks")])
def test_what_is_no_payload_is_refused_kindly(run: Run, content: str, words: str) -> None:
    code, said = run(content)
    assert (code, words in said) == (2, True)


def test_a_missing_file_and_a_missing_word_say_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["blocks", "check", str(tmp_path / "none.json"), "--home", str(tmp_path)]) == 2
    assert main(["blocks", "--home", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "can't be read" in said
    assert "mentorbot blocks check FILE" in said


def test_standard_input_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(FINE)))
    assert main(["blocks", "check", "-", "--home", str(tmp_path)]) == 0
    assert "Slack would take this" in capsys.readouterr().out


def test_an_unknown_command_gets_the_nearest_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docotr"]) == 2
    assert "mentorbot doctor" in capsys.readouterr().err
