"""The weekly digest: at most seven lines, each of which a button below leads on from."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from bot.rules.digests import Coming, ComingKind, Meet, Overseen, Proud, Week
from bot.slack import blocks as b
from bot.slack.text import Markup, md
from bot.views import times
from bot.views.people import first, whole

DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def weekly(week: Week, lines: Sequence[Markup]) -> b.Message:
    """One person's week: what waited for it, what lies ahead, what was done, and perhaps somebody to meet."""
    said = [*_overseen(week.overseen), *(_coming(each, week) for each in week.coming), *lines]
    said += [*_proud(week.proud), *_meet(week.meet)]
    more = f", and {number_words(len(said) - 1)} more" if len(said) > 1 else ""
    return b.Message(
        md("Your week. {first}{more}", first=Markup(said[0].value.removesuffix(".")), more=f"{more}."),
        (
            b.header("Your week"),
            *b.paragraphs(md("•  {line}", line=line) for line in said),
            b.actions(*_buttons(week)),
            b.context(_rhythm(week)),
        ),
    )


def together(lines: Sequence[Markup]) -> b.Message:
    """Several things that came at once, told as one."""
    lead = "You have one thing." if len(lines) == 1 else f"You have {number_words(len(lines))} things."
    more = f", and {number_words(len(lines) - 1)} more" if len(lines) > 1 else ""
    return b.Message(
        md("{lead} {first}{more}", lead=lead, first=Markup(lines[0].value.removesuffix(".")), more=f"{more}."),
        (
            b.section(md("*{lead}*", lead=lead)),
            *b.paragraphs(md("•  {line}", line=line) for line in lines),
            b.actions(b.button("What's next", "home.next_steps", style="primary")),
        ),
    )


def number_words(number: int) -> str:
    """Small numbers as one says them."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def _coming(each: Coming, week: Week) -> Markup:
    name, zone = whole(each.partner), week.reader.zone
    match each.kind:
        case ComingKind.REQUEST:
            until = times.day(each.at, zone) if each.at else ""
            return md("*{name}* hopes for your word on *{topic}*, by {day}.", name=name, topic=each.topic, day=until)
        case ComingKind.MEETING:
            when = times.moment_words(each.at, zone) if each.at else ""
            return md("*{when}*: you meet {name}.", when=when, name=name)
        case ComingKind.AGREEMENT:
            return md("What you and {name} agreed on waits for your yes.", name=name)
        case ComingKind.CHECKIN:
            return md("How it goes with {name}: three taps, still open.", name=name)
        case ComingKind.MILESTONE:
            return md("*{day}*: a milestone with {name}.", day=_day(each.day), name=name)


def _day(day: date | None) -> str:
    return times.day(datetime.combine(day, time(12), UTC), "UTC") if day else ""


def _proud(done: Proud | None) -> list[Markup]:
    if done is None:
        return []
    said = []
    if done.met:
        so_far = f"{number_words(done.met).capitalize()} meeting{'' if done.met == 1 else 's'} so far"
        this_week = f", {number_words(done.met_this_week)} of them this week" if done.met_this_week else ""
        said.append(f"{so_far}{this_week if done.met > 1 else ''}.")
    if done.reached_this_week:
        many = "" if done.reached_this_week == 1 else "s"
        said.append(f"{number_words(done.reached_this_week).capitalize()} milestone{many} reached this week.")
    return [md(" ".join(said))]


def _meet(meet: Meet | None) -> list[Markup]:
    if meet is None:
        return []
    if meet.person is None:
        return [md("Colleagues meet here every second week, two or three at a time: `/mentor peers`.")]
    return [md("{name} knows {skill}, and has a free place.", name=whole(meet.person), skill=meet.skill)]


def _overseen(seen: Overseen | None) -> list[Markup]:
    if seen is None:
        return []
    parts = []
    if seen.quiet:
        parts.append(f"{number_words(seen.quiet)} {'pair has' if seen.quiet == 1 else 'pairs have'} gone quiet")
    if seen.unanswered:
        many = "search" if seen.unanswered == 1 else "searches"
        parts.append(f"{number_words(seen.unanswered)} {many} ended without a yes")
    return [md("You organise: {parts}.", parts=", ".join(parts))]


def _buttons(week: Week) -> list[b.Block]:
    """The way on, and at most one for the request that waits longest and one for somebody to meet."""
    asked = next((each for each in week.coming if each.kind is ComingKind.REQUEST), None)
    buttons = [b.button("What's next", "home.next_steps", style="primary")]
    if asked is not None:
        buttons.append(b.button(f"Read {first(asked.partner)}'s note", "requests.read", asked.subject_id))
    if week.meet is not None and week.meet.person is not None:
        buttons.append(b.button("Find a mentor", "find.start"))
    return [*buttons, b.button("Change day or hour", "preferences.open")]


def _rhythm(week: Week) -> Markup:
    return md(
        "{days} between {hour}:00 and {end}:00, and only when there is something.",
        days=DAYS[week.day],
        hour=week.hour,
        end=week.hour + 1,
    )
