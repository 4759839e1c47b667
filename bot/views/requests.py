"""A request, as the mentor and the mentee see it: messages, the note, and a kind no."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from bot.rules.requests import AskCard, Declined, SearchCard
from bot.slack import blocks as b
from bot.slack.forms import Form, Words
from bot.slack.text import Markup, cut, joined, md
from bot.views import times
from bot.views.agreements import offer
from bot.views.fields import at_most
from bot.views.find import NOTE_MAX, said_enough
from bot.views.meetings import own_buttons, place_rows, slot_rows, when
from bot.views.people import at, first, seen_by, whole
from storage.models.members import Member
from storage.models.requests import AskState, SearchState

LOOKING = frozenset({SearchState.OPEN, SearchState.UNANSWERED})


def asked(card: AskCard) -> b.Message:
    """The mentor's message, as things stand now: a doorbell; the note itself is behind a button."""
    match card.ask.state:
        case AskState.WAITING if card.search.state == SearchState.OPEN:
            return _waiting(card)
        case AskState.ACCEPTED:
            return _accepted(card)
        case AskState.DECLINED:
            return _declined(card)
        case AskState.LAPSED if card.search.state in LOOKING:
            return _lapsed(card)
        case AskState.OFFERED | AskState.WITHDRAWN if card.search.state in LOOKING:
            return _offered(card)
        case _:
            return b.message(
                md("{name} is no longer looking, so there is nothing to answer here.", name=whole(card.mentee))
            )


def _offered(card: AskCard) -> b.Message:
    name = first(card.mentee)
    if card.ask.state == AskState.OFFERED:
        return b.message(md("I've told {name} you could after all. I'll write when they answer.", name=name))
    return b.message(md("{name} thanks you for the offer, and goes on with another name.", name=name))


def _waiting(card: AskCard) -> b.Message:
    words = md("*{name}* would like you as a mentor for *{topic}*.", name=whole(card.mentee), topic=card.search.topic)
    until = times.day(card.ask.due_at, card.mentor.zone) if card.ask.due_at else ""
    small = md(
        "A no is an ordinary answer. No rush before {day}; after that I ask someone else. "
        "A yes is one promise too: what you two say stays between you, except where somebody's safety is at stake.",
        day=until,
    )
    return b.Message(
        md("{name} would like you as a mentor for {topic}.", name=whole(card.mentee), topic=card.search.topic),
        (b.section(words), b.actions(*answer_buttons(card)), b.context(small)),
    )


def answer_buttons(card: AskCard) -> tuple[b.Block, b.Block, b.Block]:
    """Read, yes, and an easy no."""
    return (
        b.button("Accept", "requests.accept", card.ask.id, "primary"),
        b.button(f"Read {first(card.mentee)}'s note", "requests.read", card.ask.id),
        b.button("Not this time", "requests.decline", card.ask.id),
    )


def _accepted(card: AskCard) -> b.Message:
    words = md(
        "You're {name}'s mentor for *{topic}*. Write to {at} when you like.",
        name=first(card.mentee),
        topic=card.search.topic,
        at=at(card.mentee),
    )
    return b.Message(words, (b.section(words), *_first_meeting(card, card.mentor, card.mentee), *_undo(card)))


def _undo(card: AskCard) -> tuple[b.Block, ...]:
    if not card.can_undo:
        return ()
    undo = b.button("Undo", "requests.undo_accept", card.ask.id)
    return (b.actions(undo), b.context(md("Ten minutes to change your mind.")))


def _first_meeting(card: AskCard, reader: Member, partner: Member) -> tuple[b.Block, ...]:
    """Hours for a first half hour in both zones, or the one that is booked; nothing once it has been."""
    begun = card.begun
    if begun is None or not begun.pair.is_live or begun.pair.relationship.contact_at is not None:
        return ()
    if begun.booked is not None:
        words = md("First meeting: *{when}*.", when=when(begun.booked, reader))
        return (b.section(words), *place_rows(begun.booked), b.actions(*own_buttons(begun.booked, reader)))
    lead = md("A first half hour is plenty. When would suit you?")
    return (b.section(lead), *slot_rows(begun.pair.id, begun.slots, reader, partner))


def _declined(card: AskCard) -> b.Message:
    if not card.can_undo:
        return b.message(
            md("Thanks for telling {name} quickly; that helps. Someone else is being asked.", name=first(card.mentee))
        )
    words = md("Not this time, then. {name} hears it kindly in ten minutes.", name=first(card.mentee))
    return b.message(words, b.button("Undo", "requests.undo_decline", card.ask.id))


def _lapsed(card: AskCard) -> b.Message:
    words = md(
        "Weeks get full, so I've asked someone else for {name}. If you'd still like to, say so and I'll ask.",
        name=first(card.mentee),
    )
    return b.message(words, b.button("I could after all", "requests.accept", card.ask.id))


def reminded(card: AskCard) -> b.Message:
    """The one reminder, on the second working day."""
    until = times.day(card.ask.due_at, card.mentor.zone) if card.ask.due_at else ""
    words = md(
        "{name} is hoping for a word from you about {topic}, by {day}. Yes or no, one tap does it.",
        name=first(card.mentee),
        topic=card.search.topic,
        day=until,
    )
    return b.message(words, *answer_buttons(card))


def read(card: AskCard) -> b.Modal:
    """The mentee's own words, for the one being asked."""
    answers = card.ask.state == AskState.WAITING and card.search.state == SearchState.OPEN
    return b.Modal(
        title=cut(f"{first(card.mentee)}'s note", b.TITLE_MAX),
        callback="requests.note",
        meta=card.ask.id,
        blocks=(
            b.section(
                md(
                    "*{name}*  {at}\nWants to learn *{topic}*.",
                    name=whole(card.mentee),
                    at=at(card.mentee),
                    topic=card.search.topic,
                )
            ),
            b.section(md("*Goal*")),
            b.quote(card.search.goal),
            b.section(md("*Note*")),
            b.quote(card.note),
            *((b.actions(*_answers_in_modal(card)),) if answers else ()),
            b.context(seen_by("find.note")),
        ),
    )


def _answers_in_modal(card: AskCard) -> tuple[b.Block, b.Block]:
    yes, _, no = answer_buttons(card)
    return yes, no


def _reason(value: object) -> object:
    return Declined(str(value)) if value in set(Declined) else Declined.NO_REASON


class NoForm(Form):
    """A kind no: a reason from a short list, and perhaps somebody else."""

    reason: Annotated[Declined, BeforeValidator(_reason)] = Declined.NO_REASON
    person: str | None = None


NO_REASONS = {
    Declined.NO_ROOM: "I have no room just now",
    Declined.OTHER_FIELD: "Someone closer to the field would help more",
    Declined.NO_REASON: "No reason given",
}


def decline(card: AskCard) -> b.Modal:
    """Declining takes one tap; everything in here is optional."""
    return b.Modal(
        title="Not this time",
        callback="requests.say_no",
        submit="Say not this time",
        close="Back",
        meta=card.ask.id,
        blocks=(
            b.section(md("That's an ordinary answer. {name} will read one line:", name=first(card.mentee))),
            b.radio(
                "reason",
                "What they read",
                [b.Option(reason, words) for reason, words in NO_REASONS.items()],
                initial=Declined.NO_ROOM,
            ),
            b.person_select("person", "Someone you'd suggest instead", hint="Only if you know one.", optional=True),
            b.context(seen_by("requests.reason")),
        ),
    )


def sent(card: SearchCard) -> b.Message:
    """The mentee's own message about their search, as things stand now."""
    state = card.search.state
    if state == SearchState.WITHDRAWN:
        return _withdrawn(card)
    if state == SearchState.OPEN and card.shown is not None:
        return b.message(_asking(card.shown), *search_buttons(card))
    if state == SearchState.MATCHED and card.current is not None:
        mentor = whole(card.current.mentor)
        return b.message(md("{name} is your mentor for {topic}.", name=mentor, topic=card.search.topic))
    return unanswered(card, None, "")


def _asking(card: AskCard) -> Markup:
    """What is going on, with the hour it reaches the mentor if that is still to come."""
    zone = card.mentee.zone
    due = times.day(card.ask.due_at, zone) if card.ask.due_at else ""
    if card.ask.asked_at and not card.has_reached:
        return md(
            "{name} is away from work now, so your note reaches them {when}. They have until {due}.",
            name=whole(card.mentor),
            when=times.moment_words(card.ask.asked_at, zone),
            due=due,
        )
    return md("I've asked *{name}*, who has until {due}. I'll write either way.", name=whole(card.mentor), due=due)


def search_buttons(card: SearchCard) -> tuple[b.Block, b.Block]:
    """Edit and withdraw, while nobody has accepted."""
    return (
        b.button("Edit the note", "requests.edit", card.search.id),
        b.button("Withdraw", "requests.withdraw", card.search.id),
    )


def _withdrawn(card: SearchCard) -> b.Message:
    if not card.can_undo:
        return b.message(md("You withdrew this search. `/mentor find` begins another whenever you like."))
    words = md("Withdrawn. In ten minutes I tell whoever was being asked; until then you can take it back.")
    return b.message(words, b.button("Undo", "requests.undo_withdraw", card.search.id))


class RewriteForm(Form):
    """The note, once more."""

    note: Annotated[Words, at_most(NOTE_MAX), AfterValidator(said_enough)]


def rewrite(card: SearchCard, kept: str) -> b.Modal:
    """The note as it stands, open for changes until somebody accepts."""
    return b.Modal(
        title="Edit your note",
        callback="requests.rewrite",
        submit="Save",
        close="Back",
        meta=card.search.id,
        blocks=(
            b.text_input("note", "Your note", initial=kept or card.note, max_length=NOTE_MAX, lines=True),
            b.context(seen_by("find.note")),
        ),
    )


HOW = {
    "declined": "{name} can't take this on now.",
    "lapsed": "No answer yet from {name}, and weeks get full.",
    "away": "{name} isn't taking requests any more.",
}
WHY = {
    Declined.NO_ROOM: " They have no room just now.",
    Declined.OTHER_FIELD: " They feel someone closer to the field would help you more.",
}


def ended_words(card: AskCard, how: str) -> Markup:
    """Why a name is no longer being asked, in a sentence that blames nobody."""
    said = md(HOW.get(how, HOW["away"]), name=first(card.mentor))
    why = WHY.get(Declined(card.ask.reason), "") if card.ask.reason and how == "declined" else ""
    referral = (
        md(" They suggest talking to {name}, {at}.", name=whole(card.referred), at=at(card.referred))
        if card.referred and how == "declined"
        else Markup("")
    )
    return joined([said, md(why), referral], "")


def moved_on(ended: AskCard, following: AskCard, how: str, search: SearchCard) -> b.Message:
    """A name is done, the next is being asked."""
    words = joined([ended_words(ended, how), md("I've moved on to *{name}*.", name=whole(following.mentor))], " ")
    return b.message(words, *search_buttons(search))


def unanswered(search: SearchCard, last: AskCard | None, how: str) -> b.Message:
    """The search is over without a yes; what there is to do now."""
    lead = joined([ended_words(last, how), Markup(" ")], "") if last else Markup("")
    words = joined(
        [
            lead,
            md(
                "That was the last name for {topic}. It says nothing about you: places are few. "
                "Other words often find other people.",
                topic=search.search.topic,
            ),
        ],
        "",
    )
    return b.message(words, b.button("Look again", "find.start", style="primary"), b.button("What else?", "help.ways"))


def matched(card: AskCard) -> b.Message:
    """The mentor said yes, or has taken it back since."""
    if card.ask.state != AskState.ACCEPTED:
        return b.message(md("This yes of {name}'s was taken back a moment later.", name=first(card.mentor)))
    words = md(
        "*{name}* said yes, and is now your mentor for *{topic}*. Write to {at} when you like.",
        name=whole(card.mentor),
        topic=card.search.topic,
        at=at(card.mentor),
    )
    return b.Message(words, (b.section(words), *_first_meeting(card, card.mentee, card.mentor), *_agreement(card)))


def _agreement(card: AskCard) -> tuple[b.Block, ...]:
    """The agreement to start from, prefilled; nothing waits for a signature."""
    standing = card.begun.agreements.get(card.mentee.id) if card.begun is not None else None
    return () if standing is None else (b.divider(), *offer(standing))


def reopened(card: AskCard) -> b.Message:
    """A yes was taken back within its ten minutes."""
    until = times.day(card.ask.due_at, card.mentee.zone) if card.ask.due_at else ""
    words = md(
        "{name} pressed yes a little early and is thinking again, until {day}. Your request is as it was.",
        name=first(card.mentor),
        day=until,
    )
    return b.message(words)


def late_yes(card: AskCard) -> b.Message:
    """A yes that came after its time; the mentee decides."""
    if card.ask.state == AskState.ACCEPTED:
        return matched(card)
    if card.ask.state != AskState.OFFERED:
        return b.message(md("You stayed with your search; {name} knows.", name=first(card.mentor)))
    words = md("{name} could be your mentor after all. Would you still like that?", name=whole(card.mentor))
    return b.message(
        words,
        b.button(f"Yes, {first(card.mentor)}", "requests.take_late", card.ask.id, "primary"),
        b.button("Stay with my search", "requests.leave_late", card.ask.id),
    )


def searching(card: SearchCard) -> b.Modal:
    """The search one has running, as a modal: there is one at a time."""
    return b.Modal(title="Your search", callback="requests.running", meta=card.search.id, blocks=sent(card).blocks)
