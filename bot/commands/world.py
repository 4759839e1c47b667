"""The playground and the bot in one process: the same bot as on Slack, but for its base URL and its clock."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import Clock, real_time
from bot.commands.assemble import Bot, Oauth, Tokens, start_bot
from bot.commands.lines import Address
from bot.commands.manifests import installable, manifest, over_http
from bot.demo import cast, chapters, guide, lives
from bot.installing import INSTALL
from bot.settings import SettingsError, key_in
from bot.sweeps import TIMETABLE
from bot.views.gallery import all_samples
from playground import (
    Cast,
    Channel,
    Chapter,
    Guide,
    Happening,
    Person,
    Playground,
    Sample,
    Step,
    Target,
    Workspace,
    WorldHooks,
)
from storage.database import Database, Tx
from storage.migrations import run as migrations
from storage.models.members import Member
from storage.queries import erasure, members, outbox, profiles
from storage.vault import Vault

HERE = "127.0.0.1"
OURS = ("mentorbot.db", "playground.db")
SUFFIXES = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Doors:
    """The ports at which the bot is called instead of opening a socket, and at which the organisers install it.

    0 is for neither; over HTTP both are one.
    """

    http: int = 0
    oauth: int = 0

    @property
    def origin(self) -> str:
        """Where a browser finds the pages of an installation."""
        return f"http://{HERE}:{self.oauth}"


SHUT = Doors()


@dataclass(slots=True)
class World:
    """A running playground with its bot."""

    playground: Playground
    bot: Bot

    @property
    def workspace_id(self) -> str:
        """The id of the workspace, the first if there are several."""
        return self.playground.workspace.team_id

    async def begin_again(self) -> None:
        """Forget the story on the bot's side too, and let everyone settle in on the next working morning."""
        self.playground.clock.move_to(lives.story_begins(self.playground.clock.now()))
        for workspace in self.playground.workspaces:
            here = workspace.team_id
            await asyncio.wrap_future(
                self.bot.database.write(lambda session, here=here: erasure.forget_workspace(session, here))  # type: ignore[misc]
            )
            self.bot.directory.forget(here)
            await _settle_in(self.bot, workspace)

    async def stop(self) -> None:
        """Stop the bot, then the workspace it lives in."""
        await self.bot.stop()
        await self.playground.stop()


async def start_world(
    home: Path,
    *,
    port: int = 0,
    fresh: bool = False,
    database_url: str = "",
    now: datetime | None = None,
    doors: Doors = SHUT,
    playground: Mapping[str, Any] | None = None,
) -> World:
    """Start both; a new home begins the story on a working morning, an old one goes on where it was left.

    `now` stands for the real time when the story's beginning is chosen; `doors` say how the bot is called and how it
    comes into a workspace; `playground` goes to its constructor.
    """
    place = home / "playground"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    if fresh:
        _forget(place)
    more = {**(playground or {}), "installed": not doors.oauth}
    stage = _stage(_app(doors), place, port, now or real_time(), more)
    await _open(stage, port)
    try:
        url = database_url or f"sqlite:///{place / 'mentorbot.db'}"
        bot = await _bring_in(stage, url, Vault(key_in(home)), doors)
    except BaseException:
        await stage.stop()
        raise
    stage.hooks = WorldHooks(bot.timekeeper.next_due, bot.timekeeper.run_until, bot.timekeeper.drained)
    world = World(stage, bot)
    stage.on_start_over = world.begin_again
    return world


def _app(doors: Doors) -> dict[str, Any]:
    app = installable(manifest(), doors.origin) if doors.oauth else manifest()
    return over_http(app, f"http://{HERE}:{doors.http}") if doors.http else app


def _stage(app: dict[str, Any], place: Path, port: int, now: datetime, more: Mapping[str, Any]) -> Playground:
    begins = lives.story_begins(now.astimezone(UTC))
    return Playground(
        app, whole_cast(), guide=_guide(), gallery=_gallery(), home=place, port=port, starts_at=begins, **more
    )


async def _open(stage: Playground, port: int) -> None:
    try:
        await stage.start()
    except OSError as problem:
        message = f"Port {port} is taken. Give another with --port, or --port 0 for any free one."
        raise SettingsError(message) from problem


async def _bring_in(stage: Playground, database_url: str, vault: Vault, doors: Doors) -> Bot:
    migrations.upgrade(database_url)
    database = Database(database_url)
    bot = await start_bot(_tokens(stage, doors), database, vault, Clock(stage.clock.now), _organisers(stage))
    try:
        for workspace in stage.workspaces:
            if doors.oauth and not workspace.is_installed:
                await _install(workspace, doors)
            await _settle_in(bot, workspace)
    except BaseException:
        await bot.stop()
        raise
    return bot


async def _install(workspace: Workspace, doors: Doors) -> None:
    """As the organiser would, in a browser."""
    page = await workspace.person(cast.ORGANISER).install(f"{doors.origin}{INSTALL}")
    if page.status != HTTPStatus.OK:
        message = f"The app could not be installed in {workspace.name}: {page.text}"
        raise RuntimeError(message)


def _tokens(stage: Playground, doors: Doors) -> Tokens:
    secret = stage.signing_secret if doors.http else ""
    address = Address(HERE, doors.http or doors.oauth, secret) if doors.http or doors.oauth else None
    if not doors.oauth:
        bots = [workspace.bot_token for workspace in stage.workspaces]
        return Tokens(stage.api_url, bots, stage.app_token, address)
    app = stage.world.state.app
    scopes = tuple(manifest()["oauth_config"]["scopes"]["bot"])
    oauth = Oauth(app.client_id, app.client_secret, doors.origin, scopes)
    return Tokens(stage.api_url, "", stage.app_token, address, oauth)


def _organisers(stage: Playground) -> tuple[str, ...]:
    return tuple(workspace.person(cast.ORGANISER).id for workspace in stage.workspaces)


async def _settle_in(bot: Bot, workspace: Workspace) -> None:
    await bot.directory.list_everyone(workspace.team_id)
    await asyncio.wrap_future(bot.database.write(lambda session: _settle(session, workspace, bot)))


def _settle(session: Session, workspace: Workspace, bot: Bot) -> None:
    """Give everyone their lives, the first time."""
    tx = Tx(session, workspace.team_id, bot.clock.now(), bot.vault)
    if profiles.joined_count(tx):
        return
    people: dict[str, Member] = {}
    for life in cast.CAST:
        member = members.by_slack_id(tx, workspace.person(life.key).id)
        if member is not None:
            people[life.key] = member
    lives.settle(tx, people, cast.CAST, cast.PAIRS)
    for sweep in TIMETABLE:
        sweep.run(tx)
    outbox.drop_owed(tx, lives.BEFORE)


def _forget(place: Path) -> None:
    for name in OURS:
        for suffix in SUFFIXES:
            (place / f"{name}{suffix}").unlink(missing_ok=True)


def whole_cast() -> Cast:
    """Everybody of the demo, and their channels."""
    return Cast(
        team_name=cast.TEAM,
        team_domain=cast.DOMAIN,
        home_zone=cast.HOME_ZONE,
        people=tuple(_person(life) for life in cast.CAST),
        channels=tuple(
            Channel(room.name, members=room.members, purpose=room.purpose, said=room.said) for room in cast.ROOMS
        ),
        first=cast.FIRST,
    )


def _person(life: cast.Life) -> Person:
    return Person(
        key=life.key,
        name=life.name,
        title=life.title,
        tz=life.zone,
        is_restricted=life.is_guest,
        is_admin=life.is_owner,
        is_owner=life.is_owner,
        is_primary_owner=life.is_owner,
        deleted=life.has_left,
    )


def _guide() -> Guide:
    return Guide(
        title=guide.TITLE,
        steps=tuple(_step(step) for step in guide.STEPS),
        wandered=guide.WANDERED,
        chapters=tuple(_chapter(chapter) for chapter in chapters.CHAPTERS),
        closing=guide.CLOSING,
        ending=guide.ENDING,
    )


def _chapter(chapter: chapters.ChapterOfStory) -> Chapter:
    return Chapter(
        name=chapter.name,
        title=chapter.title,
        play=chapter.play,
        act_as=chapter.act_as,
        place=chapter.place,
        days=chapter.days,
    )


def _step(step: guide.GuideStep) -> Step:
    kind, ref = step.points_at
    did, who, what = step.ends_by
    return Step(
        key=step.key,
        act_as=step.act_as,
        sentence=step.sentence,
        action=step.action,
        target=Target(kind, ref, who=step.act_as if kind == "until" else ""),
        fill=step.fill,
        done_when=Happening(did, who, what),
        chapter=step.chapter,
        beside=step.beside,
    )


def _gallery() -> tuple[Sample, ...]:
    return tuple(Sample(sample.name, sample.surface, sample.payload) for sample in all_samples())
