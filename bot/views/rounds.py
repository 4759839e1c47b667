"""Peers: what rounds are, a group's one message, and what follows it."""

from bot.rules.rounds import GroupCard, PeerPage
from bot.slack import blocks as b
from bot.slack.text import Markup, joined, listed, md
from bot.views import times
from bot.views.people import first, whole
from bot.views.questions import QUESTIONS
from storage.models.members import Member
from storage.models.rounds import RoundState

WHAT = "Every second Monday I introduce two or three of you to each other, with one message to start."
NO_READING = "I'm here to introduce you. I can't read this chat: I never asked for that permission."


def peers(page: PeerPage) -> b.Modal:
    """What rounds are, how one stands, and the one or two things to do about it."""
    return b.Modal(
        title="Meet your peers",
        callback="rounds.peers",
        blocks=(
            b.section(md(WHAT)),
            b.section(_standing(page)),
            b.actions(*_ways(page)),
            b.context(md("Nobody is put in who didn't ask, and you can leave any time, without a why.")),
        ),
    )


def in_home(page: PeerPage) -> tuple[b.Block, ...]:
    """How one stands, for Home: nothing for those who are not in and need not be."""
    if not page.is_in:
        return ()
    is_open = page.group is not None and page.group.group.met_at is None and len(page.group.people) > 1
    group = (b.actions(*_group_buttons(page.group)),) if page.group is not None and is_open else ()
    settings = b.button("Your rounds", "rounds.show")
    return (b.section(_standing(page), settings), *group)


def _standing(page: PeerPage) -> Markup:
    if not page.is_in:
        return md("Half an hour each time is plenty. Joining takes one tap.")
    if page.is_paused:
        return md("Your rounds are paused: nobody is waiting for you, and you can come back whenever you like.")
    if page.is_waiting:
        return md("Your group changed, and I'm finding you another. You'll hear within a day.")
    lines = [_now(page.group, page.reader)] if page.group is not None else []
    return joined([*lines, _next(page)], " ")


def _next(page: PeerPage) -> Markup:
    if page.next_at is None:
        return md("You're in.")
    day = times.day(page.next_at, page.reader.zone)
    return md("The next round begins {day}.", day=day) if page.group else md("You're in: next round {day}.", day=day)


def _now(card: GroupCard, reader: Member) -> Markup:
    names = _others(card, reader)
    if card.group.met_at is not None:
        return md("You've met {names} this round.", names=names)
    return md("This round you meet {names}.", names=names)


def _others(card: GroupCard, reader: Member) -> str:
    return listed([whole(one) for one in card.people if one.id != reader.id]) or "your peers"


def _ways(page: PeerPage) -> tuple[b.Block, ...]:
    if not page.is_in:
        return (b.button("Join", "rounds.join", style="primary"),)
    leave = b.button("Leave", "rounds.leave")
    return (b.button("Come back", "rounds.come_back", style="primary"), leave) if page.is_paused else (leave,)


def paired(card: GroupCard) -> b.Message:
    """A group's one message, as things stand now; everybody in it reads the same."""
    if not card.is_live:
        return _plain(md("This group isn't part of the round any more. You can go on talking here, of course."))
    if card.group.met_at is not None:
        return _plain(md("{names}: you've met. Good. This chat stays yours.", names=_called(card)))
    words = md("{names}, you meet this round. Half an hour is plenty.", names=_called(card))
    question = md("*To start:* {question}", question=QUESTIONS[card.group.question % len(QUESTIONS)])
    return b.Message(
        joined([md("{names}, you meet this round.", names=_named(card)), md(NO_READING)], " "),
        (
            b.section(words),
            b.section(question),
            b.actions(*_group_buttons(card)),
            b.context(md(NO_READING)),
        ),
    )


def _named(card: GroupCard) -> str:
    return listed([whole(one) for one in card.people])


def _called(card: GroupCard) -> Markup:
    *some, last = [md("*{name}*", name=whole(one)) for one in card.people]
    return joined([joined(some, ", "), last], " and ") if some else last


def _group_buttons(card: GroupCard) -> tuple[b.Block, ...]:
    yes = b.button("We met", "rounds.met", card.group.id, "primary")
    if card.round.state != RoundState.RUNNING:
        return (yes,)
    return (yes, b.button("Not this time", "rounds.not_this_time", card.group.id))


def passed_over(page: PeerPage) -> b.Message:
    """To the one who pressed "Not this time", and to nobody else."""
    if page.group is not None:
        return _plain(md("You've met this round already, so there is nothing to pass over."))
    if page.next_at is None:
        return _plain(md("That's fine, and thanks for saying so. You're out of this round."))
    words = md(
        "That's fine, and thanks for saying so. You're out of this round; the next begins {day}, and you're in it.",
        day=times.day(page.next_at, page.reader.zone),
    )
    return _plain(words)


def alone(page: PeerPage) -> b.Message:
    """To whoever was left without a group, when nobody is free."""
    words = md("This round didn't come together for you, and nobody else is free just now.")
    after = (
        md("The next begins {day}, and you're in it.", day=times.day(page.next_at, page.reader.zone))
        if page.next_at
        else md("I'll write when the next one begins.")
    )
    return _plain(joined([words, after], " "))


def ask_met(card: GroupCard, reader: Member) -> b.Message:
    """Two days before a round ends, to each of a group that said nothing; and how it stands after an answer."""
    if card.group.met_at is not None:
        return _plain(md("Noted: you met. That counts for all of you."))
    if not card.is_live or card.round.state != RoundState.RUNNING:
        return _plain(md("That round is over. `/mentor peers` shows what comes next."))
    words = md(
        "Did you and {names} meet? I only see what is tapped here, so I may have missed it.", names=_first(card, reader)
    )
    return _plain(words, b.button("We met", "rounds.say_met", card.group.id, "primary"))


def ask_met_line(card: GroupCard, reader: Member) -> Markup:
    """The same as a line of a digest."""
    return md("If you and {names} met, one tap on Home says so.", names=_first(card, reader))


def _first(card: GroupCard, reader: Member) -> str:
    return listed([first(one) for one in card.people if one.id != reader.id]) or "your peers"


def paused() -> b.Message:
    """After some rounds without a yes: paused, with the way back."""
    words = md(
        "I haven't heard of a meeting in your last rounds, and I may have missed some. "
        "I've paused your rounds, so that nobody waits."
    )
    return _plain(words, b.button("Come back", "rounds.come_back", style="primary"))


def paused_line() -> Markup:
    """The same as a line of a digest."""
    return md("Your rounds are paused; `/mentor peers` brings you back.")


def _plain(words: Markup, *buttons: b.Block) -> b.Message:
    return b.Message(words, (b.section(words), *((b.actions(*buttons),) if buttons else ())))
