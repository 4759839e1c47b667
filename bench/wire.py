"""HTTP over plain streams: who measures should take little of the machine, since whatever runs shares its cores."""

import asyncio
import contextlib
import re
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import Mapping

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
END = b"\r\n\r\n"


async def read(reader: StreamReader) -> tuple[bytes, bytes]:
    """The head and the body of one message whose length is told, or that has no body."""
    head = await reader.readuntil(END)
    length = LENGTH.search(head)
    return head, await reader.readexactly(int(length[1])) if length else b""


class Lines:
    """Connections to one server here, opened as they are needed and kept."""

    def __init__(self, host: str, port: int) -> None:
        self._where = host, port
        self._free: list[tuple[StreamReader, StreamWriter]] = []

    async def post(self, path: str, headers: Mapping[str, str], body: bytes) -> int | None:
        """The status of the answer; None if there was none."""
        told = {**headers, "Host": self._where[0], "Content-Length": str(len(body))}
        head = "\r\n".join([f"POST {path} HTTP/1.1", *(f"{name}: {said}" for name, said in told.items())])
        try:
            line = self._free.pop() if self._free else await asyncio.open_connection(*self._where)
            line[1].write(head.encode() + END + body)
            answer, _ = await read(line[0])
        except (OSError, IncompleteReadError):
            return None
        self._free.append(line)
        return int(answer.split(b" ", 2)[1])


async def serve(host: str, port: int, headers: Mapping[str, str], body: bytes) -> None:
    """Answer whatever is asked with this, at once."""
    told = {**headers, "Content-Length": str(len(body))}
    answer = "\r\n".join(["HTTP/1.1 200 OK", *(f"{name}: {said}" for name, said in told.items())]).encode() + END + body

    async def talk(reader: StreamReader, writer: StreamWriter) -> None:
        with contextlib.suppress(IncompleteReadError, ConnectionError):
            while True:
                await read(reader)
                writer.write(answer)
        writer.close()

    await asyncio.start_server(talk, host, port)
