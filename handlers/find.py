"""Finding a mentor: `/mentor find`, its two questions, the names, the note."""

from bot.services import find
from bot.slack.calls import Call
from bot.slack.replies import CloseAll, OpenModal, Reply, ShowModal, UpdateModal
from bot.slack.router import Router
from bot.slack.text import one_line
from bot.views import find as views
from bot.views import requests as request_views

router = Router("find")


@router.command("find")
def find_mentor(call: Call) -> Reply:
    """Open the two questions, with what was typed after `find` as the topic."""
    return _begin(call, one_line(call.text)[: views.TOPIC_MAX])


@router.button()
def start(call: Call) -> Reply:
    """The same from a button."""
    return _begin(call)


@router.shortcut()
def begin(call: Call) -> Reply:
    """The same from the shortcut "Find a mentor"."""
    return _begin(call)


@router.button()
def carry_on(call: Call) -> Reply:
    """Go back to the names of a search that was begun and not sent."""
    begun = find.begun(call.tx, call.actor)
    if begun is None:
        return _begin(call)
    return ShowModal(views.results(find.results(call.tx, call.actor, begun)))


@router.button()
def forget(call: Call) -> Reply:
    """Throw a begun search away and start with empty questions."""
    find.forget_begun(call.tx, call.actor)
    return _begin(call)


@router.button()
def elsewhere(call: Call) -> Reply:
    """From the names back to the two questions, as they were answered."""
    return UpdateModal(views.start(find.start(call.tx, call.actor)))


@router.form(views.SearchForm)
def search(call: Call, form: views.SearchForm) -> Reply:
    """Join, if new, and show names with reasons."""
    found = find.search(call.tx, call.actor, form.topic, form.goal)
    return UpdateModal(views.results(found))


@router.button()
def ask(call: Call) -> Reply:
    """Open the note to one of the names."""
    page = find.note_page(call.tx, call.actor, call.meta, call.value)
    return OpenModal(views.note(page))


@router.form(views.NoteForm)
def send(call: Call, form: views.NoteForm) -> Reply:
    """Send the note; what follows reaches people by messages."""
    search_id, _, mentor_id = call.meta.partition(" ")
    find.send(call.tx, call.actor, search_id, mentor_id, form.others, form.note)
    return CloseAll()


def _begin(call: Call, typed: str = "") -> Reply:
    running = find.running(call.tx, call.actor)
    if running is not None:
        return ShowModal(request_views.searching(running))
    return ShowModal(views.start(find.start(call.tx, call.actor, typed)))
