"""Words for every refusal: what happened, then what they can do."""

from collections.abc import Callable
from typing import Any

from bot import errors
from bot.rules.introductions import Unfit
from bot.rules.permissions import Standing
from bot.slack.blocks import Message, section
from bot.slack.text import Markup, listed, md
from bot.views import times

Words = Callable[[Any], Markup]

NOT_INSTALLED = "I'm not installed in this workspace any more. Whoever looks after apps here can add me again."

STANDINGS = {
    Standing.GUEST: "Mentoring here is open to members of this workspace, and you are here as a guest. "
    "An organiser can tell you more: `/mentor help` says who they are.",
    Standing.STRANGER: "You're from another organisation, and mentoring here is for this one's members.",
    Standing.GONE: "This account isn't active any more, so nothing was changed.",
    Standing.BOT: "Mentoring is for people.",
}

CONTACTS = {
    Unfit.ONESELF: "That's you. Pick somebody your mentee doesn't know yet.",
    Unfit.PARTNER: "{name} is who you'd introduce. Pick somebody new to them.",
    Unfit.BOT: "{name} is an app, and introductions are between people. Pick a person.",
    Unfit.GUEST: "{name} is here as a guest, and introductions are for members. Pick a member.",
    Unfit.STRANGER: "{name} is from another organisation, and introductions stay within this one. Pick a member.",
    Unfit.GONE: "{name} isn't here any more. Somebody else may fit too, and your words are kept.",
    Unfit.UNKNOWN: "I haven't met this person yet, so I can't ask them. Pick somebody else, or try again tomorrow.",
    Unfit.ON_ITS_WAY: "An introduction of these two is on its way already. It's on your mentee's page.",
    Unfit.CLOSED: "{name} can't be asked just now. That says nothing about you, and your words are kept. "
    "Somebody else may fit too.",
}


def _not_for_you(error: errors.NotForYouError) -> Markup:
    words = STANDINGS.get(Standing(error.standing), "That isn't open to you here. `/mentor help` shows what is.")
    return md(words)


def _unknown_command(error: errors.UnknownCommandError) -> Markup:
    words = listed([f"`{word}`" for word in error.words], "or")
    if error.nearest:
        return md(
            "I don't know `{typed}`. Did you mean `/mentor {nearest}`? I also know {words}.",
            typed=error.typed.replace("`", "'"),
            nearest=error.nearest,
            words=md(words),
        )
    return md("I don't know `{typed}`. I know {words}.", typed=error.typed.replace("`", "'"), words=md(words))


WORDS: dict[type[errors.MentorError], Words] = {
    errors.NotForYouError: _not_for_you,
    errors.UnknownCommandError: _unknown_command,
    errors.NotYoursError: lambda _: md(
        "That one isn't yours to answer, or it is gone. Your own things are on the Home tab."
    ),
    errors.NotAnOrganiserError: lambda _: md(
        "Only organisers can do this, and you aren't one here now. `/mentor help` says who they are."
    ),
    errors.UnknownButtonError: lambda _: md(
        "That button is from before an update. The Home tab has everything that still works."
    ),
    errors.MentorIsFullError: lambda e: md(
        "Your {places} {word} taken. Say not this time, or add a place with `/mentor profile` and accept then.",
        places=e.places,
        word="place is" if e.places == 1 else "places are",
    ),
    errors.YouHaveLeftError: lambda _: md(
        "You've left mentoring, so nobody new can be yours. *Stay after all* on the Home tab first, then accept; "
        "past the ten minutes, `/mentor profile` brings you back."
    ),
    errors.MentorTakenError: lambda e: md(
        "{name} can't be asked just now. Pick another name; nothing you wrote is lost.", name=e.name
    ),
    errors.AlreadySearchingError: lambda _: md(
        "You have a search running, and one at a time keeps it kind to mentors. "
        "`/mentor find` shows it; withdraw it there to begin another."
    ),
    errors.TooLateToUndoError: lambda _: md(
        "Ten minutes have passed, or the other side has acted, so this can't be undone. "
        "The Home tab shows how things stand."
    ),
    errors.PlacesInUseError: lambda e: md(
        "You have {taken} {word} now, so places can't go below that. To take nobody new, choose *Not now* instead.",
        taken=e.taken,
        word="mentee" if e.taken == 1 else "mentees",
    ),
    errors.AskIsOverError: lambda _: md("This request is over: it was answered, withdrawn or moved on meanwhile."),
    errors.SearchIsOverError: lambda _: md(
        "This search is over, or nobody on it can be asked just now. `/mentor find` begins a new one."
    ),
    errors.PairIsOverError: lambda e: md(
        "Your mentoring with {name} has come to an end, so this can't be done any more. "
        "`/mentor find` begins something new.",
        name=e.name,
    ),
    errors.PastMomentError: lambda _: md("That moment has gone by on your clock. A later day or hour will do."),
    errors.TooFarAheadError: lambda _: md("That's more than a year ahead. Did the year slip? A nearer day will do."),
    errors.MomentTakenError: lambda _: md("You two have a meeting at that very moment already. Another hour will do."),
    errors.UnsafePlaceError: lambda _: md(
        "I can pass on a web link that begins with https://, a phone number, or a few plain words. Anything else "
        "could do harm when pressed."
    ),
    errors.MeetingMovedError: lambda e: md(
        "It was moved while this was open, and is now {when}. If that doesn't suit, close this and open it again.",
        when=times.moment_words(e.starts_at, e.zone),
    ),
    errors.MeetingIsOverError: lambda _: md(
        "This meeting was cancelled, or has been answered for, so it stays as it is. You can plan another any time."
    ),
    errors.TermRefusedError: lambda e: md(
        "{why} Pick a day from {earliest} to {latest}.",
        why="That day has passed." if e.is_past else "A term runs from one month to twelve.",
        earliest=times.date_words(e.earliest),
        latest=times.date_words(e.latest),
    ),
    errors.DayRefusedError: lambda e: md(
        "{why} Pick one from today to {latest}.",
        why="That day has passed." if e.is_past else "That day is a long way off.",
        latest=times.date_words(e.latest),
    ),
    errors.TooManyMilestonesError: lambda e: md(
        "You two have {most} milestones open, and that's as many as stay in sight. Reach one or let one go first.",
        most=e.most,
    ),
    errors.GroupIsOverError: lambda _: md(
        "This group's round is over for you, or you're in another group now. `/mentor peers` shows how things stand."
    ),
    errors.AwayInThePastError: lambda _: md(
        "Pick the day you're back: tomorrow or later. To say you're here now, leave it empty."
    ),
    errors.AwayTooLongError: lambda _: md(
        "That's more than a year off. Pick a nearer day; you can move it when it comes."
    ),
    errors.ContactRefusedError: lambda e: md(CONTACTS[Unfit(e.why)], name=e.name),
    errors.BusyError: lambda _: md(
        "That didn't save: my notebook didn't open in time. Nothing is lost; please try again in a minute."
    ),
}


def refusal(error: errors.MentorError) -> Markup:
    """The words for one refusal."""
    return WORDS[type(error)](error)


def refusal_message(error: errors.MentorError) -> Message:
    """The same as a message for one person."""
    words = refusal(error)
    return Message(words, (section(words),))


def crash(reference: str) -> Markup:
    """Words for what nobody foresaw; the reference is also in the log."""
    return md(
        "That didn't work, and it's my fault, not yours. Please try again; if it happens twice, "
        "tell whoever runs me this reference: `{reference}`.",
        reference=reference,
    )


def crash_message(reference: str) -> Message:
    """The same as a message for one person."""
    return Message(crash(reference), (section(crash(reference)),))


FIELD_UNREAD = "I couldn't read this. Please type it once more."
