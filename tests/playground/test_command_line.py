"""`python -m playground`: what it prints for an app, how it ends, and one sentence for whatever is wrong."""

import asyncio
import json
import os
import shlex
import signal
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from playground.__main__ import main
from tests.playground.kit import MANIFEST, running

ROOT = Path(__file__).parents[2]
SECONDS = 10
ALWAYS = {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL", "SLACK_AUTHORIZE_URL"}
OAUTH = {**MANIFEST["oauth_config"], "redirect_urls": ["http://localhost:3000/slack/oauth_redirect"]}


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """The small manifest in a file."""
    path = tmp_path / "manifest.yml"
    path.write_text(yaml.safe_dump(MANIFEST), encoding="utf-8")
    return path


@asynccontextmanager
async def started(*arguments: str | Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, list[str]]]:
    """The program and the lines it said up to the last of its block; Ctrl-C ends it, with nothing complained."""
    command = [sys.executable, "-m", "playground", "--port", "0", *map(str, arguments)]
    pipe = asyncio.subprocess.PIPE
    program = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe, cwd=ROOT)
    assert program.stdout is not None
    said: list[str] = []
    try:
        async with asyncio.timeout(SECONDS):
            while not said or not ("AUTHORIZE" in said[-1] or "your app needs" in said[-1]):
                line = await program.stdout.readline()
                assert line, (said, await program.communicate())
                said.append(line.decode().rstrip())
        yield program, said
    finally:
        if program.returncode is None:
            program.send_signal(signal.SIGINT)
        out, complaints = await asyncio.wait_for(program.communicate(), SECONDS)
    assert (program.returncode, complaints.decode()) == (0, "")
    assert out.decode().startswith("Stopped.")


def variables(lines: list[str]) -> dict[str, str]:
    """What a shell that sources these lines would have."""
    words = [shlex.split(line, comments=True) for line in lines]
    return dict(word[-1].split("=", 1) for word in words if word)


async def test_the_block_is_all_an_app_needs(manifest: Path) -> None:
    async with started("--manifest", manifest) as (_, said):
        found = variables(said)
        assert set(found) == ALWAYS
        client = AsyncWebClient(token=found["SLACK_BOT_TOKEN"], base_url=found["SLACK_API_URL"])
        assert (await client.auth_test())["team"] == "Willow Street"
        people: Any = (await client.users_list())["members"]
        assert {"Ana Lima", "Ben Okafor"} <= {each["real_name"] for each in people}
        assert (await client.apps_connections_open(app_token=found["SLACK_APP_TOKEN"]))["ok"]


async def test_the_file_of_variables_is_for_its_owner_only_and_says_oauth_where_it_is_meant(tmp_path: Path) -> None:
    manifest, file = tmp_path / "manifest.json", tmp_path / "variables"
    manifest.write_text(json.dumps({**MANIFEST, "oauth_config": OAUTH}), encoding="utf-8")
    file.write_text("open to all", encoding="utf-8")
    file.chmod(0o644)
    async with started("--manifest", manifest, "--env", file, "--format", "json") as (_, said):
        assert not any("xoxb" in line for line in said)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    found = json.loads(file.read_text(encoding="utf-8"))
    assert set(found) == ALWAYS | {"SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"}


async def test_a_dotenv_file_has_no_word_before_the_names(manifest: Path, tmp_path: Path) -> None:
    async with started("--manifest", manifest, "--env", tmp_path / ".env", "--format", "dotenv"):
        lines = (tmp_path / ".env").read_text(encoding="utf-8").splitlines()
    assert set(variables(lines)) == ALWAYS
    assert all(line.startswith("SLACK_") for line in lines)


async def test_a_home_is_kept_until_it_is_to_be_fresh(manifest: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    tokens = []
    for more in ((), (), ("--fresh",)):
        async with started("--manifest", manifest, "--home", home, *more) as (_, said):
            tokens.append(variables(said)["SLACK_BOT_TOKEN"])
    assert tokens[0] == tokens[1]
    assert tokens[2] != tokens[1]


async def test_the_same_seed_gives_the_same_tokens_and_a_page_size_is_kept_to(manifest: Path) -> None:
    tokens = []
    for _ in range(2):
        async with started("--manifest", manifest, "--seed", "7", "--page-size", "2") as (_, said):
            found = variables(said)
            tokens.append(found["SLACK_BOT_TOKEN"])
            client = AsyncWebClient(token=found["SLACK_BOT_TOKEN"], base_url=found["SLACK_API_URL"])
            people: Any = (await client.users_list(limit=100))["members"]
            assert len(people) == 2
    assert tokens[0] == tokens[1]


async def test_neighbours_have_pages_of_their_own_and_an_app_not_installed_has_no_token(
    manifest: Path, tmp_path: Path
) -> None:
    cast = tmp_path / "cast.yml"
    cast.write_text("team: Mill Lane\npeople: [{key: zoe, name: Zoe}]", encoding="utf-8")
    async with started("--manifest", manifest, "--neighbour", cast, "--not-installed") as (_, said):
        pages = [line.removeprefix("# ") for line in said if line.startswith("# http")]
        assert pages == [pages[0], f"{pages[0]}/w/mill-lane"]
        assert set(variables(said)) == ALWAYS - {"SLACK_BOT_TOKEN"}
    twice = await refused("--manifest", manifest, "--neighbour", cast, "--neighbour", cast)
    assert twice == "Two workspaces have the same domain: give each cast a team of its own.\n"


async def test_a_term_signal_stops_it_as_ctrl_c_does(manifest: Path) -> None:
    async with started("--manifest", manifest) as (program, _):
        os.kill(program.pid, signal.SIGTERM)
        await asyncio.wait_for(program.wait(), SECONDS)


def wrong(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What it says before it leaves with 2."""
    code: object
    try:
        code = main(arguments)
    except SystemExit as end:
        code = end.code
    out, complaint = capsys.readouterr()
    assert (code, out) == (2, "")
    return complaint.rstrip("\n")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "There is no file {path} to read the manifest from."),
        ("a: [", "{path} is no YAML: expected the node content, but found '<stream end>' at line 1."),
        ("- a", "{path} is no manifest: it must have keys and values at its top."),
        ("features: 3", "The manifest would be refused:\n- features must have keys and values."),
        ("{}", "The manifest would be refused:\n- display_information/name is missing."),
        (b"\xff\xfe\xff", "{path} can't be read as the manifest: 'utf-8' codec can't decode byte 0xff in position 0"),
    ],
)
def test_a_wrong_manifest_gets_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | bytes | None, sentence: str
) -> None:
    path = tmp_path / "wrong.yml"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert wrong(["--manifest", str(path)], capsys).startswith(sentence.format(path=path))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "The following arguments are required: --manifest."),
        (
            ["--manifest", "m", "--port", "seventy"],
            "Argument --port: seventy is no port, give a number from 0 to 65535.",
        ),
        (
            ["--manifest", "m", "--page-size", "0"],
            "Argument --page-size: 0 is no size of a page, give a number from 1.",
        ),
        (["--manifest", "m", "--colour"], "Unrecognized arguments: --colour."),
    ],
)
def test_a_wrong_choice_gets_a_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert wrong(arguments, capsys) == f"{sentence} `python -m playground --help` lists every choice."


async def test_a_taken_port_and_files_that_cannot_be_written_get_a_sentence(manifest: Path, tmp_path: Path) -> None:
    async with running() as playground:
        port = playground.url.rsplit(":", 1)[1]
        assert await refused("--manifest", manifest, "--port", port) == (
            f"Port {port} is taken. Choose another, or 0 to have a free one found.\n"
        )
    complaint = await refused("--manifest", manifest, "--port", "0", "--env", tmp_path)
    assert complaint == f"{tmp_path} can't be used: Is a directory.\n"


async def refused(*arguments: str | Path) -> str:
    """What the program complains of before it leaves with 2."""
    command = [sys.executable, "-m", "playground", *map(str, arguments)]
    pipe = asyncio.subprocess.PIPE
    program = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe, cwd=ROOT)
    _, complaints = await asyncio.wait_for(program.communicate(), SECONDS)
    assert program.returncode == 2
    return complaints.decode()


def test_a_folder_without_a_snapshot_gets_a_sentence(
    manifest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = wrong(["--manifest", str(manifest), "--snapshot", str(tmp_path)], capsys)
    assert said == f"There is no snapshot in {tmp_path}."
