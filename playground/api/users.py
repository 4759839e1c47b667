"""users.*: who is in the workspace."""

from playground.api.call import Answer, Call
from playground.api.pages import page_of
from playground.payloads import profile_object, user_object
from playground.records import User
from playground.refusals import RefusalError


def _shown(call: Call, user: User) -> Answer:
    shown = user_object(call.state, user, email="users:read.email" in call.scopes)
    if not call.flag("include_locale"):
        shown.pop("locale", None)
    return shown


def info(call: Call) -> Answer:
    """users.info."""
    return {"user": _shown(call, call.user())}


def list_(call: Call) -> Answer:
    """users.list: everybody of this workspace, bots and the deactivated among them."""
    people = sorted((each for each in call.state.users.values() if not each.foreign), key=lambda each: each.id)
    default = len(people) if call.world.page_size is None else call.world.page_size
    chosen, cursor = page_of(call, people, [each.id for each in people], default=max(default, 1), most=1000)
    return {
        "members": [_shown(call, each) for each in chosen],
        "cache_ts": int(call.world.clock.seconds()),
        "response_metadata": {"next_cursor": cursor},
    }


def lookup_by_email(call: Call) -> Answer:
    """users.lookupByEmail: a deactivated person is not found."""
    wanted = call.text("email", "users_not_found").lower()
    for user in call.state.users.values():
        if user.email and user.email.lower() == wanted and not user.deleted:
            return {"user": _shown(call, user)}
    raise RefusalError("users_not_found")


def profile(call: Call) -> Answer:
    """users.profile.get."""
    return {"profile": profile_object(call.user(), email="users:read.email" in call.scopes)}


def presence(call: Call) -> Answer:
    """users.getPresence: whoever is not deactivated is there."""
    return {"presence": "away" if call.user().deleted else "active"}
