"""`/mentor profile` and `/mentor leave`."""

from bot.services import profiles
from bot.services.drafts import kept_words
from bot.slack.calls import Call
from bot.slack.replies import CloseAll, OpenModal, Replace, Reply, ShowModal, UpdateModal
from bot.slack.router import Router
from bot.views import profiles as views

router = Router("profiles")


@router.command("profile")
def profile(call: Call) -> Reply:
    """Open one's own profile."""
    return _edit(call)


@router.button()
def edit(call: Call) -> Reply:
    """The same from a button."""
    return _edit(call)


@router.form(views.ProfileForm)
def save(call: Call, form: views.ProfileForm) -> Reply:
    """Keep the profile; this joins a newcomer."""
    return UpdateModal(views.saved(profiles.save(call.tx, call.actor, form.answers())))


@router.command("leave")
def leave_mentoring(call: Call) -> Reply:
    """Say what leaving ends."""
    return OpenModal(views.leave(profiles.leave_page(call.tx, call.actor)))


@router.button()
def leaving(call: Call) -> Reply:
    """The same from Home."""
    return OpenModal(views.leave(profiles.leave_page(call.tx, call.actor)))


@router.form(views.LeaveForm)
def leave(call: Call, form: views.LeaveForm) -> Reply:  # noqa: ARG001  (a form without fields)
    """Leave; nothing follows for ten minutes."""
    profiles.leave(call.tx, call.actor)
    return CloseAll()


@router.button()
def undo_leave(call: Call) -> Reply:
    """Stay after all."""
    profiles.undo_leave(call.tx, call.actor)
    return Replace(views.stayed(), title="You stay")


def _edit(call: Call) -> Reply:
    kept = kept_words(call.tx, call.actor, "profiles.save")
    return ShowModal(views.edit(profiles.page(call.tx, call.actor), kept))
