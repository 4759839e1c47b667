"""A pair's own page, its silence and its end."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from bot.rules.pairs import PairCard
from bot.rules.relationships import ClosingPage, EndedPage, PairPage, WayOut, WayOutPage
from bot.slack import blocks as b
from bot.slack.forms import Form
from bot.slack.text import Markup, cut, joined, md
from bot.views import agreements, away, checkins, introductions, meetings, milestones, times
from bot.views.people import at, first, whole
from storage.models.members import Member
from storage.models.relationships import Ending, RelationshipState, Wish

NEVER = "never"


def pair(page: PairPage) -> b.Modal:
    """A pair's own page: who, since when, what is next, and every way on."""
    return b.Modal(
        title=cut(f"You and {first(page.partner)}", b.TITLE_MAX),
        callback="relationships.page",
        meta=page.card.id,
        blocks=(b.section(_who(page)), *_record(page), *_going_on(page), *(_ways(page) if page.card.is_live else ())),
    )


def _going_on(page: PairPage) -> tuple[b.Block, ...]:
    """What the two have before them; nothing once it is over."""
    if not page.card.is_live:
        return ()
    how_to_go_on = closing(page.closing).blocks if page.closing is not None else ()
    return (
        b.divider(),
        *how_to_go_on,
        *meetings.in_pair(page.meetings),
        *agreements.in_pair(page.agreement),
        *milestones.in_pair(page.milestones),
        *checkins.in_pair(page.checkins),
        *introductions.in_pair(page.introductions),
        *away.in_pair(page.away),
    )


def _record(page: PairPage) -> tuple[b.Block, ...]:
    """What the two have done so far, in plain counts."""
    reached = len(page.milestones.reached)
    if not page.met and not reached:
        return ()
    word = "meeting" if page.met == 1 else "meetings"
    marks = f", {reached} {'milestone' if reached == 1 else 'milestones'} reached" if reached else ""
    return (b.context(md("So far: {met} {word}{marks}. You did that.", met=page.met, word=word, marks=marks)),)


def _who(page: PairPage) -> Markup:
    row, zone = page.card.relationship, page.reader.zone
    role = "You mentor" if page.is_mentor else "Mentored by"
    until = md(", until {day}", day=times.day(row.term_ends_at, zone)) if row.term_ends_at else Markup("")
    who = md("{role} *{name}*  {at}", role=role, name=whole(page.partner), at=at(page.partner))
    what = md("{topic}, since {day}{until}", topic=row.topic, day=times.day(row.started_at, zone), until=until)
    return joined([who, what, *_state(page)])


def _state(page: PairPage) -> list[Markup]:
    row = page.card.relationship
    if page.is_stopping:
        return [md("You've stopped. For ten minutes nobody knows.")]
    if row.state == RelationshipState.ENDED:
        return [md("This has come to an end.")]
    if row.state == RelationshipState.ASLEEP:
        return [md("It rests: I haven't heard of the two of you for a while, and may have missed it.")]
    return []


def _ways(page: PairPage) -> tuple[b.Block, ...]:
    pair_id = page.card.id
    if page.is_stopping:
        return (b.divider(), b.actions(b.button("Undo", "relationships.undo_stop", pair_id)))
    return (
        b.divider(),
        b.actions(
            b.button("We're in touch", "relationships.in_touch", pair_id),
            b.button("Not working", "relationships.not_working", pair_id),
        ),
    )


def touched(card: PairCard, reader: Member) -> b.Message:
    """The two are in touch."""
    return b.message(md("Good. I'll stay quiet about you and {name} for a while.", name=first(card.partner_of(reader))))


def kept(card: PairCard, reader: Member) -> b.Message:
    """A sleeping pair sleeps on."""
    name = first(card.partner_of(reader))
    return b.message(
        md("It stays as it is. Whenever you and {name} talk again, one tap wakes it.", name=name),
        b.button("We're in touch", "relationships.in_touch", card.id),
    )


def plan_first(card: PairCard) -> b.Message:
    """The third day, and no first meeting is planned."""
    words = md("Three days in, and no first half hour with {name} is planned here yet.", name=first(card.mentor))
    return b.message(words, b.button("Plan it", "meetings.another", card.id, "primary"), _in_touch(card))


def quiet(card: PairCard, reader: Member) -> b.Message:
    """Two weeks past the day their contact was due."""
    if card.relationship.quiet_step == 0 and card.is_live:
        return touched(card, reader)
    name, row = first(card.partner_of(reader)), card.relationship
    since = row.contact_at or row.started_at
    words = md(
        "I haven't heard how you and {name} are doing since {day}, and I only see what's logged here. "
        "In touch, or a time to plan?",
        name=name,
        day=times.day(since, reader.zone),
    )
    return b.message(words, _in_touch(card), b.button("Plan a time", "meetings.another", card.id), _not_working(card))


def quiet_line(card: PairCard, reader: Member) -> Markup:
    """The same a week earlier, as a line."""
    since = card.relationship.contact_at or card.relationship.started_at
    return md(
        "You and {name}: I've logged nothing since {day}, and may have missed it.",
        name=first(card.partner_of(reader)),
        day=times.day(since, reader.zone),
    )


def asleep(card: PairCard, reader: Member) -> b.Message:
    """Four weeks past: the pair rests."""
    if card.relationship.state == RelationshipState.ACTIVE:
        return touched(card, reader)
    words = md(
        "I'll let you and {name} rest: no more reminders, and the place is free for somebody who waits. "
        "One tap wakes it.",
        name=first(card.partner_of(reader)),
    )
    return b.message(words, _in_touch(card), _not_working(card))


def asleep_line(card: PairCard, reader: Member) -> Markup:
    """The same, as a line."""
    return md("You and {name} rest; one tap on your Home wakes it.", name=first(card.partner_of(reader)))


def plan_line(card: PairCard, reader: Member) -> Markup:
    """A first meeting that is still to be planned, as a line."""
    return md("A first half hour with {name} is still to be planned.", name=first(card.partner_of(reader)))


def close_offer(card: PairCard, reader: Member) -> b.Message:
    """Three months asleep."""
    if card.relationship.state == RelationshipState.ACTIVE:
        return touched(card, reader)
    if card.is_live and card.relationship.quiet_at is None:
        return kept(card, reader)
    words = md(
        "You and {name} have rested for three months. In a week I'd close it, with thanks. Shall I, or keep it?",
        name=first(card.partner_of(reader)),
    )
    return b.message(
        words,
        b.button("Close it", "relationships.close", card.id),
        b.button("Keep it", "relationships.keep", card.id),
        _in_touch(card),
    )


def _in_touch(card: PairCard) -> b.Block:
    return b.button("We're in touch", "relationships.in_touch", card.id)


def _not_working(card: PairCard) -> b.Block:
    return b.button("Not working", "relationships.not_working", card.id)


def closing(page: ClosingPage) -> b.Message:
    """Three weeks before the term ends; a wish already given is confirmed, and only a shared one is told."""
    name, row = first(page.card.partner_of(page.reader)), page.card.relationship
    day = times.day(row.term_ends_at, page.reader.zone) if row.term_ends_at else ""
    if not page.is_open:
        return _set_out(page, day)
    words = md(
        "You and {name} set out until {day}. {met} How would you like to go on?", name=name, day=day, met=_met(page.met)
    )
    if page.wish:
        said = md(WISHES[Wish(page.wish)], name=name, day=day)
        words = joined([said, md("Change it whenever you like until then.")], " ")
    return b.message(
        words,
        b.button("Extend 3 months", "relationships.extend", page.card.id),
        b.button("Finish", "relationships.finish", page.card.id),
        b.button("Finish, stay in touch", "relationships.stay", page.card.id),
    )


def _set_out(page: ClosingPage, day: str) -> b.Message:
    words = md("You and {name} set out until {day}.", name=first(page.card.partner_of(page.reader)), day=day)
    return b.message(words, b.button("Open", "relationships.show", page.card.id))


def _met(count: int) -> Markup:
    if not count:
        return Markup("")
    return md("{count} {word} so far.", count=count, word="meeting" if count == 1 else "meetings")


WISHES = {
    Wish.EXTEND: "Noted: three more months, if {name} would like that too. If not, they never hear you asked.",
    Wish.FINISH: "Noted: you finish on {day}.",
    Wish.STAY: "Noted: you finish on {day}. I mention staying in touch only if {name} says it too.",
}


def closing_line(page: ClosingPage) -> Markup:
    """The same, as a line."""
    name = first(page.card.partner_of(page.reader))
    return md("You and {name} come to the end of your term soon. How to go on is on your Home.", name=name)


def extended(card: PairCard, reader: Member) -> b.Message:
    """Both wanted to go on."""
    row = card.relationship
    day = times.day(row.term_ends_at, reader.zone) if row.term_ends_at else ""
    return b.message(
        md(
            "You both wanted to go on, so you and {name} have until {day}.",
            name=first(card.partner_of(reader)),
            day=day,
        ),
        b.button("Open", "relationships.show", card.id),
    )


def _way(value: object) -> object:
    return WayOut(str(value)) if value in set(WayOut) else WayOut.STOP


class WayOutForm(Form):
    """What somebody would like instead; no reason is asked."""

    way: Annotated[WayOut, BeforeValidator(_way)] = WayOut.STOP
    never: list[str] = Field(default_factory=list)

    @property
    def never_again(self) -> bool:
        """Whether the two are not to be paired again."""
        return NEVER in self.never


WAYS = {
    WayOut.NEW: "Find me somebody new",
    WayOut.PAUSE: "Pause for a while",
    WayOut.STOP: "Stop here",
}


def way_out(page: WayOutPage) -> b.Modal:
    """Said privately: what there is, who learns what, and people to talk to."""
    name = first(page.card.partner_of(page.reader))
    is_mentor = page.card.is_mentor(page.reader)
    ways = [way for way in WayOut if way is not WayOut.NEW or not is_mentor]
    return b.Modal(
        title="This isn't working",
        callback="relationships.leave",
        submit="Go on",
        close="Back",
        meta=page.card.id,
        blocks=(
            b.section(md("You can stop here without a why, and take ten minutes to change your mind.")),
            b.radio("way", "What would help?", [b.Option(way, WAYS[way]) for way in ways], initial=ways[0]),
            b.checkboxes("never", "And then", [b.Option(NEVER, "Don't pair us again")], initial=[NEVER]),
            b.section(joined([_they_read(page, name), md('Your organiser sees "ended early", nothing more.')])),
            b.context(_talk(page.organisers)),
        ),
    )


def _they_read(page: WayOutPage, name: str) -> Markup:
    reads = ended_words(page.card, page.card.partner_of(page.reader), Ending.EARLY)
    return md("{name} will read: _{words}_", name=name, words=reads)


def _talk(people: tuple[Member, ...]) -> Markup:
    if not people:
        return md("Would you rather talk? Somebody you trust in your people team is a good start.")
    names = joined([md("{name} ({at})", name=whole(p), at=at(p)) for p in people], ", ")
    return md("Would you rather talk first? Write to {names}; an answer takes two working days at most.", names=names)


def stopping(page: PairPage) -> b.Modal:
    """What was asked for, as a modal."""
    return b.Modal(title="Stopped", callback="relationships.stopping", blocks=stopped(page).blocks)


def stopped(page: PairPage) -> b.Message:
    """One has asked to stop; for ten minutes it can be taken back."""
    name, pair_id = first(page.partner), page.card.id
    new = () if page.card.is_mentor(page.reader) else (b.button("Find somebody new", "relationships.rematch", pair_id),)
    if page.is_stopping:
        words = md("You've stopped with {name}. For ten minutes nobody knows, and you can take it back.", name=name)
        return b.message(words, b.button("Undo", "relationships.undo_stop", pair_id), *new)
    if page.card.is_live and page.card.relationship.ended_at is None:
        return b.message(md("Everything with {name} is as it was.", name=name))
    return b.message(md("You've stopped with {name}. They read one neutral line, and no reason.", name=name), *new)


def ended(page: EndedPage) -> b.Message:
    """The end, as one of the two reads it; nothing is said about who asked for it, or why."""
    ending = Ending(page.card.relationship.ending or Ending.LEFT)
    words = _finished(page) if ending is Ending.FINISHED else ended_words(page.card, page.reader, ending)
    if page.card.is_mentor(page.reader):
        return b.message(words)
    label = "Find a mentor" if ending in {Ending.LEFT, Ending.EARLY} else "Look for somebody new"
    return b.message(words, b.button(label, "relationships.rematch", page.card.id))


def ended_words(card: PairCard, reader: Member, ending: Ending) -> Markup:
    """The one neutral line, the same whoever asked for the end."""
    name, topic = first(card.partner_of(reader)), card.relationship.topic
    lead = md("Your mentoring with {name} on {topic} has come to an end.", name=name, topic=topic)
    if ending is Ending.QUIET:
        return joined([lead, md("It had rested for a while. Thank you both for it.")], " ")
    if card.is_mentor(reader):
        return joined([lead, md("Your place is free again. Thank you for it.")], " ")
    return joined([lead, md("It isn't about you. Shall I look for somebody else?")], " ")


def _finished(page: EndedPage) -> Markup:
    name, topic = first(page.card.partner_of(page.reader)), page.card.relationship.topic
    lead = md(
        "Your term with {name} on {topic} ends today. {met} You did that.", name=name, topic=topic, met=_met(page.met)
    )
    if not page.both_stay:
        return lead
    partner = at(page.card.partner_of(page.reader))
    return joined([lead, md("You both said you'd like to stay in touch: {at}.", at=partner)], " ")
