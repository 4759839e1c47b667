"""What two people agree on: proposed, signed, changed; the database decides who was first."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files

from bot.errors import NotYoursError, TermRefusedError
from bot.rules import agreements as rules
from bot.rules.agreements import (
    PREFILLED,
    Confidentiality,
    Happened,
    Method,
    Proposal,
    Stage,
    Standing,
    Terms,
    Version,
    VersionPage,
)
from bot.rules.days import instant, zone_named
from bot.rules.pairs import PairCard
from bot.rules.policy import CLOSING_BEFORE, SIGN_NUDGE
from bot.rules.rhythms import Rhythm
from bot.services import drafts, owing, pairs
from bot.services.access import person
from storage.database import Tx
from storage.models.agreements import Agreement, AgreementState
from storage.models.members import Member
from storage.queries import agreements, relationships, requests

ABOUT = timedelta(hours=2)  # how far new rules may have moved a noon
NOON = time(12)  # the hour that stays on its day in most zones, should the mentee travel


@cache
def confidentiality() -> Confidentiality:
    """The text that is agreed to with every signature; its first line names its version."""
    text = files("bot").joinpath("content/confidentiality.md").read_text(encoding="utf-8")
    first, *paragraphs = (each.strip() for each in text.split("\n\n"))
    return Confidentiality(first.removeprefix("Version "), tuple(paragraphs))


def draft(tx: Tx, card: PairCard) -> Terms:
    """The terms a signature now would be for: the newest version's, else the request's goal and the defaults."""
    rows = agreements.versions_of(tx, card.id)
    if rows and rows[0].state == AgreementState.PROPOSED:
        return _terms(tx, rows[0])
    ends_on = _bounds(tx, card).hold(_term_ends_on(card))
    return replace(_terms(tx, rows[0]), ends_on=ends_on) if rows else rules.defaults(_goal_of(tx, card), ends_on)


def _goal_of(tx: Tx, card: PairCard) -> str:
    ask = requests.ask(tx, card.relationship.ask_id)
    search = requests.search(tx, ask.search_id) if ask is not None else None
    return search.goal if search is not None else ""


def _terms(tx: Tx, row: Agreement) -> Terms:
    return Terms(
        rhythm=Rhythm(row.rhythm),
        minutes=row.minutes,
        method=Method(row.method),
        reply_days=row.reply_days,
        ends_on=row.ends_on,
        goal=agreements.goal_of(tx, row),
        boundaries=agreements.boundaries_of(tx, row),
    )


def _term_ends_on(card: PairCard) -> date:
    row = card.relationship
    return rules.day_of(row.term_ends_at or row.started_at, card.mentee.zone)


def _bounds(tx: Tx, card: PairCard) -> rules.Bounds:
    zone = card.mentee.zone
    started_on = rules.day_of(card.relationship.started_at, zone)
    return rules.bounds(started_on, rules.day_of(tx.now, zone), _term_ends_on(card))


def _version(tx: Tx, row: Agreement) -> Version:
    return Version(
        id=row.id,
        number=row.version,
        state=AgreementState(row.state),
        proposer=person(tx, row.proposed_by),
        proposed_at=row.proposed_at,
        mentee_signed_at=row.mentee_signed_at,
        mentor_signed_at=row.mentor_signed_at,
        terms=_terms(tx, row),
    )


def standing(tx: Tx, card: PairCard, reader: Member, happened: Happened = Happened.NOTHING) -> Standing:
    """How a pair's agreement stands for one of the two, in whatever state."""
    versions = tuple(_version(tx, row) for row in agreements.versions_of(tx, card.id))
    return Standing(card, reader, versions, draft(tx, card), confidentiality(), happened)


def of_pair(tx: Tx, card: PairCard, reader: Member) -> Standing:
    """The same, for the pair's own page."""
    return standing(tx, card, reader)


def own(tx: Tx, actor: Member, pair_id: str) -> Standing:
    """The agreement of a pair the actor is in, ended or not."""
    return standing(tx, pairs.own(tx, actor, pair_id), actor)


def own_version(tx: Tx, actor: Member, pair_id: str, number: int) -> VersionPage:
    """One version of a pair the actor is in, however old."""
    found = own(tx, actor, pair_id)
    version = next((each for each in found.versions if each.number == number), None)
    if version is None:
        raise NotYoursError
    return VersionPage(found.card, actor, version)


def version_page(tx: Tx, agreement_id: str, reader: Member) -> VersionPage:
    """One version as its message tells of it; raises NotYours for an id that is none of ours."""
    row = agreements.by_id(tx, agreement_id)
    if row is None:
        raise NotYoursError
    return VersionPage(pairs.card_of(tx, row.relationship_id), reader, _version(tx, row))


def sign_prefilled(tx: Tx, actor: Member, pair_id: str, version: int = PREFILLED) -> Standing:
    """Sign what was read: the prefilled terms while nobody has proposed, else the version the button names, no other.

    Twice is once. A version that is not the newest any more is left unsigned, and the newest comes back with `newer`.
    """
    card = pairs.held(tx, actor, pair_id)
    now = standing(tx, card, actor)
    waiting = now.waiting
    if now.stage is Stage.NOTHING and version == PREFILLED:
        return _propose(tx, now, now.terms, Happened.NEWER)
    if waiting is None or now.stage is Stage.MINE:
        is_same = version in {PREFILLED, now.newest}
        return now if is_same else replace(now, happened=Happened.NEWER)
    if version != waiting.number:
        return replace(now, happened=Happened.NEWER)
    return _sign(tx, now, waiting)


def _sign(tx: Tx, now: Standing, waiting: Version) -> Standing:
    card, actor = now.card, now.reader
    if waiting.terms.ends_on <= rules.day_of(tx.now, card.mentee.zone):
        raise _refused(tx, card, waiting.terms)
    row = agreements.by_id(tx, waiting.id)
    if row is None or not agreements.sign(tx, waiting.id, _signature(card, actor)):
        return standing(tx, card, actor, Happened.NEWER)
    agreements.hold(tx, row)
    pairs.promise(tx, card, actor)
    _set_term(tx, card, waiting.terms)
    pairs.reschedule(tx, card.id)
    drafts.drop(tx, actor, _kept_as(card))
    owing.post(tx, "agreements.signed", waiting.proposer, waiting.id)
    _bring_up_to_date(tx, card, waiting.id)
    return standing(tx, card, actor, Happened.SIGNED)


def _signature(card: PairCard, actor: Member) -> agreements.Signature:
    return "mentor_signed_at" if card.is_mentor(actor) else "mentee_signed_at"


def _set_term(tx: Tx, card: PairCard, terms: Terms) -> None:
    """The signed day becomes the pair's own; one that has not changed leaves alone what was asked about it already."""
    if terms.ends_on == _term_ends_on(card):
        return
    ends_at = instant(terms.ends_on, NOON, card.mentee.zone)
    closing_at = max(ends_at - CLOSING_BEFORE.value, tx.now)
    relationships.write(tx, card.id, {"term_ends_at": ends_at, "closing_at": closing_at})


def follow(tx: Tx, mentee: Member, was: str) -> None:
    """Keep the signed last day of a mentee's terms at noon on the clock they have now."""
    for card in pairs.each_held(tx, mentee):
        ends_at, closing_at = card.relationship.term_ends_at, card.relationship.closing_at
        if card.is_mentor(mentee) or ends_at is None or ends_at <= tx.now:
            continue
        local = ends_at.astimezone(zone_named(was))
        anew = instant(local.date(), NOON, mentee.zone)
        if abs(datetime.combine(local.date(), NOON, local.tzinfo) - local) > ABOUT or anew == ends_at:
            continue
        again = {} if closing_at is None else {"closing_at": max(anew - CLOSING_BEFORE.value, tx.now)}
        relationships.write(tx, card.id, {"term_ends_at": anew} | again)


def _bring_up_to_date(tx: Tx, card: PairCard, agreement_id: str) -> None:
    """No message may offer a signature that is given, or one to a version that is gone; the yes offers the first."""
    for member in card.people:
        owing.update(tx, "agreements.proposed", member, agreement_id)
        owing.update(tx, "agreements.unsigned", member, agreement_id)
    _refresh_yes(tx, card)


def _refresh_yes(tx: Tx, card: PairCard) -> None:
    pairs.refresh_yes(tx, card)
    owing.home(tx, *card.people)


def form(tx: Tx, actor: Member, pair_id: str) -> Proposal:
    """The form of a proposal: what was typed and not sent, over the newest terms."""
    card = pairs.live(tx, actor, pair_id)
    now = standing(tx, card, actor)
    return Proposal(card, actor, _begun_terms(tx, now) or now.terms, now.newest)


def choose(tx: Tx, actor: Member, pair_id: str, terms: Terms, based_on: int) -> Proposal:
    """Keep the first half of the form, and go on to the words; the words of these terms do not count yet."""
    card = pairs.live(tx, actor, pair_id)
    _check_term(tx, card, terms)
    now = standing(tx, card, actor)
    before = _begun_terms(tx, now) or now.terms
    chosen = replace(terms, goal=before.goal, boundaries=before.boundaries)
    drafts.keep(tx, actor, _kept_as(card), _as_typed(chosen, based_on))
    return Proposal(card, actor, chosen, based_on)


def chosen_terms(tx: Tx, actor: Member, pair_id: str, goal: str, boundaries: str) -> Terms:
    """The whole form: what was chosen in its first half, with these words."""
    card = pairs.live(tx, actor, pair_id)
    kept = _read_typed(drafts.kept_words(tx, actor, _kept_as(card)))
    return replace(kept or draft(tx, card), goal=goal, boundaries=boundaries)


def propose(tx: Tx, actor: Member, pair_id: str, terms: Terms, based_on_version: int) -> Standing:
    """Propose terms, signed by the one who proposes; they hold when the other has signed them too.

    `outrun` comes back, with the words kept, where a version came or was signed that the proposer has not seen.
    """
    card = pairs.held(tx, actor, pair_id)
    _check_term(tx, card, terms)
    now = standing(tx, card, actor)
    if now.newest != based_on_version:
        return _outrun(tx, now, terms)
    if now.stage is not Stage.NOTHING and terms == now.terms:
        drafts.drop(tx, actor, _kept_as(card))
        return replace(now, happened=Happened.SAME)
    proposed = _propose(tx, now, terms, Happened.OUTRUN)
    return _outrun(tx, proposed, terms) if proposed.happened is Happened.OUTRUN else proposed


def _outrun(tx: Tx, now: Standing, terms: Terms) -> Standing:
    drafts.keep(tx, now.reader, _kept_as(now.card), _as_typed(terms, now.newest))
    return replace(now, happened=Happened.OUTRUN)


def _propose(tx: Tx, now: Standing, terms: Terms, if_late: Happened) -> Standing:
    """Write the next version in place of one that waits; the database refuses all but the first of two."""
    card, actor, waiting = now.card, now.reader, now.waiting
    if waiting is not None and not agreements.replace(tx, waiting.id):
        return standing(tx, card, actor, if_late)
    proposed_id = agreements.propose(tx, _row(tx, now, terms))
    if proposed_id is None:
        return standing(tx, card, actor, if_late)
    pairs.promise(tx, card, actor)
    drafts.drop(tx, actor, _kept_as(card))
    owing.post(tx, "agreements.proposed", now.partner, proposed_id)
    if waiting is not None:
        _bring_up_to_date(tx, card, waiting.id)
    else:
        _refresh_yes(tx, card)
    return standing(tx, card, actor, Happened.PROPOSED)


def _row(tx: Tx, now: Standing, terms: Terms) -> agreements.Proposed:
    return agreements.Proposed(
        pair_id=now.card.id,
        version=now.newest + 1,
        proposed_by=now.reader.id,
        signature=_signature(now.card, now.reader),
        rhythm=terms.rhythm,
        minutes=terms.minutes,
        method=terms.method,
        reply_days=terms.reply_days,
        ends_on=terms.ends_on,
        goal=terms.goal,
        boundaries=terms.boundaries,
        terms=confidentiality().version,
        nudge_at=tx.now + SIGN_NUDGE.value,
    )


def _check_term(tx: Tx, card: PairCard, terms: Terms) -> None:
    within = _bounds(tx, card)
    if not within.earliest <= terms.ends_on <= within.latest:
        raise _refused(tx, card, terms)


def _refused(tx: Tx, card: PairCard, terms: Terms) -> TermRefusedError:
    within = _bounds(tx, card)
    is_past = terms.ends_on <= rules.day_of(tx.now, card.mentee.zone)
    return TermRefusedError(is_past, within.earliest, within.latest)


def _kept_as(card: PairCard) -> str:
    """Words kept for one pair's form, apart from those for any other pair's."""
    return f"agreements.propose {card.id}"


def _as_typed(terms: Terms, based_on: int) -> Mapping[str, str]:
    return {
        "based_on": str(based_on),
        "rhythm": str(terms.rhythm),
        "minutes": str(terms.minutes),
        "method": str(terms.method),
        "reply_days": str(terms.reply_days),
        "ends_on": terms.ends_on.isoformat(),
        "goal": terms.goal,
        "boundaries": terms.boundaries,
    }


def _read_typed(kept: Mapping[str, str]) -> Terms | None:
    if "based_on" not in kept:
        return None
    return Terms(
        rhythm=Rhythm(kept["rhythm"]),
        minutes=int(kept["minutes"]),
        method=Method(kept["method"]),
        reply_days=int(kept["reply_days"]),
        ends_on=date.fromisoformat(kept["ends_on"]),
        goal=kept.get("goal", ""),
        boundaries=kept.get("boundaries", ""),
    )


def _begun_terms(tx: Tx, now: Standing) -> Terms | None:
    """What was begun and not sent, unless a newer version came since: that one is to be read first."""
    kept = drafts.kept_words(tx, now.reader, _kept_as(now.card))
    return _read_typed(kept) if kept.get("based_on") == str(now.newest) else None


def nudge_unsigned(tx: Tx) -> int:
    """Bring versions up that nobody signed for two weeks, once; an away pair's wait until it is back; how many."""
    due = agreements.to_nudge(tx)
    for row in due:
        card = pairs.card_of(tx, row.relationship_id)
        away_until = card.relationship.away_until
        is_away = card.is_live and away_until is not None and away_until > tx.now
        agreements.set_nudge(tx, row.id, away_until if is_away else None)
        for member in () if is_away or not card.is_live else card.people:
            owing.post(tx, "agreements.unsigned", member, row.id, key=f"{row.id}:{member.id}")
    return len(due)
