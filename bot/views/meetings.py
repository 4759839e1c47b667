"""Meetings as the two see them: proposed hours, what is booked, moved or called off, and a reminder."""

from collections.abc import Sequence
from datetime import datetime

from bot.rules.meetings import MeetingCard, PairMeetings, Score, Taken, read_place
from bot.rules.slots import epoch
from bot.slack import blocks as b
from bot.slack.text import Markup, joined, md
from bot.views import times
from bot.views.people import first, whole
from storage.models.meetings import MeetingState
from storage.models.members import Member

SCORES = {Score.MUCH: "A great deal", Score.SOME: "Somewhat", Score.LITTLE: "Not much"}


def city(zone: str) -> str:
    """The place a zone is named for: `Lisbon`."""
    return zone.rpartition("/")[2].replace("_", " ")


def when(card: MeetingCard, reader: Member) -> str:
    """`Thu 26 Nov, 16:00`, on the reader's clock."""
    return times.moment_words(card.meeting.starts_at, reader.zone)


def _here(card: MeetingCard, reader: Member) -> Markup:
    """The moment, and whose clock that is."""
    return md("*{when}* in {city}, where your Slack is now", when=when(card, reader), city=city(reader.zone))


def _both(moment: datetime, reader: Member, partner: Member) -> str:
    """`Thu 26 Nov, 10:00 (11:00 for Noor)`; the day too, where it is another one for them."""
    mine, theirs = (times.moment_words(moment, who.zone) for who in (reader, partner))
    if mine == theirs:
        return mine
    is_same_day = times.day(moment, reader.zone) == times.day(moment, partner.zone)
    return f"{mine} ({times.clock(moment, partner.zone) if is_same_day else theirs} for {first(partner)})"


def slot_rows(pair_id: str, slots: Sequence[datetime], reader: Member, partner: Member) -> tuple[b.Block, ...]:
    """Proposed hours in both zones, one tap each, and a way to another; goes into whatever message wants them."""
    rows = [
        b.section(
            md("*{when}*", when=_both(slot, reader, partner)),
            b.button(f"Take {times.weekday_clock(slot, reader.zone)}", "meetings.take", f"{pair_id} {epoch(slot)}"),
        )
        for slot in slots
    ]
    label = "Another time" if slots else "Pick a time"
    return (*rows, b.actions(b.button(label, "meetings.another", pair_id)))


def place_rows(card: MeetingCard) -> tuple[b.Block, ...]:
    """Where they meet: a link one can press, the rest as words."""
    place = read_place(card.meeting.place)
    if place is None:
        return ()
    link = (b.link("Where: ", place.link),) if place.link else ()
    words = (b.context(md("Where: {words}", words=place.words)),) if place.words else ()
    return (*link, *words)


def agenda_label(card: MeetingCard) -> str:
    """What the agenda's button says; its words are in no message."""
    if not card.lines:
        return "Add to the agenda"
    return "1 line on the agenda" if card.lines == 1 else f"{card.lines} lines on the agenda"


def _agenda(card: MeetingCard, label: str = "") -> b.Block:
    return b.button(label or agenda_label(card), "meetings.agenda", card.meeting.id)


def _move(card: MeetingCard) -> b.Block:
    return b.button("Move it", "meetings.move", card.meeting.id)


def _cancel(card: MeetingCard, reader: Member, label: str) -> b.Block:
    partner = first(card.pair.partner_of(reader))
    sure = b.Confirm(
        "Call it off?", f"{partner} hears that it won't take place. You can plan another.", "Call it off", "Keep it"
    )
    return b.button(label, "meetings.cancel", card.meeting.id, confirm=sure)


def _plan(card: MeetingCard, label: str) -> b.Block:
    return b.button(label, "meetings.another", card.pair.id)


def _says(words: Markup, *rows: b.Block) -> b.Message:
    return b.Message(words, (b.section(words), *rows))


def _gone_by(card: MeetingCard, reader: Member) -> b.Message | None:
    """What every message about a meeting says once there is nothing left to do about it; None while there is."""
    facts = {"when": when(card, reader), "name": first(card.pair.partner_of(reader))}
    if card.meeting.state == MeetingState.CANCELLED:
        words = md("Your meeting with {name} on *{when}* was called off.", **facts)
        again = (b.actions(_plan(card, "Plan another")),) if card.pair.is_live else ()
        return _says(words, *again)
    if not card.is_open:
        return _says(md("Your meeting with {name} was on *{when}*.", **facts))
    return None


def _ahead(card: MeetingCard, reader: Member, words: Markup, agenda: str = "") -> b.Message:
    buttons = b.actions(_move(card), _agenda(card, agenda), _cancel(card, reader, "Can't make it"))
    return _says(words, *place_rows(card), buttons)


def planned(card: MeetingCard, reader: Member) -> b.Message:
    """The partner booked a meeting."""
    words = md(
        "*{name}* booked {minutes} minutes with you: {here}.",
        name=whole(card.pair.partner_of(reader)),
        minutes=card.meeting.minutes,
        here=_here(card, reader),
    )
    return _gone_by(card, reader) or _ahead(card, reader, words)


def moved(card: MeetingCard, reader: Member) -> b.Message:
    """The partner moved a meeting."""
    words = md(
        "Your meeting with *{name}* is now on {here}, for {minutes} minutes. They moved it.",
        minutes=card.meeting.minutes,
        name=whole(card.pair.partner_of(reader)),
        here=_here(card, reader),
    )
    return _gone_by(card, reader) or _ahead(card, reader, words)


def reminded(card: MeetingCard, reader: Member) -> b.Message:
    """A day before."""
    words = md(
        "You meet *{name}* on {here}." if card.lines else "You meet *{name}* on {here}. Your agenda is empty.",
        name=whole(card.pair.partner_of(reader)),
        here=_here(card, reader),
    )
    return _gone_by(card, reader) or _ahead(card, reader, words, "" if card.lines else "Add a line")


def soon(card: MeetingCard, reader: Member) -> b.Message:
    """An hour before the first meeting."""
    words = md(
        "Your first meeting with *{name}* is on {here}. Hello is all it needs.",
        name=whole(card.pair.partner_of(reader)),
        here=_here(card, reader),
    )
    return _gone_by(card, reader) or _ahead(card, reader, words)


def cancelled(card: MeetingCard, reader: Member) -> b.Message:
    """A meeting is called off, by the reader, by the partner, or since one of them is away."""
    facts = {"name": first(card.pair.partner_of(reader)), "when": when(card, reader)}
    if not card.pair.is_live:
        return _says(md("Your meeting with {name} on *{when}* was called off.", **facts))
    if card.meeting.answered_by == reader.id:
        words = md("Called off: *{when}*. {name} hears of it from me.", **facts)
    elif card.meeting.answered_by is not None:
        words = md("{name} can't make *{when}* after all, so it is off. Shall we find another time?", **facts)
    else:
        words = md("*{when}* with {name} is off. Shall we find another time?", **facts)
    return _says(words, b.actions(_plan(card, "Plan another")))


def booked(card: MeetingCard, reader: Member) -> b.Message:
    """What one has booked or moved oneself, right after."""
    words = md(
        "Booked: *{when}*, {minutes} minutes. {name} hears of it from me.",
        when=_both(card.meeting.starts_at, reader, card.pair.partner_of(reader)),
        minutes=card.meeting.minutes,
        name=first(card.pair.partner_of(reader)),
    )
    return _gone_by(card, reader) or _says(words, *place_rows(card), b.actions(*own_buttons(card, reader)))


def placed(card: MeetingCard, reader: Member) -> b.Message:
    """Right after one said where; nobody is written to for it."""
    words = md(
        "Saved for *{when}*. {name} sees it with the meeting.",
        when=when(card, reader),
        name=first(card.pair.partner_of(reader)),
    )
    return _gone_by(card, reader) or _says(words, *place_rows(card), b.actions(*own_buttons(card, reader)))


def agenda_saved(card: MeetingCard, reader: Member) -> b.Message:
    """Right after one wrote on the agenda: how much is on it, never what."""
    words = md(
        "Saved: {lines} for *{when}*. {name} can read and add to it.",
        lines=agenda_label(card) if card.lines else "an empty agenda",
        when=when(card, reader),
        name=first(card.pair.partner_of(reader)),
    )
    return _gone_by(card, reader) or _says(words, b.actions(_agenda(card)))


def own_buttons(card: MeetingCard, reader: Member) -> tuple[b.Block, ...]:
    """What one may do with a meeting of one's own; a link is offered while there is none."""
    place = () if card.meeting.place else (b.button("Add a link", "meetings.link", card.meeting.id),)
    return (*place, _agenda(card), _move(card), _cancel(card, reader, "Call it off"))


def taken(took: Taken) -> b.Message:
    """The answer to a tap on a proposed hour."""
    partner = took.pair.partner_of(took.reader)
    if took.card is None:
        another = b.button("Another time", "meetings.another", took.pair.id)
        return b.message(md("That hour has gone by. Fresh ones stand in the message now."), another)
    if took.is_booked:
        return booked(took.card, took.reader)
    words = md(
        "You and {name} have *{when}* already, so I left it at that.",
        name=first(partner),
        when=_both(took.card.meeting.starts_at, took.reader, partner),
    )
    return _says(words, *place_rows(took.card), b.actions(*own_buttons(took.card, took.reader)))


def in_pair(facts: PairMeetings) -> tuple[b.Block, ...]:
    """A pair's meetings, in its own modal: what one has not said yet, then what comes next."""
    return (*_unsaid(facts), *_upcoming(facts))


def _unsaid(facts: PairMeetings) -> tuple[b.Block, ...]:
    if facts.unanswered is not None:
        words = md("Did you meet on *{when}*?", when=when(facts.unanswered, facts.reader))
        return (b.section(words), b.actions(*answers(facts.unanswered)))
    if facts.unrated is not None:
        words = md("You met on *{when}*. How much did it help you?", when=when(facts.unrated, facts.reader))
        return (b.section(words), b.actions(*scores(facts.unrated)))
    return ()


def scores(card: MeetingCard) -> tuple[b.Block, b.Block, b.Block]:
    """One tap on how it was."""
    return (
        b.button(SCORES[Score.MUCH], "feedback.much", card.meeting.id),
        b.button(SCORES[Score.SOME], "feedback.some", card.meeting.id),
        b.button(SCORES[Score.LITTLE], "feedback.little", card.meeting.id),
    )


def answers(card: MeetingCard) -> tuple[b.Block, b.Block, b.Block]:
    """Yes, an easy no, and what often happened instead."""
    return (
        b.button("Yes, we met", "meetings.met", card.meeting.id, "primary"),
        b.button("Not this time", "meetings.not_met", card.meeting.id),
        b.button("We moved it", "meetings.move", card.meeting.id),
    )


def _upcoming(facts: PairMeetings) -> tuple[b.Block, ...]:
    card, log = facts.upcoming, b.button("We met", "meetings.log", facts.pair.id)
    if card is None:
        plan = b.button("Plan a meeting", "meetings.another", facts.pair.id, "primary")
        return (b.section(md("*Meetings*\nNothing booked yet.")), b.actions(plan, log))
    words = [
        md("*Next meeting*"),
        md("{when}, {minutes} minutes", when=when(card, facts.reader), minutes=card.meeting.minutes),
    ]
    return (b.section(joined(words)), *place_rows(card), b.actions(*own_buttons(card, facts.reader), log))
