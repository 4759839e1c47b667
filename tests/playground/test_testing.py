"""The fixtures for other people's suites, in suites of other people."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytest_plugins = ["pytester"]

MANIFEST = """
display_information: {name: Hello}
features: {bot_user: {display_name: Hello}, slash_commands: [{command: /hello, description: Say hello}]}
oauth_config: {scopes: {bot: [commands, chat:write]}}
settings: {interactivity: {is_enabled: true}, socket_mode_enabled: true}
"""
SUITE = """
import asyncio

def test_awaited(playground_for):
    async def story():
        async with playground_for("manifest.yml") as playground:
            assert (await playground.workspace.person("ben").command("/hello")).error == "dispatch_failed"
    asyncio.run(story())

def test_blocking(blocking_playground_for):
    one, two = blocking_playground_for("manifest.yml", seed=1), blocking_playground_for("manifest.yml", "cast.yml")
    assert one.workspace.people == ["ana", "ben", "chika", "dee"]
    assert two.workspace.people == ["zoe"]
    assert one.workspace.person("ana").command("/hello").error == "dispatch_failed"

def test_that_fails(blocking_playground_for):
    playground = blocking_playground_for("manifest.yml")
    playground.workspace.person("ben").command("/hello").taken()

def test_that_asks_for_nothing():
    import sys
    assert "playground" in sys.modules
"""


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    """A suite with a manifest, a cast and the fixtures."""
    pytester.makefile(".yml", manifest=MANIFEST, cast="people: [{key: zoe, name: Zoe}]")
    pytester.makeconftest('pytest_plugins = ["playground.testing"]')
    pytester.makepyfile(SUITE)
    pytester.syspathinsert(ROOT)
    return pytester


def test_both_fixtures_serve_and_a_failure_shows_the_wire(suite: pytest.Pytester) -> None:
    ran = suite.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:xdist", timeout=60)
    ran.assert_outcomes(passed=3, failed=1)
    ran.stdout.fnmatch_lines(
        ["*Ben Okafor was refused:*", "*the last things on the wire*", "*/hello*app is not there*"]
    )


def test_without_being_asked_for_it_is_not_even_loaded(suite: pytest.Pytester) -> None:
    suite.makeconftest("")
    ran = suite.runpytest_subprocess("-k", "asks_for_nothing", "-p", "no:xdist", timeout=60)
    ran.assert_outcomes(failed=1, deselected=3)
