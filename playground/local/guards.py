"""Nobody but this machine, and nothing but our own page: Host, Origin and a key that changes with every home."""

import hmac
import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from playground.world import World

OURS = frozenset({"127.0.0.1", "localhost"})
HEADER = "X-Playground-Key"
LOCAL = re.compile(r"(/w/[^/]+)?/local/")


@web.middleware
async def same_machine_guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a foreign Host or Origin, so that no web page elsewhere can reach in.

    A Host may leave out the port, as that of slack_sdk's own socket client does.
    """
    port = request.get_extra_info("sockname", ("", 0))[1]
    here = {f"{name}:{port}" for name in OURS}
    origin = request.headers.get("Origin")
    scheme, host = ("", "") if origin is None else urlsplit(origin)[:2]
    if request.host not in here | OURS or (origin is not None and (scheme != "http" or host not in here)):
        return web.Response(status=403, text="This workspace only answers this machine.")
    return await handler(request)


def page_key_guard(world: World) -> Middleware:
    """Refuse /local, of any workspace, without the key that only the served pages know."""

    @web.middleware
    async def guard(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if LOCAL.match(request.path):
            given = request.headers.get(HEADER) or request.query.get("key", "")
            if not hmac.compare_digest(given.encode(), world.state.memory.page_key.encode()):
                return web.json_response(
                    {"ok": False, "error": "This page is out of date.", "code": "bad_key"}, status=403
                )
        return await handler(request)

    return guard
