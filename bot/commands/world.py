"""The playground and the bot in one process: the same bot as on Slack, but for its base URL and its clock."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import Clock, real_time
from bot.commands.assemble import Bot, Tokens, start_bot
from bot.commands.lines import Address
from bot.commands.manifests import manifest, over_http
from bot.demo import cast, chapters, guide, lives
from bot.settings import SettingsError, key_in
from bot.sweeps import TIMETABLE
from bot.views.gallery import all_samples
from playground import Cast, Channel, Chapter, Guide, Happening, Person, Playground, Sample, Step, Target, WorldHooks
from storage.database import Database, Tx
from storage.migrations import run as migrations
from storage.models.members import Member
from storage.queries import erasure, members, outbox, profiles
from storage.vault import Vault

HERE = "127.0.0.1"
OURS = ("mentorbot.db", "playground.db")
SUFFIXES = ("", "-wal", "-shm")


@dataclass(slots=True)
class World:
    """A running playground with its bot."""

    playground: Playground
    bot: Bot

    @property
    def workspace_id(self) -> str:
        """The workspace's own id."""
        return self.playground.world.state.team.id

    async def begin_again(self) -> None:
        """Forget the story on the bot's side too, and let everyone settle in on the next working morning."""
        database, workspace_id = self.bot.database, self.workspace_id
        await asyncio.wrap_future(database.write(lambda session: erasure.forget_workspace(session, workspace_id)))
        self.playground.clock.move_to(lives.story_begins(self.playground.clock.now()))
        self.bot.directory.forget(workspace_id)
        await self.bot.directory.list_everyone(workspace_id)
        await asyncio.wrap_future(database.write(lambda session: _settle(session, self.playground, self.bot)))

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
    http_port: int = 0,
    playground: Mapping[str, Any] | None = None,
) -> World:
    """Start both; a new home begins the story on a working morning, an old one goes on where it was left.

    `now` stands for the real time when the story's beginning is chosen; with `http_port` the bot is called there
    instead of opening a socket; `playground` goes to its constructor.
    """
    place = home / "playground"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    if fresh:
        _forget(place)
    called = _called_at(http_port)
    stage = _stage(called, place, port, now or real_time(), playground or {})
    await _open(stage, port)
    try:
        url = database_url or f"sqlite:///{place / 'mentorbot.db'}"
        bot = await _bring_in(stage, url, Vault(key_in(home)), http_port)
    except BaseException:
        await stage.stop()
        raise
    stage.hooks = WorldHooks(bot.timekeeper.next_due, bot.timekeeper.run_until, bot.timekeeper.drained)
    world = World(stage, bot)
    stage.on_start_over = world.begin_again
    return world


def _called_at(http_port: int) -> dict[str, Any]:
    return over_http(manifest(), f"http://{HERE}:{http_port}") if http_port else manifest()


def _stage(app: dict[str, Any], place: Path, port: int, now: datetime, more: Mapping[str, Any]) -> Playground:
    begins = lives.story_begins(now.astimezone(UTC))
    return Playground(app, _cast(), guide=_guide(), gallery=_gallery(), home=place, port=port, starts_at=begins, **more)


async def _open(stage: Playground, port: int) -> None:
    try:
        await stage.start()
    except OSError as problem:
        message = f"Port {port} is taken. Give another with --port, or --port 0 for any free one."
        raise SettingsError(message) from problem


async def _bring_in(stage: Playground, database_url: str, vault: Vault, http_port: int) -> Bot:
    migrations.upgrade(database_url)
    database = Database(database_url)
    clock = Clock(stage.clock.now)
    address = Address(HERE, http_port, stage.signing_secret) if http_port else None
    tokens = Tokens(stage.api_url, stage.bot_token, stage.app_token, address)
    organiser = stage.workspace.person(cast.ORGANISER).id
    bot = await start_bot(tokens, database, vault, clock, (organiser,))
    await bot.directory.list_all()
    await asyncio.wrap_future(database.write(lambda session: _settle(session, stage, bot)))
    return bot


def _settle(session: Session, stage: Playground, bot: Bot) -> None:
    """Give everyone their lives, the first time."""
    tx = Tx(session, stage.world.state.team.id, bot.clock.now(), bot.vault)
    if profiles.joined_count(tx):
        return
    people: dict[str, Member] = {}
    for life in cast.CAST:
        member = members.by_slack_id(tx, stage.workspace.person(life.key).id)
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


def _cast() -> Cast:
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
