"""Slack's types, once a run."""

from pathlib import Path

import pytest

from tests.types.compiler import install


@pytest.fixture(scope="module")
def slack_types(request: pytest.FixtureRequest) -> Path:
    """The folder Slack's types are in; tests that ask for it are marked `node`."""
    home: Path = request.config.cache.mkdir("slack-types")
    install(home)
    return home
