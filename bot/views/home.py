"""App Home: for someone new, a mentee, a mentor, and an organiser, each only what is theirs."""

from bot.rules.home import HomePage, Overview
from bot.rules.relationships import PairPage, Standing, Waits
from bot.slack import blocks as b
from bot.slack.text import Markup, joined, listed, md
from bot.views import checkins, introductions, requests, rounds, silence, times
from bot.views.people import at, first, whole
from storage.models.relationships import RelationshipState
from storage.models.requests import SearchState

WAITS = {
    Waits.MEETING: "whether you met",
    Waits.SIGNATURE: "your signature",
    Waits.CLOSING: "how to go on",
    Waits.CHECKIN: "a check-in",
}
STANDINGS = {
    Standing.GOING: "",
    Standing.QUIET: "  ·  quiet",
    Standing.ASLEEP: "  ·  resting",
    Standing.AWAY: "  ·  away",
}
BlockRun = tuple[b.Block, ...]


def home(page: HomePage) -> b.Home:
    """Everything for one person, most urgent first."""
    return b.Home((*_greeting(page), *_person(page), *_organising(page), *_foot(page)))


def next_steps(page: HomePage) -> b.Message:
    """What is next for somebody, as a message: the same as Home, shortened to what waits."""
    lead = _next_line(page)
    return b.Message(lead, (b.section(lead), *_search(page), *_row(*_ways(page))))


def _greeting(page: HomePage) -> BlockRun:
    quiet = silence.for_everybody() if page.is_silenced and page.overview is None else ()
    return (b.header(f"Hello {first(page.member)}"), b.section(_next_line(page)), *quiet)


def _next_line(page: HomePage) -> Markup:
    """One line for where somebody stands."""
    if page.can_undo_leave:
        return md("You've left mentoring. For ten minutes you can still stay.")
    if page.waiting:
        return md("{people} hoping for your answer.", people=_count(len(page.waiting), "person is", "people are"))
    if page.search is not None and page.search.shown is not None:
        return md("You're waiting for {name}.", name=first(page.search.shown.mentor))
    if page.begun is not None:
        return md("You began looking for someone to learn *{topic}* with.", topic=page.begun.topic)
    return _standing_line(page)


def _standing_line(page: HomePage) -> Markup:
    """The line of somebody for whom nothing waits."""
    if page.pairs:
        return md("You're {pairs}.", pairs=listed([_pair_words(pair) for pair in page.pairs]))
    if page.profile.has_joined and page.profile.teaches:
        return md(
            "Nothing waits for you. People can ask you about {skills}.", skills=listed(list(page.profile.teaches))
        )
    if page.profile.has_joined:
        return md("You've joined. When you're ready, find someone to learn from.")
    return md("Find someone who has done what you want to do. Two questions, and you see who could help.")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _pair_words(pair: PairPage) -> str:
    return f"{first(pair.partner)}'s mentor" if pair.is_mentor else f"mentored by {first(pair.partner)}"


def _ways(page: HomePage) -> BlockRun:
    """The buttons that fit where somebody stands."""
    if page.can_undo_leave:
        return (b.button("Stay after all", "profiles.undo_leave", style="primary"),)
    edit = b.button("My profile" if page.profile.has_joined else "Offer to mentor", "profiles.edit")
    if _is_searching(page):
        return ()
    if page.begun is not None:
        return (
            b.button("Carry on", "find.carry_on", style="primary"),
            b.button("Start again", "find.forget"),
            edit,
        )
    return (b.button("Find a mentor", "find.start", style="primary"), edit)


def _row(*buttons: b.Block) -> BlockRun:
    return (b.actions(*buttons),) if buttons else ()


def _is_searching(page: HomePage) -> bool:
    return page.search is not None and page.search.search.state != SearchState.UNANSWERED


def _person(page: HomePage) -> BlockRun:
    return (
        *_waiting(page),
        *_search(page),
        *checkins.on_home(page.checkins),
        *introductions.on_home(page.introductions),
        *_row(*_ways(page)),
        *_pairs(page),
        *rounds.in_home(page.peers),
    )


def _waiting(page: HomePage) -> BlockRun:
    run: list[b.Block] = []
    for card in page.waiting:
        until = times.day(card.ask.due_at, page.member.zone) if card.ask.due_at else ""
        line = md(
            "*{name}* would like you as a mentor for *{topic}*. No rush before {day}.",
            name=whole(card.mentee),
            topic=card.search.topic,
            day=until,
        )
        run += [b.section(line), b.actions(*requests.answer_buttons(card))]
    return tuple(run)


def _search(page: HomePage) -> BlockRun:
    return () if page.search is None else requests.sent(page.search).blocks


def _pairs(page: HomePage) -> BlockRun:
    if not page.pairs:
        return ()
    rows = (b.section(_pair(pair), b.button("Open", "relationships.show", pair.card.id)) for pair in page.pairs)
    return (b.divider(), b.header("Your mentoring"), *rows)


def _pair(pair: PairPage) -> Markup:
    row, zone = pair.card.relationship, pair.reader.zone
    who = md(
        "{role} *{name}* ({at})",
        role="You mentor" if pair.is_mentor else "Mentored by",
        name=whole(pair.partner),
        at=at(pair.partner),
    )
    what = md("{topic}, since {day}", topic=row.topic, day=times.day(row.started_at, zone))
    return joined([who, what, *_what_is_next(pair)])


def _what_is_next(pair: PairPage) -> list[Markup]:
    """What waits in a pair, else its next meeting; each is one tap away behind Open."""
    if pair.is_stopping:
        return [md("You've stopped; Open takes it back, for ten minutes.")]
    if pair.waits:
        return [md("Waiting for you: {what}.", what=listed([WAITS[what] for what in pair.waits]))]
    booked = pair.meetings.upcoming
    if booked is not None:
        return [md("You meet on {when}.", when=times.moment_words(booked.meeting.starts_at, pair.reader.zone))]
    if pair.card.relationship.state == RelationshipState.ASLEEP:
        return [md("Resting. One tap wakes it.")]
    return [md("No meeting is booked here yet.")]


def _organising(page: HomePage) -> BlockRun:
    if page.overview is None:
        return ()
    seen = page.overview
    return (
        b.divider(),
        b.header("For organisers"),
        b.section(_counts(seen)),
        *_states(page, seen),
        *_endings(seen),
        *silence.on_home(seen.silence, page.member.zone),
        b.context(md("States and counts only. Nobody's words are ever shown here.")),
    )


def _counts(seen: Overview) -> Markup:
    return md(
        "*{joined}* joined  ·  *{searching}* looking  ·  *{places}* free places  ·  *{pairs}* pairs",
        joined=seen.joined,
        searching=seen.searching,
        places=seen.free_places,
        pairs=seen.active_pairs,
    )


def _endings(seen: Overview) -> BlockRun:
    if not seen.finished and not seen.ended_early:
        return ()
    words = md(
        "In the last ninety days *{finished}* finished and *{early}* ended early. Who asked, and why, is theirs alone.",
        finished=seen.finished,
        early=seen.ended_early,
    )
    return (b.section(words),)


def _states(page: HomePage, seen: Overview) -> BlockRun:
    zone = page.member.zone
    waiting = [
        md("•  {a} waits for {b}, since {day}", a=whole(w.mentee), b=whole(w.mentor), day=times.day(w.since, zone))
        for w in seen.waiting
    ]
    pairs = [
        md(
            "•  {a} with {b}, since {day}{state}",
            a=whole(p.mentee),
            b=whole(p.mentor),
            day=times.day(p.since, zone),
            state=STANDINGS[p.standing],
        )
        for p in seen.pairs
    ]
    run: list[b.Block] = []
    if waiting:
        run += b.paragraphs([md("*Unanswered requests*"), *waiting])
    if pairs:
        run += b.paragraphs([md("*Pairs*"), *pairs])
    if not waiting and not pairs:
        run.append(b.section(md("Nothing waits. When people ask and pair up, you see it here.")))
    return tuple(run)


def _foot(page: HomePage) -> BlockRun:
    buttons = [
        b.button("Help", "help.ways"),
        b.button("Settings", "preferences.open"),
        b.button("Something isn't right", "help.worry"),
    ]
    if _is_searching(page):
        buttons.insert(0, b.button("My profile", "profiles.edit"))
    if page.profile.has_joined:
        buttons.append(b.button("Leave mentoring", "profiles.leaving"))
    return (b.divider(), b.actions(*buttons))
