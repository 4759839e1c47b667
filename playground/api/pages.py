"""Cursors: opaque, checked, and the last page says so with an empty one."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from playground.api.call import Call
from playground.refusals import RefusalError

Item = TypeVar("Item")


def page_of(
    call: Call, items: Sequence[Item], keys: Sequence[str], *, default: int, most: int
) -> tuple[list[Item], str]:
    """One page of a list and the cursor of the next; `keys` are the items' ids in the same order."""
    limit = call.number("limit", default, most)
    if call.world.page_size is not None:
        limit = min(limit, call.world.page_size)
    start = _start(call, keys)
    chosen = list(items[start : start + limit])
    more = start + limit < len(items)
    return chosen, _cursor(keys[start + limit]) if more else ""


def _start(call: Call, keys: Sequence[str]) -> int:
    cursor = call.text("cursor")
    if not cursor:
        return 0
    try:
        word, _, key = base64.b64decode(cursor.encode(), validate=True).decode().partition(":")
    except (ValueError, binascii.Error, UnicodeDecodeError) as problem:
        raise RefusalError("invalid_cursor") from problem
    if word != "next" or key not in keys:
        raise RefusalError("invalid_cursor")
    return list(keys).index(key)


def _cursor(key: str) -> str:
    return base64.b64encode(f"next:{key}".encode()).decode()
