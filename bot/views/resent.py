"""What stands under a message that may be there twice, because nobody could tell whether the first one came."""

from collections.abc import Mapping
from typing import Any

SENT_AGAIN = "I'm sending this again, since I can't tell whether it reached you the first time."
BLOCKS_MOST = 50


def marked(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The same message with a line that says why it may be there twice."""
    blocks = list(payload.get("blocks") or ())
    if not blocks or len(blocks) >= BLOCKS_MOST:
        return {**payload, "text": f"{payload.get('text', '')}\n{SENT_AGAIN}"}
    line = {"type": "context", "elements": [{"type": "plain_text", "text": SENT_AGAIN}]}
    return {**payload, "blocks": [*blocks, line]}
