"""One tap on how a meeting was, and perhaps a word."""

from bot.rules.meetings import Score
from bot.services import feedback
from bot.slack.calls import Call, Source
from bot.slack.replies import CloseAll, Replace, Reply, ShowModal
from bot.slack.router import Router
from bot.views import feedback as views

router = Router("feedback")


@router.button()
def much(call: Call) -> Reply:
    """It helped a great deal."""
    return _rate(call, Score.MUCH)


@router.button()
def some(call: Call) -> Reply:
    """It helped somewhat."""
    return _rate(call, Score.SOME)


@router.button()
def little(call: Call) -> Reply:
    """It did not help much."""
    return _rate(call, Score.LITTLE)


def _rate(call: Call, score: Score) -> Reply:
    seen = feedback.rate(call.tx, call.actor, call.value, score)
    if call.source is not Source.MESSAGE:
        feedback.refresh(call.tx, seen)
    return Replace(views.after(seen), title="Thanks")


@router.button()
def word(call: Call) -> Reply:
    """Open one's own feedback."""
    return ShowModal(views.word(feedback.word(call.tx, call.actor, call.value)))


@router.form(views.WordForm)
def save(call: Call, form: views.WordForm) -> Reply:
    """Keep one's own feedback."""
    feedback.save(call.tx, call.actor, call.meta, form.score, form.words)
    return CloseAll()
