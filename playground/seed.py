"""A fresh world from the cast: people, channels, what was said before, and the app installed."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from playground.ids import Ids
from playground.manifest import AppManifest
from playground.records import App, Conversation, Kind, Message, Team, User
from playground.state import State
from playground.things import Cast, Channel, Person
from playground.tokens import issue, replace_dead, rotate
from playground.zones import zone


def plant(state: State, cast: Cast, manifest: AppManifest, app: App, *, installed: bool = True) -> None:
    """Put the cast and the app into an empty state; `app` is who the app is, wherever it is installed."""
    ids = state.ids
    now = state.clock.seconds()
    if cast.first not in {person.key for person in cast.people}:
        raise ValueError(f"The cast has nobody called {cast.first!r} to begin as.")
    zone(cast.home_zone)
    team_id = state.team.id or ids.make("T")  # a workspace that starts over is still the same one
    state.keep(Team(team_id, cast.team_name, cast.team_domain, cast.home_zone, cast.first, now))
    _place_app(state, manifest, app, installed=installed)
    state.memory.page_key = state.memory.page_key or ids.secret(32)
    state.keep(state.memory)
    elsewhere = ids.make("T")
    for order, person in enumerate(cast.people):
        add_person(state, person, order, elsewhere if person.is_stranger else state.team.id)
    _add_bots(state, manifest, len(cast.people))
    for channel in cast.channels:
        _add_channel(state, channel, now)


def identity(ids: Ids) -> App:
    """A new app's own ids and secrets, the same in every workspace; nothing of it is installed anywhere yet."""
    number = f"{ids.digits(13)}-{ids.digits(13)}"
    return App(
        id=ids.make("A"),
        user_id="",
        bot_id="",
        bot_token="",
        app_token=f"xapp-playground-{number}-{ids.hexadecimal(64)}",
        signing_secret=ids.hexadecimal(32),
        verification_token=ids.secret(24),
        client_id=number.replace("-", "."),
        client_secret=ids.hexadecimal(32),
        removed=True,
    )


def _place_app(state: State, manifest: AppManifest, app: App, *, installed: bool) -> None:
    """The app as this workspace knows it: what it had here before, or a bot user of its own."""
    if not state.app.id:
        own = replace(app, user_id=state.ids.make("U"), bot_id=state.ids.make("B"), scopes=[], spent={})
        state.app = own
    if installed:
        install(state, manifest)
    else:
        state.app.removed, state.app.scopes = True, []
        state.keep(state.app)


def install(state: State, manifest: AppManifest) -> None:
    """The app is here with all its manifest asks for, by the token it had, or a first one."""
    app = state.app
    app.scopes, app.revoked, app.removed = list(manifest.scopes), False, False
    if not app.bot_token:
        issue(app, state.ids, state.clock.seconds(), rotates=manifest.rotates)
    state.keep(app)


def install_anew(state: State, manifest: AppManifest, scopes: Iterable[str]) -> None:
    """What a consent does: the scopes come on top of those there were, unless the app was gone."""
    app, now = state.app, state.clock.seconds()
    if app.gone or not app.bot_token:
        replace_dead(app, state.ids, now, rotates=manifest.rotates)
        app.scopes = []
    elif manifest.rotates:
        rotate(app, state.ids, now)
    app.scopes = list(dict.fromkeys([*app.scopes, *scopes]))
    app.revoked = app.removed = False
    state.keep(app)


def username_for(name: str) -> str:
    """A name in small plain letters, such as tomas.silva."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", ".", plain).strip(".") or "someone"


def add_person(state: State, person: Person, order: int, team_id: str) -> User:
    """One more user from the cast."""
    zone(person.tz)
    user = User(
        id=state.ids.make("U"),
        key=person.key,
        name=person.name,
        username=person.username or username_for(person.name),
        title=person.title,
        tz=person.tz,
        team_id=team_id,
        order=order,
        locale=person.locale,
        email=person.email,
        is_admin=person.is_admin,
        is_owner=person.is_owner or person.is_primary_owner,
        is_primary_owner=person.is_primary_owner,
        is_restricted=person.is_restricted,
        is_stranger=person.is_stranger,
        is_bot=person.is_bot,
        deleted=person.deleted,
        updated=int(state.clock.seconds()),
    )
    state.keep(user)
    return user


def _add_bots(state: State, manifest: AppManifest, order: int) -> None:
    now = int(state.clock.seconds())
    name = manifest.bot_name
    app = User(state.app.user_id, "@app", name, username_for(name), "", "America/Los_Angeles", state.team.id, order)
    app.is_bot, app.updated, app.deleted = True, now, state.app.gone
    state.keep(app)
    helper = User("USLACKBOT", "slackbot", "Slackbot", "slackbot", "", "America/Los_Angeles", state.team.id, order + 1)
    helper.updated = now
    state.keep(helper)


def _add_channel(state: State, channel: Channel, now: float) -> None:
    members = [_user(state, key) for key in channel.members]
    creator = members[0].id if members else state.app.user_id
    made = Conversation(
        id=state.ids.make("C"),
        kind=Kind.CHANNEL,
        name=channel.name,
        members=[each.id for each in members],
        created=int(now) - 86_400 * 90,
        creator=creator,
        private=channel.is_private,
        purpose=channel.purpose,
    )
    state.keep(made)
    for number, (key, text, minutes) in enumerate(sorted(channel.said, key=lambda each: -each[2])):
        at = now - minutes * 60
        ts = f"{int(at)}.{number + 1:06d}"
        state.keep(Message(made.id, ts, _user(state, key).id, text))
        for each in members:
            state.seat(each.id).read[made.id] = ts


def _user(state: State, key: str) -> User:
    found = state.person(key)
    if found is None:
        raise ValueError(f"The cast has nobody called {key!r}.")
    return found
