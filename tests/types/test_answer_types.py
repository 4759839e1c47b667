"""What the Web API of the playground answers, held against what Slack's own client for Node is typed for."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.playground.kit import home, running, section, web
from tests.types.compiler import Claim, complaints

pytestmark = [pytest.mark.node, pytest.mark.timeout(400)]
Json = dict[str, Any]

# Where the types say less than Slack does: they make enums of words, which no JSON can be, and know no null, which
# Slack sends for what a view or a profile does not have.
BEYOND_TYPES = re.compile(r"""Type '("\w+"' is not assignable to type '\w+Type |null' is not assignable to type )""")


async def answers() -> dict[str, Any]:
    """One good answer of each method the bot calls, by the name of its type."""
    async with running() as playground:
        client = web(playground)
        tomas = playground.workspace.person("tomas").id
        place: Any = (await client.conversations_open(users=tomas)).data
        channel = place["channel"]["id"]
        posted: Any = (await client.chat_postMessage(channel=channel, text="Here", blocks=[section("Here")])).data
        where = {"channel": channel, "ts": posted["ts"]}
        return {
            "AuthTestResponse": (await client.auth_test()).data,
            "ConversationsOpenResponse": place,
            "ChatPostMessageResponse": posted,
            "ChatUpdateResponse": (await client.chat_update(**where, text="There", blocks=[section("There")])).data,
            "ConversationsHistoryResponse": (
                await client.conversations_history(channel=channel, include_all_metadata=True)
            ).data,
            "UsersInfoResponse": (await client.users_info(user=tomas)).data,
            "UsersListResponse": (await client.users_list(limit=2)).data,
            "TeamInfoResponse": (await client.team_info()).data,
            "ViewsPublishResponse": (await client.views_publish(user_id=tomas, view=home(section("Hello")))).data,
        }


async def test_every_answer_is_what_slacks_client_is_typed_for(slack_types: Path) -> None:
    found = await answers()
    claims = [Claim(name, f'import("@slack/web-api").{name}', value) for name, value in found.items()]
    assert [line for line in complaints(slack_types, claims) if not BEYOND_TYPES.search(line)] == []


async def test_an_answer_of_another_shape_is_found_out(slack_types: Path) -> None:
    wrong: Json = {"ok": True, "channel": {"id": "C1"}, "ts": 3}
    claim = Claim("wrong", 'import("@slack/web-api").ChatPostMessageResponse', wrong)
    assert [line for line in complaints(slack_types, [claim]) if not BEYOND_TYPES.search(line)]
