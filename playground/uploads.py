"""The bytes of files: taken once per ticket, handed out by id."""

import base64

from aiohttp import web

from playground.world import Workspaces


class Uploads:
    """The plain HTTP part of an upload."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    def routes(self) -> list[web.RouteDef]:
        """Where bytes come and go."""
        return [web.post("/upload/{ticket}", self._take), web.get("/files/{id}", self._hand_out)]

    async def _take(self, request: web.Request) -> web.Response:
        ticket = request.match_info["ticket"]
        world = self._workspaces.of_ticket(ticket)
        if world is None:
            return web.Response(status=404, text="no such upload")
        file = next(each for each in world.state.files.values() if each.ticket == ticket)
        if file.content is not None:
            return web.Response(status=404, text="no such upload")
        data = await _bytes_of(request)
        if len(data) != file.length:
            return web.Response(status=400, text=f"expected {file.length} bytes, got {len(data)}")
        file.content = base64.b64encode(data).decode()
        world.state.keep(file)
        world.journal.note("http", f"{file.name}: {len(data)} bytes uploaded")
        return web.Response(text=f"OK - {len(data)}")

    async def _hand_out(self, request: web.Request) -> web.Response:
        world = self._workspaces.of_file(request.match_info["id"])
        file = world.state.files[request.match_info["id"]] if world is not None else None
        if file is None or file.content is None:
            return web.Response(status=404, text="no such file")
        quoted = "".join(letter if letter.isalnum() or letter in ".-_" else "_" for letter in file.name)
        headers = {
            "Content-Disposition": f'attachment; filename="{quoted}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
        }
        return web.Response(
            body=base64.b64decode(file.content), content_type="application/octet-stream", headers=headers
        )


async def _bytes_of(request: web.Request) -> bytes:
    """Both ways clients send a file: as the body, or as the one file of a form."""
    if request.content_type != "multipart/form-data":
        return await request.read()
    form = await request.post()
    for value in form.values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""
