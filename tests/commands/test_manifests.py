"""The Slack app for both ways: by a socket as it is shipped, and for an address of one's own."""

from pathlib import Path

import pytest
import yaml

from bot.__main__ import main
from bot.commands import doctor
from bot.commands.manifests import manifest, over_http
from playground.manifest import faults_of
from tests.chaos.loops import standing_in

BASE = "https://mentor.example.org"


def test_the_one_for_an_address_is_what_slack_would_take_and_differs_in_nothing_else() -> None:
    app = over_http(manifest(), f"{BASE}/")
    assert list(faults_of(app)) == []
    assert app["settings"]["socket_mode_enabled"] is False
    urls = {
        app["settings"]["event_subscriptions"]["request_url"],
        app["settings"]["interactivity"]["request_url"],
        *(command["url"] for command in app["features"]["slash_commands"]),
    }
    assert urls == {f"{BASE}/slack/events"}
    assert app["oauth_config"] == manifest()["oauth_config"]
    assert "request_url" not in str(manifest()), "the shipped one is left as it is"


def test_both_are_printed_to_be_pasted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(tmp_path)]
    assert main(["manifest", *home]) == 0
    assert yaml.safe_load(capsys.readouterr().out) == manifest()
    assert main(["manifest", "--http", BASE, *home]) == 0
    assert yaml.safe_load(capsys.readouterr().out) == over_http(manifest(), BASE)


@pytest.mark.parametrize("address", ["http://mentor.example.org", "mentor.example.org", "https://"])
def test_an_address_slack_would_not_call_is_refused_with_what_to_give(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    assert main(["manifest", "--http", address, "--home", str(tmp_path)]) == 2
    assert "https" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "short"}, "Signing Secret"),
    ],
)
def test_listening_without_what_it_takes_ends_in_one_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    says: str,
) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    assert main(["run", "--http", "--home", str(tmp_path)]) == 2
    assert says in capsys.readouterr().err


@pytest.fixture
def over_http_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment with what an address takes, and no app token."""
    monkeypatch.delenv("SLACK_APP_TOKEN", raising=False)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0123456789abcdef" * 2)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("over_http_only")
def test_a_signing_secret_alone_never_ends_in_a_playground(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--home", str(tmp_path)]) == 2
    assert "mentorbot run --http" in capsys.readouterr().err


@pytest.mark.usefixtures("over_http_only")
def test_the_doctor_looks_at_what_an_address_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with standing_in({}) as port:
        api = f"http://127.0.0.1:{port}/api/"
        monkeypatch.setattr(doctor, "SLACK_API", api)
        monkeypatch.setenv("SLACK_API_URL", api)
        main(["doctor", "--home", str(tmp_path)])
    said = capsys.readouterr().out
    assert "bot token: lacks" in said, "the stand-in grants two scopes"
    assert "signing secret: set" in said
    assert "app token" not in said
    assert "playground" not in said
