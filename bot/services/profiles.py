"""What people say of themselves, and how they leave."""

from bot.errors import PlacesInUseError, TooLateToUndoError
from bot.rules.policy import UNDO
from bot.rules.profiles import Answers, LeavePage, ProfilePage
from bot.rules.requests import may_undo
from bot.rules.skills import parse_skills
from bot.services import endings, introductions, owing, pairs, rounds, searches
from bot.services.access import person
from storage.database import Tx
from storage.models.members import Member
from storage.models.profiles import Profile, Side
from storage.models.relationships import Ending
from storage.queries import drafts, members, profiles, requests
from storage.queries.asking import EVERYBODY, Stretch


def page(tx: Tx, member: Member) -> ProfilePage:
    """Somebody's own profile."""
    teaches = profiles.skills_of(tx, [member.id], Side.TEACHES).get(member.id, [])
    learns = profiles.skills_of(tx, [member.id], Side.LEARNS).get(member.id, [])
    return ProfilePage(
        member, profiles.of(tx, member.id), tuple(s.name for s in teaches), tuple(s.name for s in learns)
    )


def save(tx: Tx, actor: Member, answers: Answers) -> ProfilePage:
    """Keep a profile; this joins a newcomer. Places below the mentees one has are refused, never cut silently."""
    profile = profiles.join(tx, actor.id)
    taught = parse_skills(answers.teaches)
    places = answers.places if taught else max(0, profile.taken)
    if places < profile.taken:
        raise PlacesInUseError(profile.taken)
    profile.goal = answers.goal
    profile.languages = [name for name, _ in parse_skills(answers.languages)]
    profile.places = places
    profile.is_open = answers.is_open
    profiles.set_skills(tx, actor.id, Side.TEACHES, taught)
    profiles.set_skills(tx, actor.id, Side.LEARNS, parse_skills(answers.learns))
    drafts.drop(tx, actor.id, "profiles.save")
    tx.session.flush()
    owing.home(tx, actor)
    return page(tx, actor)


def leave_page(tx: Tx, actor: Member) -> LeavePage:
    """What leaving would end."""
    partners = [card.partner_of(actor) for card in pairs.live_of(tx, actor)]
    return LeavePage(
        partners=tuple(sorted(partners, key=lambda m: m.name)),
        is_searching=requests.open_search_of(tx, actor.id) is not None,
        waiting=len(requests.waiting_on(tx, actor.id)),
    )


def leave(tx: Tx, actor: Member) -> None:
    """Leave the programme; nothing follows until the undo window is over, but nobody can find them any more."""
    profile = profiles.hold(tx, actor.id)
    if profile is None or profile.left_at is not None:
        return
    profile.left_at = tx.now
    owing.post(tx, "profiles.left", actor, profile.id, key=f"{profile.id}:{tx.now.isoformat()}")
    owing.update(tx, "profiles.left", actor, profile.id, at=tx.now + UNDO.value)
    owing.home(tx, actor)


def undo_leave(tx: Tx, actor: Member) -> None:
    """Stay after all; nobody ever knew."""
    profile = profiles.hold(tx, actor.id)
    if profile is None or profile.left_at is None:
        return
    if profile.left_settled_at is not None or not may_undo(profile.left_at, tx.now):
        raise TooLateToUndoError
    profile.left_at = None
    owing.home(tx, actor)


def may_undo_leave(tx: Tx, profile: Profile) -> bool:
    """Whether "Stay after all" still works."""
    return profile.left_settled_at is None and may_undo(profile.left_at, tx.now)


def settle_leaves(tx: Tx) -> int:
    """Carry out leaves whose undo window is over; how many."""
    due = profiles.leavers(tx, tx.now - UNDO.value)
    for profile in due:
        take_out(tx, person(tx, profile.member_id))
    return len(due)


def settle_gone(tx: Tx, among: Stretch = EVERYBODY) -> int:
    """Take out people who are gone from the workspace altogether; how many."""
    gone = members.gone_but_joined(tx, among)
    for member in gone:
        take_out(tx, member)
    return len(gone)


def take_out(tx: Tx, member: Member) -> None:
    """End everything somebody is part of: searches, requests and pairs, telling those who are left behind."""
    profile = profiles.hold(tx, member.id)
    if profile is not None:
        profile.left_at = profile.left_at or tx.now
        profile.left_settled_at = tx.now
        tx.session.flush()
    searches.drop_mentee(tx, member)
    searches.drop_mentor(tx, member)
    for card in pairs.live_of(tx, member):
        endings.end(tx, card, Ending.LEFT, member)
    rounds.take_out(tx, member)
    introductions.take_out(tx, member)
    owing.home(tx, member)
