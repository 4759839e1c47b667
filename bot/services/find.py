"""Finding a mentor: the two questions, the ranked names, the note."""

from bot.errors import AlreadySearchingError, MentorTakenError, NotYoursError
from bot.rules.find import Name, NotePage, Results, Start
from bot.rules.matching import Offer, Wish, rank
from bot.rules.policy import SEARCH_NAMES, SKILLS_MOST
from bot.rules.requests import SearchCard, chosen_names
from bot.rules.skills import parse_skills
from bot.services import requests as request_deeds
from bot.services import searches
from storage.database import Tx
from storage.models.members import Member
from storage.models.profiles import Profile, Side
from storage.models.requests import Search, SearchState
from storage.queries import drafts, members, preferences, profiles, requests
from storage.queries.profiles import Candidate

SHOWN = 5


def running(tx: Tx, actor: Member) -> SearchCard | None:
    """The search somebody has open already, if any: there is one at a time."""
    search = requests.open_search_of(tx, actor.id)
    return request_deeds.search_card_of(tx, search) if search else None


def start(tx: Tx, actor: Member, typed: str = "") -> Start:
    """What to prefill: what was just typed, else what was begun before, else what the profile says."""
    profile = profiles.of(tx, actor.id)
    begun = requests.draft_search_of(tx, actor.id)
    kept = drafts.kept(tx, actor.id, "find.search")
    topic = typed or kept.get("topic") or (begun.topic if begun else "")
    goal = kept.get("goal") or (begun.goal if begun else "") or (profile.goal if profile else "")
    return Start(topic, goal, has_joined=profile is not None and profile.left_at is None)


def begun(tx: Tx, actor: Member) -> Search | None:
    """A search somebody began and has not sent, for "Carry on"."""
    return requests.draft_search_of(tx, actor.id)


def forget_begun(tx: Tx, actor: Member) -> None:
    """Throw a begun search away, with the words kept for it."""
    draft = requests.draft_search_of(tx, actor.id)
    if draft is not None:
        requests.move_search(tx, draft, SearchState.WITHDRAWN, ended_at=tx.now, settled_at=tx.now)
    drafts.drop(tx, actor.id, "find.search")
    drafts.drop(tx, actor.id, "find.send")


def search(tx: Tx, actor: Member, topic: str, goal: str) -> Results:
    """Answer the two questions: this joins a newcomer, and finds the names."""
    if requests.open_search_of(tx, actor.id) is not None:
        raise AlreadySearchingError
    profile = profiles.join(tx, actor.id)
    profile.goal = goal
    known = profiles.skills_of(tx, [actor.id], Side.LEARNS).get(actor.id, [])
    wanted = {key: name for name, key in parse_skills(topic)} | {skill.key: skill.name for skill in known}
    names = [(name, key) for key, name in wanted.items()]
    profiles.set_skills(tx, actor.id, Side.LEARNS, names[: SKILLS_MOST.value])
    drafts.drop(tx, actor.id, "find.search")
    row = requests.draft_search_of(tx, actor.id)
    if row is None:
        row = Search(workspace_id=tx.workspace_id, mentee_id=actor.id, topic=topic, goal=goal, begun_at=tx.now)
        tx.session.add(row)
    row.topic, row.goal = topic, goal
    tx.session.flush()
    return results(tx, actor, row)


def results(tx: Tx, actor: Member, row: Search) -> Results:
    """The best of everyone who could be asked for this search; who is full is shown as full."""
    return _shown(row, _ranked(tx, actor, row))


def _ranked(tx: Tx, actor: Member, row: Search) -> list[Name]:
    profile = profiles.of(tx, actor.id)
    unseen = searches.not_for(tx, actor) | preferences.away_ids(tx)
    candidates = {c.member.id: c for c in profiles.mentors(tx, besides=actor.id) if c.member.id not in unseen}
    ranked = rank(_wish(row, actor, profile), [_offer(c) for c in candidates.values()], tx.now)
    return [Name(candidates[s.member_id].member, s) for s in ranked]


def _shown(row: Search, names: list[Name]) -> Results:
    fitting = [n for n in names if n.suggestion.fits][:SHOWN]
    room = [n for n in names if not n.suggestion.fits and not n.suggestion.is_full]
    return Results(row, tuple(fitting), tuple(room[: max(0, 3 - len(fitting))]))


def _wish(row: Search, actor: Member, profile: Profile | None) -> Wish:
    return Wish(row.topic, row.goal, profile.languages if profile else [], actor.zone)


def _offer(candidate: Candidate) -> Offer:
    profile = candidate.profile
    return Offer(
        candidate.member.id,
        candidate.teaches,
        profile.languages,
        candidate.member.zone,
        profile.places,
        profile.taken,
    )


def own_draft(tx: Tx, actor: Member, search_id: str) -> Search:
    """The actor's own search that is not sent yet."""
    row = request_deeds.own_search(tx, actor, search_id)
    if row.state != SearchState.DRAFT:
        raise AlreadySearchingError
    return row


def note_page(tx: Tx, actor: Member, search_id: str, mentor_id: str) -> NotePage:
    """The note for one chosen name, also one that others have outranked since; raises MentorTaken if they are taken."""
    row = own_draft(tx, actor, search_id)
    names = _ranked(tx, actor, row)
    first = next((n for n in names if n.member.id == mentor_id and not n.suggestion.is_full), None)
    if first is None:
        raise _cannot_ask(tx, actor, mentor_id)
    others = tuple(n for n in _shown(row, names).askable if n.member.id != mentor_id)[: SEARCH_NAMES.value - 1]
    return NotePage(row, actor, first, others, drafts.kept(tx, actor.id, "find.send").get("note", ""))


def _cannot_ask(tx: Tx, actor: Member, mentor_id: str) -> Exception:
    """Full, resting, leaving or gone reads the same; oneself and ids of nobody's are no names at all."""
    mentor = members.by_id(tx, mentor_id)
    has_joined = mentor is not None and profiles.of(tx, mentor_id) is not None and mentor_id != actor.id
    return MentorTakenError(mentor.name) if mentor is not None and has_joined else NotYoursError()


def send(tx: Tx, actor: Member, search_id: str, mentor_id: str, others: list[str], note: str) -> SearchCard:
    """Send the note: the first name is asked, the ticked others wait in line in the order they were shown."""
    page = note_page(tx, actor, search_id, mentor_id)
    names = chosen_names(mentor_id, others, [name.member.id for name in page.others])
    drafts.drop(tx, actor.id, "find.send")
    return request_deeds.send(tx, actor, page.search, names, note)
