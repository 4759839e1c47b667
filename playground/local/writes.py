"""What the page does: a person's deeds, and what befalls the world."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiohttp import web

from playground.chapters import waiting_words
from playground.deeds import Deeds
from playground.records import Json, Message
from playground.refusals import NotPossibleError
from playground.travel import JumpInProgressError, Travel
from playground.world import World

Work = Callable[[str, Json], Awaitable[Json | None]]


@dataclass(frozen=True, slots=True)
class Turns:
    """What turns the whole story: beginning again, a chapter by its name, days until an action reaches somebody."""

    start_over: Callable[[], Awaitable[None]]
    play_chapter: Callable[[str], Awaitable[None]]
    reach: Callable[[str, str, float], Awaitable[Message | None]]


class Writes:
    """Answers POSTs under /local."""

    def __init__(self, world: World, travel: Travel, deeds: Deeds, turns: Turns) -> None:
        self._world = world
        self._travel = travel
        self._deeds = deeds
        self._turns = turns

    def routes(self) -> list[web.RouteDef]:
        """The two addresses the page writes to."""
        path = self._world.path
        return [web.post(f"{path}/local/do", self._do), web.post(f"{path}/local/world", self._change_world)]

    async def _do(self, request: web.Request) -> web.Response:
        works: dict[str, Work] = {
            "say": self._say,
            "command": self._command,
            "click": self._click,
            "submit": self._submit,
            "close": self._close,
            "open": self._open,
            "shortcut": self._shortcut,
            "options": self._options,
            "open_dm": self._open_dm,
            "read": self._read,
            "join": self._join,
            "become": self._become,
            "guide": self._guide,
        }
        who = self._world.state.person(request.query.get("as", "") or self._world.state.team.first)
        return await self._answer(request, works, who.id if who else "")

    async def _change_world(self, request: web.Request) -> web.Response:
        works: dict[str, Work] = {
            "next": self._next,
            "jump": self._jump,
            "until": self._until,
            "chapter": self._chapter,
            "start_over": self._begin_again,
            "fault": self._fault,
            "mend": self._mend,
            "deactivate": self._deactivate,
            "restore": self._restore,
            "set_zone": self._set_zone,
        }
        return await self._answer(request, works, "")

    # -- deeds of a person -------------------------------------------------------------------------------

    async def _say(self, who: str, body: Json) -> Json:
        message = await self._deeds.people.say(
            who, _text(body, "channel"), _text(body, "text"), body.get("thread_ts") or None
        )
        return {"ts": message.ts}

    async def _command(self, who: str, body: Json) -> None:
        await self._deeds.people.command(who, _text(body, "text"), _text(body, "channel"))

    async def _click(self, who: str, body: Json) -> None:
        await self._deeds.clicks.click(
            who, body.get("in") or {}, _text(body, "block_id"), _text(body, "action_id"), body
        )

    async def _submit(self, who: str, body: Json) -> None:
        values = body.get("values")
        await self._deeds.submissions.submit(who, _text(body, "view"), values if isinstance(values, dict) else {})

    async def _close(self, who: str, body: Json) -> None:
        await self._deeds.submissions.close(who, _text(body, "view"), everything=bool(body.get("all")))

    async def _open(self, who: str, body: Json) -> Json:
        channel, tab = _text(body, "channel"), _text(body, "tab") or "messages"
        if body.get("beside"):
            with self._world.guide.unheard():  # looking over somebody's shoulder is no step of theirs
                place = await self._deeds.people.open_place(who, channel, tab)
        else:
            place = await self._deeds.people.open_place(who, channel, tab)
        return {"channel": place.id}

    async def _shortcut(self, who: str, body: Json) -> None:
        await self._deeds.people.shortcut(who, _text(body, "callback_id"), _text(body, "channel"), _text(body, "ts"))

    async def _options(self, who: str, body: Json) -> Json:
        place = body.get("in") or {name: body[name] for name in ("view", "message") if name in body}
        return await self._deeds.clicks.options(
            who, place, _text(body, "block_id"), _text(body, "action_id"), _text(body, "query")
        )

    async def _open_dm(self, who: str, body: Json) -> Json:
        place = await self._deeds.people.open_dm(who, _text(body, "user"))
        return {"channel": place.id}

    async def _read(self, who: str, body: Json) -> None:
        await self._deeds.people.read(who, _text(body, "channel"))

    async def _join(self, who: str, body: Json) -> None:
        await self._deeds.people.join(who, _text(body, "channel"))

    async def _become(self, who: str, body: Json) -> None:
        del body
        self._world.guide.happened("become", self._deeds.people.person(who).id)

    async def _guide(self, who: str, body: Json) -> None:
        del who
        self._world.guide.turn(_text(body, "action"))

    # -- the world ---------------------------------------------------------------------------------------

    async def _next(self, who: str, body: Json) -> Json:
        del who, body
        return {"now": (await self._travel.step_next()).isoformat()}

    async def _jump(self, who: str, body: Json) -> Json:
        del who
        span = timedelta(hours=float(body.get("hours") or 0), days=float(body.get("days") or 0))
        return {"now": (await self._travel.step_to(self._world.clock.now() + span)).isoformat()}

    async def _until(self, who: str, body: Json) -> Json:
        """The page names somebody by id, or by key; `found` is the message, None when none came in time."""
        del who
        person = self._deeds.workspace.user(_text(body, "who"))
        found = await self._turns.reach(person.id, _text(body, "ref"), float(body.get("days") or 0))
        return {"found": {"channel": found.channel, "ts": found.ts} if found else None}

    async def _chapter(self, who: str, body: Json) -> None:
        del who
        await self._turns.play_chapter(_text(body, "name"))

    async def _begin_again(self, who: str, body: Json) -> None:
        del who, body
        await self._turns.start_over()

    async def _fault(self, who: str, body: Json) -> None:
        del who
        await self._deeds.workspace.break_something(_text(body, "name"), _text(body, "where"))

    async def _mend(self, who: str, body: Json) -> None:
        del who, body
        self._world.faults.clear()

    async def _deactivate(self, who: str, body: Json) -> None:
        del who
        self._deeds.workspace.deactivate(_text(body, "user"))

    async def _restore(self, who: str, body: Json) -> None:
        del who
        self._deeds.workspace.restore(_text(body, "user"))

    async def _set_zone(self, who: str, body: Json) -> None:
        del who
        self._deeds.workspace.set_zone(_text(body, "user"), _text(body, "tz"))

    # -- answering ---------------------------------------------------------------------------------------

    async def _answer(self, request: web.Request, works: dict[str, Work], who: str) -> web.Response:
        """Do what the body asks, and answer in the page's two shapes."""
        try:
            body: Any = await request.json()
            if not isinstance(body, dict) or body.get("do") not in works:
                raise NotPossibleError("unknown_deed", "The page asked for something this workspace doesn't know.")  # noqa: TRY301
            self._refuse_while_playing(body["do"])
            more = await works[body["do"]](who, body)
        except NotPossibleError as problem:
            answer: Json = {"ok": False, "error": problem.sentence, "code": problem.code}
            if problem.errors:
                answer["errors"] = problem.errors
            return web.json_response(answer)
        except JumpInProgressError as problem:
            return web.json_response({"ok": False, "error": str(problem), "code": "already_moving"})
        except ValueError as problem:
            return web.json_response({"ok": False, "error": str(problem), "code": "invalid"})
        return web.json_response({"ok": True, **(more or {})})

    def _refuse_while_playing(self, deed: str) -> None:
        """Nobody acts in a world in the making; who asks for its chapter again waits for the same playing."""
        playing = self._world.workspaces.first.playing
        if playing and deed != "chapter":
            raise JumpInProgressError(waiting_words(playing))


def _text(body: Json, name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""
