"""The page's own files, under a strict Content-Security-Policy."""

from pathlib import Path

from aiohttp import web

from playground.world import World

FOLDER = Path(__file__).parent.parent / "page"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: https:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
KINDS = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".json": "application/json",
}


class Pages:
    """Hands out one workspace's page."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """The page."""
        return [web.get(f"{self._world.path}/", self._index)]

    async def _index(self, request: web.Request) -> web.Response:
        del request
        text = (FOLDER / "index.html").read_text(encoding="utf-8")
        key = self._world.workspaces.first.state.memory.page_key
        text = text.replace("{{key}}", key).replace("{{path}}", self._world.path)
        return web.Response(text=text, content_type="text/html", headers=HEADERS)


async def parts(request: web.Request) -> web.Response:
    """What lies in playground/page, and nothing else."""
    path = (FOLDER / request.match_info["path"]).resolve()
    if not path.is_relative_to(FOLDER.resolve()) or not path.is_file() or path.suffix not in KINDS:
        return web.Response(status=404, text="There is nothing here.")
    return web.Response(body=path.read_bytes(), content_type=KINDS[path.suffix], charset="utf-8", headers=HEADERS)
