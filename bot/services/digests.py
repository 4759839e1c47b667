"""The weekly digest: planned for everybody's own morning, gathered when it comes, and only if there is something."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.errors import MentorError
from bot.outbox import together
from bot.rules import digests as rules
from bot.rules.days import zone_named
from bot.rules.digests import PEERS, Coming, ComingKind, Meet, Overseen, Proud, Week
from bot.rules.news import KINDS
from bot.rules.policy import DIGEST_AHEAD, DIGEST_DAY, DIGEST_HOUR
from bot.rules.skills import fold, words_of
from bot.services import owing, pairs, requests, searches
from bot.services.access import is_organiser, organisers
from bot.slack.text import Markup
from storage.database import Tx
from storage.models.base import new_id
from storage.models.digests import DigestLine
from storage.models.members import Member
from storage.models.preferences import Attention, Preferences
from storage.models.profiles import Side
from storage.queries import digests, members, preferences, profiles, relationships, weeks, whose
from storage.queries import requests as request_queries
from storage.queries.asking import EVERYBODY, Stretch

KIND = "digests.weekly"
Words = Callable[[Tx, DigestLine, Member], Markup | None]
Worded = list[tuple[DigestLine, Markup]]


def plan(tx: Tx, member: Member) -> None:
    """Plan somebody's first digest, if none is planned."""
    row = preferences.keep(tx, member.id)
    if row.next_digest_at is None:
        _set_next(tx, member, row)


def replan(tx: Tx, member: Member) -> None:
    """Plan somebody's next digest anew, because their zone, day or hour changed; who gets none gets none by this."""
    row = preferences.of(tx, member.id)
    if row is not None and row.next_digest_at is not None:
        _set_next(tx, member, row)


def follow(tx: Tx, people: Iterable[Member]) -> None:
    """Keep the day and hour of everybody's next digest on the clock they have now; one that is due already stays."""
    them = {member.id: member for member in people}
    planned = [row for row in preferences.of_all(tx, them) if row.next_digest_at and row.next_digest_at > tx.now]
    _set_all(planned, [_next(tx, them[row.member_id], row) for row in planned])


def _set_next(tx: Tx, member: Member, row: Preferences) -> None:
    digests.set_next(row, _next(tx, member, row))


def _set_all(rows: Sequence[Preferences], moments: Sequence[datetime | None]) -> None:
    """Write all of them down at the end: each question in between would send what was written so far by itself."""
    for row, moment in zip(rows, moments, strict=True):
        digests.set_next(row, moment)


def _next(tx: Tx, member: Member, row: Preferences) -> datetime:
    day = digests.last_day(tx, member.id)
    last = None if day is None else date.fromisoformat(day)
    minute = rules.minute_of(member.id)
    return rules.next_moment(tx.now, member.zone, row.digest_day, row.digest_hour, minute, last)


def plan_missing(tx: Tx, among: Stretch = EVERYBODY) -> int:
    """Plan a digest for everybody in the programme who has none; how many."""
    missing = digests.unplanned(tx, _organiser_ids(tx), among)
    for member in missing:
        plan(tx, member)
    return len(missing)


def has_unplanned(tx: Tx, among: Stretch = EVERYBODY) -> bool:
    """Whether anybody in the programme has no digest planned."""
    return digests.has_planless(tx, among) and bool(digests.unplanned(tx, _organiser_ids(tx), among, limit=1))


def _organiser_ids(tx: Tx) -> list[str]:
    return [member.id for member in organisers(tx)]


def send_due(tx: Tx, words: Words) -> int:
    """Gather the digests whose moment has come, and plan the next; how many moments were dealt with.

    While too much waits to be sent, none is added: it is tried again within its hour, else its lines wait a week.
    """
    due = digests.due(tx)
    if not due:
        return 0
    people = members.by_ids(tx, [row.member_id for row in due])
    crowd = _crowd(tx, list(people))
    _set_all(due, [_deal_with(tx, row, people[row.member_id], crowd, words) for row in due])
    return len(due)


@dataclass(frozen=True, slots=True)
class _Crowd:
    """What is asked at once for all whose digests are due together; most of a large programme have nothing to hear."""

    taking_part: frozenset[str]
    organisers: frozenset[str]
    with_news: frozenset[str]
    is_jammed: bool


def _crowd(tx: Tx, member_ids: Sequence[str]) -> _Crowd:
    organiser_ids = _organiser_ids(tx)
    return _Crowd(
        taking_part=digests.taking_part(tx, member_ids, organiser_ids),
        organisers=frozenset(organiser_ids),
        with_news=whose.with_news(tx, member_ids) | frozenset(organiser_ids),
        is_jammed=together.backlog(tx).is_jammed(tx.now),
    )


def _deal_with(tx: Tx, row: Preferences, member: Member, crowd: _Crowd, words: Words) -> datetime | None:
    """Gather one digest if this is the moment for it; when the next is, None for somebody who gets none."""
    if row.attention != Attention.EVERYTHING or member.id not in crowd.taking_part:
        return None
    if crowd.is_jammed:
        return rules.again_in_the_hour(tx.now, member.zone, row.digest_hour) or _next(tx, member, row)
    if member.id in crowd.with_news and _is_wanted(tx, row):
        _gather(tx, member, words, organises=member.id in crowd.organisers)
    return _next(tx, member, row)


def _is_wanted(tx: Tx, row: Preferences) -> bool:
    """Whether this is the moment: a digest missed by more than its worth waits for the next, with all its lines."""
    is_late = row.next_digest_at is None or tx.now > row.next_digest_at + KINDS[KIND].worth
    is_away = row.away_until is not None and row.away_until > tx.now
    return not is_late and not is_away


def _gather(tx: Tx, member: Member, words: Words, *, organises: bool) -> None:
    waiting = digests.waiting_lines(tx, member.id)
    worded = _newest_of_each(worded_lines(tx, member, waiting, words))
    _let_go(tx, waiting, worded)
    lines = [line for line, _ in worded]
    ahead, seen = _coming(tx, member, lines), _overseen(tx) if organises else None
    taken = lines[: rules.lines_taken(len(lines), len(ahead), int(seen is not None))]
    if not taken and not ahead and seen is None:
        return
    digest_id, day = new_id(), tx.now.astimezone(zone_named(member.zone)).date().isoformat()
    meet = _to_meet(tx, member)
    about = PEERS if meet is not None and meet.person is None else meet.person.id if meet and meet.person else ""
    owing.post(tx, KIND, member, digest_id, key=f"{member.id}:{day}", day=day, meet=about)
    digests.put_into(tx, taken, digest_id)


def worded_lines(tx: Tx, reader: Member, lines: Iterable[DigestLine], words: Words) -> Worded:
    """The lines that are still true, with their words, in the order their kinds share the budget of attention."""
    said = [(line, text) for line in lines if (text := _said(tx, reader, line, words)) is not None]
    return sorted(said, key=lambda each: KINDS[each[0].kind].rank)


def _said(tx: Tx, reader: Member, line: DigestLine, words: Words) -> Markup | None:
    """A line's words; what it was about may be gone altogether, and then there are none."""
    try:
        return words(tx, line, reader) if line.kind in KINDS else None
    except (MentorError, LookupError):
        return None


def _newest_of_each(worded: Worded) -> Worded:
    """One line for each thing: an older one of the same kind on the same subject says nothing more."""
    newest: dict[tuple[str, str], tuple[DigestLine, Markup]] = {}
    for line, text in worded:
        newest.setdefault((line.kind, line.subject_id), (line, text))
    return list(newest.values())


def _let_go(tx: Tx, waiting: Sequence[DigestLine], kept: Worded) -> None:
    ids = {line.id for line, _ in kept}
    digests.put_into(tx, [line for line in waiting if line.id not in ids], digests.LET_GO)


def week(tx: Tx, reader: Member, lines: Sequence[DigestLine], meet: str) -> Week:
    """Everything but the lines, as it stands now; `meet` is whom the gathering chose: an id, peers, or nobody."""
    row = preferences.of(tx, reader.id)
    found = Week(
        reader=reader,
        day=row.digest_day if row else DIGEST_DAY.value,
        hour=row.digest_hour if row else DIGEST_HOUR.value,
        coming=tuple(_coming(tx, reader, lines)),
        proud=_proud(tx, reader),
        meet=_still_to_meet(tx, reader, meet),
        overseen=_overseen(tx) if is_organiser(tx, reader) else None,
    )
    return rules.within_lines(found, len(lines))


def _coming(tx: Tx, reader: Member, lines: Sequence[DigestLine]) -> list[Coming]:
    """What lies ahead, most pressing first, but for what a line says already."""
    told = {(line.kind.split(".")[0], line.subject_id) for line in lines}
    ahead = [*_requests(tx, reader), *_of_pairs(tx, reader)]
    return [each for each in ahead if not told & {(each.kind, each.subject_id), (each.kind, each.pair_id)}]


def _requests(tx: Tx, reader: Member) -> list[Coming]:
    return [
        Coming(ComingKind.REQUEST, card.ask.id, card.mentee, at=card.ask.due_at, topic=card.search.topic)
        for card in requests.waiting_for(tx, reader)
    ]


def _of_pairs(tx: Tx, reader: Member) -> list[Coming]:
    """What waits is mentioned in one digest and not in every one: Home keeps it."""
    asked = weeks.checkins_open(tx, reader.id, tx.now - DIGEST_AHEAD.value)
    found = [(ComingKind.CHECKIN, asked)]
    if relationships.live_of(tx, reader.id):
        today = tx.now.astimezone(zone_named(reader.zone)).date()
        found = [
            (ComingKind.MEETING, weeks.meetings_ahead(tx, reader.id, tx.now + DIGEST_AHEAD.value)),
            (ComingKind.AGREEMENT, weeks.agreements_to_sign(tx, reader.id, tx.now - DIGEST_AHEAD.value)),
            (ComingKind.CHECKIN, asked),
            (ComingKind.MILESTONE, weeks.milestones_ahead(tx, reader.id, today, today + DIGEST_AHEAD.value)),
        ]
    ahead = [
        Coming(kind, each.id, pairs.card_of(tx, each.pair_id).partner_of(reader), each.pair_id, each.at, each.day)
        for kind, all_of_it in found
        for each in all_of_it
    ]
    return [each for each in ahead if not each.partner.is_gone]


def _proud(tx: Tx, reader: Member) -> Proud | None:
    since = tx.now - DIGEST_AHEAD.value
    done = Proud(
        met=weeks.times_met(tx, reader.id),
        met_this_week=weeks.times_met(tx, reader.id, since),
        reached_this_week=weeks.milestones_reached(tx, reader.id, since),
    )
    return done if done.met or done.reached_this_week else None


def _overseen(tx: Tx) -> Overseen | None:
    seen = Overseen(weeks.quiet_pairs(tx), weeks.searches_unanswered(tx, tx.now - timedelta(days=7)))
    return seen if seen.quiet or seen.unanswered else None


def _to_meet(tx: Tx, reader: Member) -> Meet | None:
    ways = _teachers(tx, reader)
    if not weeks.has_met_rounds(tx, reader.id):
        ways.append(Meet())
    return rules.chosen(ways, digests.how_many(tx, reader.id))


def _still_to_meet(tx: Tx, reader: Member, chosen: str) -> Meet | None:
    if chosen == PEERS:
        return None if weeks.has_met_rounds(tx, reader.id) else Meet()
    member = members.by_id(tx, chosen) if chosen else None
    return next((meet for meet in _teachers(tx, reader) if meet.person == member), None) if member else None


def _teachers(tx: Tx, reader: Member) -> list[Meet]:
    """People who teach what somebody still looks for and can be asked for it, always in the same order."""
    profile = profiles.of(tx, reader.id)
    is_searching = request_queries.open_search_of(tx, reader.id) is not None
    if profile is None or profile.left_at is not None or is_searching:
        return []
    wanted = _wanted(tx, reader)
    if not wanted:
        return []
    avoided, named = weeks.never_with(tx, reader.id), [(fold(want), words_of(want)) for want in wanted]
    found = [
        Meet(candidate.member, skill)
        for candidate in sorted(profiles.mentors_in(tx, reader.id, named), key=lambda each: each.member.id)
        if candidate.member.id not in avoided and (skill := _taught(wanted, candidate.teaches))
    ]
    return [meet for meet in found if meet.person and searches.can_be_asked(tx, meet.person.id, reader)]


def _wanted(tx: Tx, reader: Member) -> list[str]:
    """What somebody wants to learn and has no mentor for."""
    learns = profiles.skills_of(tx, [reader.id], Side.LEARNS).get(reader.id, [])
    topics = [pair.topic for pair in relationships.live_of(tx, reader.id) if pair.mentee_id == reader.id]
    covered = [words_of(topic) for topic in topics]
    return [skill.name for skill in learns if not any(words_of(skill.name) & words for words in covered)]


def _taught(wanted: Sequence[str], teaches: Sequence[str]) -> str:
    """The first wanted skill among those taught, in the mentor's own words."""
    return next((skill for want in wanted for skill in teaches if _is_same(want, skill)), "")


def _is_same(want: str, skill: str) -> bool:
    words = words_of(want)
    return fold(want) == fold(skill) or (bool(words) and words <= words_of(skill))
