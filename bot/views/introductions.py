"""Introductions as messages: to the mentee, to the contact, to the three, and what mentor and mentee are told."""

from bot.rules.introductions import IntroductionCard, PairIntroductions, WaitingIntroductions
from bot.slack import blocks as b
from bot.slack.text import Markup, joined, md
from bot.views import times
from bot.views.people import at, first, whole
from bot.views.rounds import NO_READING
from storage.models.introductions import IntroductionState
from storage.models.members import Member

SHOWN = 2
GROUP = "a group message for the three of you."


def where(card: IntroductionCard, lead: str) -> b.Block:
    """The place, named by Slack itself where it is a channel."""
    if card.row.place:
        return b.channel_line(lead, card.row.place, ", which everybody here can read.")
    return b.section(md("{lead} {group}", lead=lead.strip(), group=GROUP))


def words(card: IntroductionCard) -> tuple[b.Block, ...]:
    """The agreed words, exactly."""
    return (b.section(md("*Why you two*")), b.quote(card.why), b.section(md("*One ask*")), b.quote(card.wish))


def drafted(card: IntroductionCard) -> b.Message:
    """The mentee's message: a doorbell, and how it stands afterwards."""
    if card.waits_for_mentee:
        said = md(
            "{mentor} would like to introduce you to {contact}, and has drafted the words. You read them first.",
            mentor=first(card.mentor),
            contact=whole(card.contact),
        )
        read = b.button("Read and edit", "introductions.open", card.id, "primary")
        return b.message(said, read, b.button("Rather not", "introductions.rather_not", card.id))
    return b.message(stands(card, card.mentee), *_open(card))


def _open(card: IntroductionCard) -> tuple[b.Block, ...]:
    if card.seems == IntroductionState.DROPPED:
        return ()
    return (b.button("Read it", "introductions.open", card.id),)


def asked(card: IntroductionCard) -> b.Message:
    """The contact's message: who suggested this, the exact words, and four ways; afterwards how it stands."""
    if card.stands == IntroductionState.ASKED and card.can_answer:
        return _asking(card)
    said = _answered(card)
    buttons = _after(card)
    return b.Message(said, (b.section(said), *((b.actions(*buttons),) if buttons else ())))


def _asking(card: IntroductionCard) -> b.Message:
    said = md(
        "{mentor} would like to introduce you to {mentee}. One chat, {minutes} minutes.",
        mentor=whole(card.mentor),
        mentee=whole(card.mentee),
        minutes=card.row.minutes,
    )
    lead = md(
        "*{mentor}* would like to introduce you to *{mentee}*, whom they mentor. One chat, {minutes} minutes.",
        mentor=whole(card.mentor),
        mentee=whole(card.mentee),
        minutes=card.row.minutes,
    )
    return b.Message(
        said,
        (
            b.section(lead),
            *words(card),
            where(card, "After a yes, I introduce you in "),
            b.actions(
                b.button("Yes, introduce us", "introductions.yes", card.id, "primary"),
                b.button("Not now", "introductions.not_now", card.id),
                b.button("Don't ask me again", "introductions.never", card.id),
                b.button("What is this?", "introductions.what", card.id),
            ),
            b.context(md("No reminder follows. Not answering is fine too, and looks the same to them.")),
        ),
    )


def _answered(card: IntroductionCard) -> Markup:
    mentee, mentor = first(card.mentee), first(card.mentor)
    match card.stands:
        case IntroductionState.MADE:
            place = "the channel they chose" if card.row.place else "a group message"
            return md("Thank you. I introduce you and {mentee} in {place}.", mentee=mentee, place=place)
        case IntroductionState.AGREED:
            return md("Thank you. Slack held my message up; {mentor} is trying again.", mentor=mentor)
        case IntroductionState.DECLINED if card.can_answer:
            return joined([md("That's fine. Nobody hears who said no."), _closed(card)], " ")
        case IntroductionState.DROPPED:
            return joined([md("This isn't needed any more, so nothing waits for you here."), _closed(card)], " ")
    lapsed = md("This one has lapsed, and nobody waits. If you'd still like to, write to {at}.", at=at(card.mentor))
    return joined([lapsed, _closed(card)], " ")


def _closed(card: IntroductionCard) -> Markup:
    return md("I won't ask you again.") if card.is_closed else md("")


def _after(card: IntroductionCard) -> tuple[b.Block, ...]:
    again = (b.button("You may ask me again", "introductions.may_again", card.id),) if card.is_closed else ()
    if card.stands != IntroductionState.DECLINED or not card.can_answer:
        return again
    never = b.button("Don't ask me again", "introductions.never", card.id)
    return (b.button("Yes after all", "introductions.yes", card.id), *(again or (never,)))


def made(card: IntroductionCard) -> b.Message:
    """The one message that introduces them: who, why and one ask, in the words all have agreed to."""
    lead = md(
        "*{contact}* ({contact_at}), meet *{mentee}* ({mentee_at}). *{mentor}* thought you two should talk.",
        contact=whole(card.contact),
        contact_at=at(card.contact),
        mentee=whole(card.mentee),
        mentee_at=at(card.mentee),
        mentor=whole(card.mentor),
    )
    said = md("{contact}, meet {mentee}.", contact=whole(card.contact), mentee=whole(card.mentee))
    small = md("You've all agreed to these words. {minutes} minutes is plenty.", minutes=card.row.minutes)
    reading = () if card.row.place else (b.context(md(NO_READING)),)
    text = said if card.row.place else joined([said, md(NO_READING)], " ")
    return b.Message(text, (b.section(lead), *words(card), b.context(small), *reading))


def told(card: IntroductionCard, reader: Member) -> b.Message:
    """What mentor and mentee are told: where it is, that nothing came of it, or what else there is to do."""
    said = stands(card, reader)
    place = (where(card, "It's in "),) if card.stands == IntroductionState.MADE and card.row.place else ()
    return b.Message(said, (b.section(said), *place, *ways(card, reader)))


def ways(card: IntroductionCard, reader: Member) -> tuple[b.Block, ...]:
    """The one button that fits, if any."""
    is_mentor = card.pair.is_mentor(reader)
    match card.seems:
        case IntroductionState.AGREED if is_mentor and card.is_wanted:
            button = b.button("Try again", "introductions.elsewhere", card.id, "primary")
        case IntroductionState.LAPSED | IntroductionState.DROPPED if is_mentor and card.pair.is_live:
            button = b.button("Suggest somebody else", "introductions.draft", card.pair.id)
        case IntroductionState.DRAFTED if is_mentor:
            button = b.button("Take it back", "introductions.take_back", card.id)
        case _:
            return ()
    return (b.actions(button),)


def stands(card: IntroductionCard, reader: Member) -> Markup:
    """How it stands for mentor or mentee; a no is never told from a silence."""
    contact = whole(card.contact)
    match card.seems:
        case IntroductionState.DRAFTED:
            return _unread(card, reader)
        case IntroductionState.ASKED:
            return _sent(card, reader)
        case IntroductionState.AGREED:
            return _refused(card, reader)
        case IntroductionState.MADE:
            place = "the channel you two chose" if card.row.place else "a group message with the three of you"
            return md("{contact} said yes. The introduction is in {place}.", contact=contact, place=place)
        case IntroductionState.LAPSED:
            return md(
                "Nothing has come of the introduction to {contact}; weeks get full, and it's nobody's fault. "
                "Somebody else may fit as well.",
                contact=contact,
            )
    return _dropped(card, reader)


def _unread(card: IntroductionCard, reader: Member) -> Markup:
    contact = whole(card.contact)
    if card.pair.is_mentor(reader):
        name = first(card.mentee)
        return md("{name} reads your words about {contact} first. Nothing is sent yet.", name=name, contact=contact)
    return md("{name}'s draft about {contact} waits for you.", name=first(card.mentor), contact=contact)


def _refused(card: IntroductionCard, reader: Member) -> Markup:
    contact = whole(card.contact)
    if card.pair.is_mentor(reader):
        said = "{contact} said yes, but Slack wouldn't take my message there. Nothing is lost: try again."
        return md(said, contact=contact)
    return md("{contact} said yes. {mentor} is trying again.", contact=contact, mentor=first(card.mentor))


def _sent(card: IntroductionCard, reader: Member) -> Markup:
    return md(
        "{contact} was asked, and reads the words as agreed; they stay as they are. You hear by {day}, either way.",
        contact=whole(card.contact),
        day=times.day(card.row.due_at or card.now, reader.zone),
    )


def _dropped(card: IntroductionCard, reader: Member) -> Markup:
    contact = whole(card.contact)
    if card.row.asked_at is not None or card.row.answered_at is None:
        return md("The introduction to {contact} isn't on its way any more, so nothing waits for you.", contact=contact)
    if card.pair.is_mentor(reader):
        return md(
            "{mentee} would rather leave the introduction to {contact} for now. {contact} was never asked.",
            mentee=first(card.mentee),
            contact=contact,
        )
    return md("That's fine. {mentor} reads one neutral line, and nothing was sent.", mentor=first(card.mentor))


def in_pair(facts: PairIntroductions) -> tuple[b.Block, ...]:
    """A pair's introductions on its own page: for the mentor with the way to a new one."""
    rows = [_row(card, facts.reader) for card in facts.shown[:SHOWN]] if facts.card.is_live else []
    if not facts.card.is_live or not (rows or facts.is_mentor):
        return ()
    name = first(facts.card.mentee)
    new = b.button(f"Introduce {name}", "introductions.draft", facts.card.id)
    lead = b.section(md("*Introductions*"), new) if facts.is_mentor else b.section(md("*Introductions*"))
    return (lead, *rows)


def _row(card: IntroductionCard, reader: Member) -> b.Block:
    is_hers = card.waits_for_mentee and not card.pair.is_mentor(reader)
    return b.section(
        stands(card, reader), b.button("Read and edit" if is_hers else "Open", "introductions.open", card.id)
    )


def on_home(facts: WaitingIntroductions) -> tuple[b.Block, ...]:
    """What waits for somebody, for Home: nothing where nothing does."""
    drafts = [_row(card, facts.reader) for card in facts.drafts]
    asks = [b.section(_wished(card), b.button("Read it", "introductions.open", card.id)) for card in facts.asks]
    return (*drafts, *asks)


def _wished(card: IntroductionCard) -> Markup:
    return md("{mentor} would like to introduce you to {mentee}.", mentor=whole(card.mentor), mentee=whole(card.mentee))
