"""`/mentor settings`: how much one wants to hear, when, and away until; and one pair on hold."""

from bot.services import away, preferences
from bot.services.drafts import kept_words
from bot.slack.calls import Call
from bot.slack.replies import CloseAll, Replace, Reply, ShowModal, UpdateModal
from bot.slack.router import Router
from bot.views import preferences as views

router = Router("preferences")


@router.command("settings", reads=True)
def settings(call: Call) -> Reply:
    """Open one's own settings."""
    return _settings(call)


@router.button(reads=True)
def open(call: Call) -> Reply:  # noqa: A001  (the button's own verb)
    """The same from a button."""
    return _settings(call)


@router.form(views.SettingsForm)
def save(call: Call, form: views.SettingsForm) -> Reply:
    """Keep the settings."""
    return UpdateModal(views.saved(preferences.save(call.tx, call.actor, form.choice())))


@router.button()
def back(call: Call) -> Reply:
    """Be here again before the day."""
    return Replace(views.back(preferences.back(call.tx, call.actor)), title="You're back")


@router.button(reads=True)
def pause_pair(call: Call) -> Reply:
    """Ask until when one pair is to be on hold."""
    held = away.own_pair(call.tx, call.actor, call.value)
    return ShowModal(views.pause(held, kept_words(call.tx, call.actor, "preferences.pause")))


@router.form(views.PauseForm)
def pause(call: Call, form: views.PauseForm) -> Reply:
    """Put one pair on hold."""
    away.pause_pair(call.tx, call.actor, call.meta, form.away)
    return CloseAll()


@router.button()
def resume_pair(call: Call) -> Reply:
    """Go on with one pair before its day."""
    return Replace(views.resumed(away.resume_pair(call.tx, call.actor, call.value)), title="On again")


def _settings(call: Call) -> Reply:
    kept = kept_words(call.tx, call.actor, "preferences.save")
    return ShowModal(views.settings(preferences.settings(call.tx, call.actor), kept))
