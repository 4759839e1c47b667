"""One client for whatever workspace is asked for: who plays Slack for the courier knows of no installations."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient


class Everywhere:
    """In every workspace by the same client."""

    is_fixed = True

    def __init__(self, client: AsyncWebClient, *, may_look: bool = True) -> None:
        self._client = client
        self._may_look = may_look

    async def of(self, workspace_id: str) -> AsyncWebClient:  # noqa: ARG002  (it is the same for all)
        """The one there is."""
        return self._client

    async def is_old(self, workspace_id: str, client: AsyncWebClient) -> bool:  # noqa: ARG002  (there is no other)
        """Never."""
        return False

    async def load(self) -> None:
        """There is nothing to look for."""

    async def part(self, workspace_id: str, when: datetime) -> bool:  # noqa: ARG002  (nobody uninstalls it)
        """Never."""
        return False

    def forget(self, workspace_id: str) -> None:
        """There is nothing to look for again."""

    def may_look(self, workspace_id: str) -> bool:  # noqa: ARG002  (it is the same for all)
        """As the test says."""
        return self._may_look

    async def lives_in(self, workspace_id: str) -> bool:  # noqa: ARG002  (it is in all of them)
        """Always."""
        return True

    def bot_user_in(self, workspace_id: str) -> str:  # noqa: ARG002  (it is the same for all)
        """Nobody in particular."""
        return ""

    @property
    def workspace_ids(self) -> Sequence[str]:
        """Whichever is asked for, so none of its own; one, where somebody asks whether all may be looked at."""
        return ("T0HERE",)
