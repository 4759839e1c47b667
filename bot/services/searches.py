"""How a search moves from name to name: asking the next, reminding, lapsing, and what follows a decline."""

from enum import StrEnum

from bot.rules.policy import UNDO
from bot.rules.requests import next_queued, window_again, window_for
from bot.services import owing
from bot.services.access import person
from storage.database import Tx
from storage.models.members import Member
from storage.models.requests import Ask, AskState, Search, SearchState
from storage.queries import members, preferences, profiles, relationships, requests


class How(StrEnum):
    """Why a search moved on; the mentee is told in these terms and no others."""

    DECLINED = "declined"
    LAPSED = "lapsed"
    AWAY = "away"


def can_be_asked(tx: Tx, mentor_id: str, mentee: Member) -> bool:
    """Whether a name can be asked now: here, open, not away, with a free place, and not paired with the mentee yet."""
    member, profile = members.by_id(tx, mentor_id), profiles.of(tx, mentor_id)
    if member is None or profile is None or member.is_gone or member.is_bot or mentor_id == mentee.id:
        return False
    if preferences.is_away(tx, mentor_id):
        return False
    has_room = profile.left_at is None and profile.is_open and profile.taken < profile.places
    return has_room and mentor_id not in not_for(tx, mentee)


def partners_of(tx: Tx, member: Member) -> set[str]:
    """Ids of everyone a member is in a live pair with."""
    pairs = relationships.live_of(tx, member.id)
    return {pair.mentor_id if pair.mentee_id == member.id else pair.mentee_id for pair in pairs}


def not_for(tx: Tx, member: Member) -> set[str]:
    """Ids of everyone who is not to be offered to a member: partners they have, and those one of the two ruled out."""
    return partners_of(tx, member) | relationships.never_with(tx, member.id)


def ask_next(tx: Tx, search: Search) -> Ask | None:
    """Ask the next name that can be asked; names that cannot be are passed over in silence. None: no name is left."""
    mentee = person(tx, search.mentee_id)
    while (ask := next_queued(requests.asks_of(tx, search.id))) is not None:
        profiles.rely_on(tx, ask.mentor_id)
        if not can_be_asked(tx, ask.mentor_id, mentee):
            requests.move_ask(tx, ask, AskState.PASSED, decided_at=tx.now)
            continue
        return _ask(tx, search, ask)
    return None


def _ask(tx: Tx, search: Search, ask: Ask) -> Ask | None:
    mentor = person(tx, ask.mentor_id)
    window = window_for(tx.now, mentor.zone, search.closes_at or tx.now)
    if window.due_at <= window.asked_at:
        return None
    remind_at = window.remind_at if window.remind_at < window.due_at else None
    requests.move_ask(tx, ask, AskState.WAITING, asked_at=window.asked_at, remind_at=remind_at, due_at=window.due_at)
    owing.post(tx, "requests.asked", mentor, ask.id)
    owing.home(tx, mentor)
    return requests.ask(tx, ask.id)


def advance(tx: Tx, search: Search, ended: Ask, how: How) -> None:
    """Go on after a name said no, ran out or went away; the mentee hears which name is next, or that none is left."""
    if search.state != SearchState.OPEN:
        return
    mentee = person(tx, search.mentee_id)
    following = ask_next(tx, search)
    if following is not None:
        owing.post(tx, "requests.moved_on", mentee, ended.id, how=how, next=following.id)
    else:
        requests.move_search(tx, search, SearchState.UNANSWERED, ended_at=tx.now, settled_at=tx.now)
        owing.post(tx, "requests.unanswered", mentee, search.id, key=ended.id, how=how, last=ended.id)
    owing.update(tx, "requests.sent", mentee, search.id)
    owing.home(tx, mentee)


def resume(tx: Tx, search: Search) -> None:
    """Go on with a search taken back from a withdrawal: its name has the buttons again, or the next name is asked."""
    asks = requests.asks_of(tx, search.id)
    waiting = next((ask for ask in asks if ask.state == AskState.WAITING), None)
    if waiting is not None:
        owing.update(tx, "requests.asked", person(tx, waiting.mentor_id), waiting.id)
        return
    ended = max((ask for ask in asks if ask.asked_at and ask.decided_at), key=lambda ask: ask.position)
    if ended.state != AskState.DECLINED or ended.settled_at is not None:
        advance(tx, search, ended, HOW_ENDED[AskState(ended.state)])


HOW_ENDED = {AskState.DECLINED: How.DECLINED, AskState.LAPSED: How.LAPSED, AskState.PASSED: How.AWAY}


def lapse_due(tx: Tx) -> int:
    """Move on from names whose time is up; how many."""
    due = requests.lapsing(tx)
    for ask in due:
        _lapse(tx, ask)
    return len(due)


def _lapse(tx: Tx, ask: Ask) -> None:
    search = requests.hold(tx, ask.search_id)
    is_due = ask.state == AskState.WAITING and ask.due_at is not None and ask.due_at <= tx.now
    if search is None or not is_due:
        return
    requests.move_ask(tx, ask, AskState.LAPSED, decided_at=tx.now)
    mentor, is_open = person(tx, ask.mentor_id), search.state == SearchState.OPEN
    # A withdrawal may still be taken back: until that is settled, the mentor's message stays as it is.
    owing.update(tx, "requests.asked", mentor, ask.id, at=tx.now if is_open else tx.now + UNDO.value)
    owing.home(tx, mentor)
    advance(tx, search, ask, How.LAPSED)


def remind_due(tx: Tx) -> int:
    """Remind names on their second working day, once; how many."""
    due = requests.to_remind(tx)
    for ask in due:
        requests.hold(tx, ask.search_id)
        if ask.state == AskState.WAITING and ask.remind_at is not None and ask.remind_at <= tx.now:
            requests.set_on_ask(tx, ask.id, {"remind_at": None})
            owing.post(tx, "requests.reminded", person(tx, ask.mentor_id), ask.id)
    return len(due)


def follow(tx: Tx, mentor: Member) -> None:
    """Keep the days a mentor has to answer, and the reminder, in the hours they have now; no time runs out by it."""
    for ask in requests.waiting_on(tx, mentor.id):
        search = requests.hold(tx, ask.search_id)
        if search is None or ask.state != AskState.WAITING or ask.asked_at is None or ask.due_at is None:
            continue
        window = window_again(ask.asked_at, tx.now, mentor.zone, search.closes_at or ask.due_at)
        is_reminded = ask.remind_at is None or window.remind_at >= window.due_at
        again = (window.asked_at, None if is_reminded else window.remind_at, window.due_at)
        if window.due_at > tx.now and again != (ask.asked_at, ask.remind_at, ask.due_at):
            requests.set_on_ask(tx, ask.id, dict(zip(("asked_at", "remind_at", "due_at"), again, strict=True)))
            owing.update(tx, "requests.asked", mentor, ask.id)
            owing.home(tx, mentor, search.mentee_id)


def settle_declines(tx: Tx) -> int:
    """Carry out declines whose undo window is over: only now does the mentee learn of them; how many."""
    due = requests.to_settle(tx, tx.now - UNDO.value)
    for ask in due:
        _settle_decline(tx, ask)
    return len(due)


def _settle_decline(tx: Tx, ask: Ask) -> None:
    search = requests.hold(tx, ask.search_id)
    if search is None or ask.state != AskState.DECLINED or ask.settled_at is not None:
        return
    requests.set_on_ask(tx, ask.id, {"settled_at": tx.now})
    advance(tx, search, ask, How.DECLINED)
    owing.home(tx, ask.mentor_id)


def settle_withdrawals(tx: Tx) -> int:
    """Carry out withdrawals whose undo window is over: the mentor's message says so; how many."""
    due = requests.withdrawals_to_settle(tx, tx.now - UNDO.value)
    for search in due:
        requests.hold(tx, search.id)
        if search.state == SearchState.WITHDRAWN and search.settled_at is None:
            requests.set_on_search(tx, search.id, {"settled_at": tx.now})
            _tell_waiting(tx, search)
    return len(due)


def _tell_waiting(tx: Tx, search: Search) -> None:
    for ask in requests.asks_of(tx, search.id):
        if ask.state == AskState.WAITING and requests.move_ask(tx, ask, AskState.WITHDRAWN, decided_at=tx.now):
            mentor = person(tx, ask.mentor_id)
            owing.update(tx, "requests.asked", mentor, ask.id)
            owing.home(tx, mentor)


def drop_mentor(tx: Tx, mentor: Member) -> None:
    """Take somebody who left out of every search: where they were being asked, the next name is."""
    for ask in requests.named_in_open_searches(tx, mentor.id):
        _pass_over(tx, mentor, ask)


def _pass_over(tx: Tx, mentor: Member, ask: Ask) -> None:
    search = requests.hold(tx, ask.search_id)
    was_waiting = ask.state == AskState.WAITING
    if search is None or ask.state not in {AskState.QUEUED, AskState.WAITING}:
        return
    requests.move_ask(tx, ask, AskState.PASSED, decided_at=tx.now)
    owing.update(tx, "requests.asked", mentor, ask.id)
    if was_waiting:
        advance(tx, search, ask, How.AWAY)


def drop_mentee(tx: Tx, mentee: Member) -> None:
    """End the search of somebody who left; whoever was being asked sees it is over."""
    members.hold(tx, mentee.id)
    search = requests.open_search_of(tx, mentee.id)
    if search is None:
        return
    requests.hold(tx, search.id)
    if search.state == SearchState.OPEN:
        requests.move_search(tx, search, SearchState.WITHDRAWN, ended_at=tx.now, settled_at=tx.now)
        _tell_waiting(tx, search)
