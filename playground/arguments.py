"""Reading a call's arguments from the query, a form and JSON, merged; and the token beside them."""

import json
from typing import Any

from aiohttp import web

from playground.records import Json
from playground.refusals import RefusalError


async def read_arguments(request: web.Request) -> tuple[Json, str]:
    """The arguments without the token, and the token; later sources win: query, then form, then JSON."""
    merged: Json = dict(request.query)
    merged |= await _body(request)
    given = merged.pop("token", "")
    header = request.headers.get("Authorization", "")
    token = header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else str(given or "")
    if header.startswith("Basic "):
        merged["_authorization"] = header
    return {name: value for name, value in merged.items() if value is not None}, token


async def _body(request: web.Request) -> Json:
    if request.method != "POST" or not request.can_read_body:
        return {}
    if request.content_type == "application/json":
        return _object(await request.text())
    if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        form = await request.post()
        return {name: value for name, value in form.items() if isinstance(value, str)}
    return {}


def _object(text: str) -> Json:
    if not text.strip():
        return {}
    try:
        found: Any = json.loads(text)
    except ValueError as problem:
        raise RefusalError("invalid_json") from problem
    if not isinstance(found, dict):
        raise RefusalError("json_not_object")
    return found
