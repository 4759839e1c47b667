"""What workspaces need to install the app by themselves: set whole, or refused in one sentence that says what to do."""

from pathlib import Path

import pytest
import yaml

from bot.__main__ import main
from bot.commands.lines import Address
from bot.commands.manifests import installable, manifest, over_http
from bot.commands.run import tokens_of
from bot.installing import BACK
from bot.settings import load
from playground.manifest import faults_of

BASE = "https://mentor.example.org"
SECRET = "0123456789abcdef" * 2
WHOLE = {
    "SLACK_CLIENT_ID": "111.222",
    "SLACK_CLIENT_SECRET": SECRET,
    "MENTORBOT_URL": f"{BASE}/",
    "SLACK_APP_TOKEN": "xapp-1",
}
ALL = (*WHOLE, "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL")


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment in which nothing is set."""
    for name in ALL:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_one_to_install_differs_in_nothing_but_where_it_comes_back_to_and_that_tokens_rotate() -> None:
    app = installable(manifest(), f"{BASE}/")
    assert list(faults_of(app)) == []
    assert app["oauth_config"].pop("redirect_urls") == [f"{BASE}{BACK}"]
    assert app["settings"].pop("token_rotation_enabled")
    plain = manifest()
    assert plain["settings"].pop("token_rotation_enabled") is False
    assert app == plain


def test_it_is_printed_to_be_pasted_for_a_socket_or_an_address(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ["--home", str(tmp_path)]
    assert main(["manifest", "--oauth", BASE, *home]) == 0
    assert yaml.safe_load(capsys.readouterr().out) == installable(manifest(), BASE)
    assert main(["manifest", "--oauth", BASE, "--http", BASE, *home]) == 0
    both = yaml.safe_load(capsys.readouterr().out)
    assert both == over_http(installable(manifest(), BASE), BASE)
    assert list(faults_of(both)) == []


@pytest.mark.parametrize("address", ["", "http://mentor.example.org", "mentor.example.org", "https://"])
def test_an_address_a_browser_must_not_come_back_to_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    assert main(["manifest", "--oauth", address, "--home", str(tmp_path)]) == 2
    assert "mentorbot manifest --oauth https://" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"SLACK_CLIENT_ID": None}, "SLACK_CLIENT_ID is missing"),
        ({"SLACK_CLIENT_SECRET": None}, "SLACK_CLIENT_SECRET is missing"),
        ({"MENTORBOT_URL": None}, "MENTORBOT_URL is missing"),
        ({"SLACK_APP_TOKEN": None}, "SLACK_APP_TOKEN is missing"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_BOT_TOKEN and SLACK_CLIENT_ID are both set"),
        ({"SLACK_CLIENT_ID": "abc"}, "two numbers with a point between"),
        ({"SLACK_CLIENT_SECRET": "short"}, "Client Secret"),
        ({"MENTORBOT_URL": "http://mentor.example.org"}, "give the https address"),
        ({"MENTORBOT_URL": f"{BASE}/?a=b"}, "give the https address"),
    ],
)
def test_what_is_set_by_half_ends_in_one_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, str | None],
    says: str,
) -> None:
    for name, value in (WHOLE | change).items():
        if value is not None:
            monkeypatch.setenv(name, value)
    assert main(["run", "--home", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert SECRET not in said


def test_set_whole_it_gives_pages_beside_a_socket_or_at_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)
    settings = load(tmp_path)
    assert (settings.has_oauth, settings.has_slack, settings.has_http) == (True, True, False)
    assert SECRET in settings.secrets, "so that no log line holds it"
    tokens = tokens_of(settings, Address("127.0.0.1", 3000))
    assert tokens.oauth is not None
    assert (tokens.oauth.url, tokens.bots) == (BASE, [])
    assert set(tokens.oauth.scopes) == set(manifest()["oauth_config"]["scopes"]["bot"])
    assert SECRET not in repr(tokens)


def test_several_bot_tokens_stand_in_one_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1, xoxb-2\txoxb-3")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    settings = load(tmp_path)
    assert settings.bot_tokens == ["xoxb-1", "xoxb-2", "xoxb-3"]
    assert {"xoxb-1", "xoxb-2", "xoxb-3"} <= set(settings.secrets)
    assert "xoxb-2" not in repr(tokens_of(settings, None))


def test_one_wrong_token_among_several_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1,xoxp-2")
    assert main(["run", "--home", str(tmp_path)]) == 2
    assert "it should begin with xoxb-" in capsys.readouterr().err
