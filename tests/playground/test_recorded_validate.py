"""Slack's own word on every view, where somebody with internet has recorded it (.ci/live-validate)."""

import json
from pathlib import Path

import pytest

from playground.blocks import validate

RECORD = Path(__file__).parent / "recorded_validate.json"


def test_we_judge_every_recorded_payload_as_slack_did() -> None:
    if not RECORD.exists():
        pytest.skip("Slack's own answers are not recorded yet (SLACK_LIVE_VALIDATE=1 uv run python .ci/live-validate)")
    recorded = json.loads(RECORD.read_text(encoding="utf-8"))
    wrong = [
        each["name"] for each in recorded if validate({each["as"]: each["payload"]})["ok"] is not each["answer"]["ok"]
    ]
    assert recorded
    assert not wrong
