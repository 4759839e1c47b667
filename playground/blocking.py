"""The workspace for tests that are not async: the same driver, its loop in a thread, each call answered when done.

`Workspace`, `Person`, `Message`, `View` and `Outcome` have what their namesakes in `playground.driver` have, by the
same names; what is awaited there is simply called here.
"""

import contextlib
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from playground import driver, driver_seen, server
from playground.blocking_thread import Held, Loop, Seen, asks, does, gives
from playground.casts import EXAMPLE
from playground.driver_people import PersonInHand
from playground.driver_seen import MessageInHand, ViewInHand
from playground.environment import environment
from playground.faults import Faults
from playground.limits import Limits
from playground.manifest import Given
from playground.things import Cast
from playground.things import Person as Somebody
from playground.watch import PATIENCE


class Outcome(Held[driver_seen.Outcome]):
    """What a deed led to; `error` is Slack's word when the app did not take it."""

    @property
    def error(self) -> str | None:
        """Slack's word when the app did not take it."""
        return self.it.error

    @property
    def sentence(self) -> str:
        """What the person reads then."""
        return self.it.sentence

    def taken(self) -> "Outcome":
        """The same, when the app took it; an error otherwise."""
        self.it.taken()
        return self

    @property
    def ephemeral(self) -> list["Message"]:
        """The messages shown to this person only, since the deed."""
        return self.each(Message, lambda: self.it.ephemeral)

    def told(self, containing: str | None = None, seconds: float = PATIENCE) -> "Message":
        """Wait for an answer only this person sees."""
        return self.held(Message, lambda: self.it.told(containing, seconds))


class Message(Held[MessageInHand]):
    """A message; it is read anew each time, so an edit is seen."""

    record = Seen(MessageInHand.record)
    gone = Seen(MessageInHand.gone)
    blocks = Seen(MessageInHand.blocks)
    buttons = Seen(MessageInHand.buttons)
    text = Seen(MessageInHand.text)
    summary = Seen(MessageInHand.summary)
    thread_ts = Seen(MessageInHand.thread_ts)
    edited = Seen(MessageInHand.edited)
    only_you = Seen(MessageInHand.only_you)
    by_app = Seen(MessageInHand.by_app)
    files = Seen(MessageInHand.files)
    has = asks(MessageInHand.has)
    click = gives(Outcome, MessageInHand.click)
    choose = gives(Outcome, MessageInHand.choose)
    options = does(MessageInHand.options)
    use_shortcut = gives(Outcome, MessageInHand.use_shortcut)

    @property
    def channel(self) -> str:
        """The id of its place."""
        return self.it.channel

    @property
    def ts(self) -> str:
        """When it was said, which is its name in its place."""
        return self.it.ts

    def changed(self, containing: str | None = None, seconds: float = PATIENCE) -> "Message":
        """Wait until the app has changed it (to contain these words)."""
        return self.held(Message, lambda: self.it.changed(containing, seconds))


class View(Held[ViewInHand]):
    """A modal or Home tab; it is read anew each time, so an update is seen."""

    record = Seen(ViewInHand.record)
    open = Seen(ViewInHand.open)
    blocks = Seen(ViewInHand.blocks)
    buttons = Seen(ViewInHand.buttons)
    title = Seen(ViewInHand.title)
    callback_id = Seen(ViewInHand.callback_id)
    text = Seen(ViewInHand.text)
    fields = Seen(ViewInHand.fields)
    submit_label = Seen(ViewInHand.submit_label)
    problem = Seen(ViewInHand.problem)
    values = Seen(ViewInHand.values)
    errors = Seen(ViewInHand.errors)
    click = gives(Outcome, ViewInHand.click)
    choose = gives(Outcome, ViewInHand.choose)
    options = does(ViewInHand.options)
    fill_in = does(ViewInHand.fill_in)
    submit = gives(Outcome, ViewInHand.submit)
    close = does(ViewInHand.close)

    @property
    def view_id(self) -> str:
        """Slack's id of it."""
        return self.it.view_id

    def fill(self, **answers: object) -> None:
        """Fill fields by block_id; refuses an unknown field and a value that could not be typed or chosen."""
        self.fill_in(answers)

    def changed(self, containing: str, seconds: float = PATIENCE) -> "View":
        """Wait until these words stand in it."""
        return self.held(View, lambda: self.it.changed(containing, seconds))


class Person(Held[PersonInHand]):
    """Does what a person can do and reads what they see; every wait is on state."""

    user = Seen(PersonInHand.user)
    command = gives(Outcome, PersonInHand.command)
    open_home = does(PersonInHand.open_home)
    open_messages = does(PersonInHand.open_messages)
    use_shortcut = gives(Outcome, PersonInHand.use_shortcut)
    install = does(PersonInHand.install)
    modal = gives(View, PersonInHand.modal)
    no_modal = does(PersonInHand.no_modal)
    home = gives(View, PersonInHand.home)
    moment = asks(PersonInHand.moment)
    sight = asks(PersonInHand.sight)

    @property
    def id(self) -> str:
        """Their user id."""
        return self.it.id

    def say(self, text: str, channel: str | None = None, thread: Message | None = None) -> Message:
        """Write to the app, or to another place."""
        return self.held(Message, lambda: self.it.say(text, channel, thread.it if thread else None))

    def modals(self) -> list[View]:
        """Their stack of modals, the top one last."""
        return self.each(View, self.it.modals)

    def all_messages(self) -> list[Message]:
        """Every message of the app they can see anywhere, oldest first."""
        return self.each(Message, self.it.all_messages)

    def messages(self, channel: str = "@app") -> list[Message]:
        """What was said at one place, by anybody, oldest first."""
        return self.each(Message, lambda: self.it.messages(channel))

    def message(
        self,
        containing: str | None = None,
        after: Message | str | None = None,
        *,
        channel: str | None = None,
        seconds: float = PATIENCE,
    ) -> Message:
        """The newest message of the app before them (with these words, after that one), once there is one."""
        since = after.it if isinstance(after, Message) else after
        return self.held(Message, lambda: self.it.message(containing, since, channel=channel, seconds=seconds))


class Workspace(Held[driver.Workspace]):
    """The whole workspace in a test's hands."""

    team_id = Seen(driver.Workspace.team_id)
    name = Seen(driver.Workspace.name)
    url = Seen(driver.Workspace.url)
    bot_token = Seen(driver.Workspace.bot_token)
    refresh_token = Seen(driver.Workspace.refresh_token)
    bot_user_id = Seen(driver.Workspace.bot_user_id)
    is_installed = Seen(driver.Workspace.is_installed)
    people = Seen(driver.Workspace.people)
    journal = Seen(driver.Workspace.journal)
    place_name = asks(driver.Workspace.place_name)
    deactivate = asks(driver.Workspace.deactivate)
    restore = asks(driver.Workspace.restore)
    set_zone = asks(driver.Workspace.set_zone)
    rename = asks(driver.Workspace.rename)
    make_guest = asks(driver.Workspace.make_guest)
    join = asks(driver.Workspace.join)
    leave = asks(driver.Workspace.leave)
    archive = asks(driver.Workspace.archive)
    revoke_token = asks(driver.Workspace.revoke_token)
    remove_app = asks(driver.Workspace.remove_app)
    reinstall_app = asks(driver.Workspace.reinstall_app)
    remove_scope = asks(driver.Workspace.remove_scope)
    break_something = does(driver.Workspace.break_something)
    until = does(driver.Workspace.until)
    connected = does(driver.Workspace.connected)
    settled = does(driver.Workspace.settled)

    def person(self, key: str) -> Person:
        """Somebody of the cast."""
        return self.held(Person, lambda: self.it.person(key))

    def welcome(self, person: Somebody) -> Person:
        """Let somebody new join."""
        return self.held(Person, lambda: self.it.welcome(person))

    @property
    def last_modal(self) -> View | None:
        """The modal opened last, for anybody."""
        found = self.loop.do(lambda: self.it.last_modal)
        return View(self.loop, found) if found else None


class Playground:
    """A workspace that runs while the `with` lasts; takes what `playground.Playground` takes."""

    def __init__(self, manifest: Given, cast: Cast = EXAMPLE, **choices: Any) -> None:
        self._loop = Loop()
        try:
            self._it: server.Playground = self._loop.do(lambda: server.Playground(manifest, cast, **choices))
            self._loop.do(self._it.start)
        except BaseException:
            self._loop.close()
            raise
        self.workspaces = tuple(Workspace(self._loop, each) for each in self._it.workspaces)
        self.workspace = self.workspaces[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let everybody go, and end the thread; a second time does nothing."""
        if self._loop.is_running:
            with contextlib.ExitStack() as ending:
                ending.callback(self._loop.close)
                self._loop.do(self._it.stop)

    @property
    def url(self) -> str:
        """Where the page is."""
        return self._it.url

    @property
    def api_url(self) -> str:
        """The Web API's base, with the slash at its end that slack_sdk needs."""
        return self._it.api_url

    @property
    def bot_token(self) -> str:
        """The app's bot token."""
        return self._it.bot_token

    @property
    def app_token(self) -> str:
        """The app-level token for Socket Mode."""
        return self._it.app_token

    @property
    def signing_secret(self) -> str:
        """The secret requests over HTTP are signed with."""
        return self._it.signing_secret

    @property
    def environment(self) -> dict[str, str]:
        """All of it by the names an app's environment has."""
        return environment(self._it)

    @property
    def now(self) -> datetime:
        """The world's time, aware UTC."""
        return self._it.clock.now()

    @property
    def faults(self) -> Faults:
        """What fails on purpose."""
        return self._it.faults

    @property
    def limits(self) -> Limits:
        """The protocol's numbers; tests may shorten waits."""
        return self._it.limits

    def step_to(self, target: datetime) -> datetime:
        """Move the world to this moment, through everything due on the way."""
        return self._loop.do(lambda: self._it.step_to(target))

    def step_next(self) -> datetime:
        """Move the world to the next due moment."""
        return self._loop.do(self._it.step_next)

    def share_channel(self, owner: Workspace, name: str, with_workspace: Workspace, *, known_as: str = "") -> str:
        """Slack Connect: let another workspace have this channel too, with the same id, perhaps by another name."""
        return self._loop.do(lambda: self._it.share_channel(owner.it, name, with_workspace.it, known_as=known_as))

    def start_over(self) -> None:
        """Fresh worlds for the same app and workspaces, with new ids for people; the clock does not go back."""
        self._loop.do(self._it.start_over)

    def snapshot(self, folder: Path) -> None:
        """Copy the world as it is into a folder."""
        self._loop.do(lambda: self._it.snapshot(folder))

    def restore(self, folder: Path) -> None:
        """Go back to a snapshot; the app stays connected, and the clock does not go back."""
        self._loop.do(lambda: self._it.restore(folder))

    def verify_request_url(self) -> bool:
        """For an app over HTTP: Slack's challenge to its events URL; True when it was handed back."""
        return self._loop.do(self._it.verify_request_url)

    def check_certificates(self) -> bool:
        """For an app over HTTP: the `ssl_check` of its commands' URLs; True when all were answered well."""
        return self._loop.do(self._it.check_certificates)
