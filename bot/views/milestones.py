"""Milestones: on the pair's page, one by one, and the doorbell on their day. Titles stay in modals."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from bot.rules.milestones import Mark, MilestonePage, NewMilestone, PairMilestones
from bot.slack import blocks as b
from bot.slack.forms import Form, Line, wrong
from bot.slack.text import Markup, joined, md
from bot.views import times
from bot.views.fields import at_most, read_day
from bot.views.people import first, seen_by
from storage.models.milestones import MilestoneState

TITLE_MAX = 120
SHOWN = 2
LISTED = 40
TEMPLATES = {
    "first_try": "A first try, shown to each other",
    "for_real": "Used once where it counts",
    "passed_on": "Explained to somebody new to it",
}


def _template(value: object) -> object:
    return value if isinstance(value, str) and value in TEMPLATES else ""


def _has_title(value: str, info: ValidationInfo) -> str:
    if not any(c.isalnum() for c in value) and not info.data.get("template"):
        raise wrong("Type a few words, or pick one above.")
    return value


class NewForm(Form):
    """A title of one's own, or one of ours; and a day."""

    template: Annotated[str, BeforeValidator(_template)]
    title: Annotated[Line, at_most(TITLE_MAX), AfterValidator(_has_title)]
    day: Annotated[date, BeforeValidator(read_day)]

    @property
    def words(self) -> str:
        """The title; one's own words come before ours."""
        return self.title or TEMPLATES[self.template]


class MoveForm(Form):
    """Another day."""

    day: Annotated[date, BeforeValidator(read_day)]


def in_pair(facts: PairMilestones) -> tuple[b.Block, ...]:
    """The next two milestones on the pair's own page, and how far the two have come."""
    if not facts.card.is_live and not facts.total:
        return ()
    pair_id = facts.card.id
    more = (b.button("All milestones", "milestones.all", pair_id),) if facts.total else ()
    new = (b.button("Set a milestone", "milestones.add", pair_id),) if facts.card.is_live else ()
    shown = (_row(mark) for mark in facts.open[:SHOWN])
    return (
        b.section(joined([md("*Milestones*"), progress(facts)], "  ")),
        *shown,
        *((b.actions(*new, *more),) if new or more else ()),
    )


def progress(facts: PairMilestones) -> Markup:
    """How far they have come, in words."""
    if not facts.total:
        return md("None yet. A day you two set for yourselves, and a word from me on that day.")
    return md("{reached} of {total} reached", reached=len(facts.reached), total=facts.total)


def _row(mark: Mark) -> b.Block:
    said = md("{title}\n{day}", title=mark.title, day=_when(mark))
    return b.section(said, b.button("Open", "milestones.open", mark.id))


def _when(mark: Mark) -> str:
    day = times.date_words(mark.on_day)
    return f"Reached, marked for {day}" if mark.state == MilestoneState.REACHED else day


def every(facts: PairMilestones) -> b.Modal:
    """All of a pair's milestones."""
    rows = [_row(mark) for mark in (*facts.open, *reversed(facts.reached))][:LISTED]
    add = (b.actions(b.button("Set a milestone", "milestones.add", facts.card.id)),) if facts.card.is_live else ()
    return b.Modal(
        title="Your milestones",
        callback="milestones.list",
        meta=facts.card.id,
        blocks=(b.section(progress(facts)), *rows, *add, b.context(seen_by("milestones.title"))),
    )


def add(page: NewMilestone) -> b.Modal:
    """A new one."""
    templates = [b.Option(key, title) for key, title in TEMPLATES.items()]
    return b.Modal(
        title="Set a milestone",
        callback="milestones.save",
        submit="Set it",
        close="Not now",
        meta=page.card.id,
        blocks=(
            b.select("template", "One of these", templates, optional=True),
            b.text_input("title", "Or your own words", initial=page.title, max_length=TITLE_MAX, optional=True),
            b.date_input("day", "The day", initial=page.day.isoformat(), hint="You can move it later."),
            b.context(seen_by("milestones.title")),
        ),
    )


def one(page: MilestonePage) -> b.Modal:
    """One milestone, with what can be done about it."""
    mark = page.mark
    return b.Modal(
        title="Milestone",
        callback="milestones.one",
        meta=mark.id,
        blocks=(
            *((b.section(_late()),) if page.is_late else ()),
            b.quote(mark.title),
            b.section(_stands(page)),
            b.actions(*_deeds(page)),
            b.context(seen_by("milestones.title")),
        ),
    )


def _late() -> Markup:
    return md("This changed before your tap arrived. Here is how it stands now.")


def _deeds(page: MilestonePage) -> tuple[b.Block, ...]:
    mark, every_one = page.mark, b.button("All milestones", "milestones.all", page.card.id)
    if not page.card.is_live:
        return (every_one,)
    if mark.state != MilestoneState.OPEN:
        return (b.button("Take it up again", "milestones.reopen", mark.id), every_one)
    return (
        b.button("Reached", "milestones.reach", mark.id, "primary"),
        b.button("Move", "milestones.moving", mark.id),
        b.button("Let it go", "milestones.drop", mark.id),
        every_one,
    )


def _stands(page: MilestonePage) -> Markup:
    mark, day = page.mark, times.date_words(page.mark.on_day)
    if mark.state == MilestoneState.REACHED:
        return md("Reached. You two had marked {day}.", day=day)
    if mark.state == MilestoneState.DROPPED:
        return md("Let go. It counts for nothing, and you can take it up again.")
    if mark.on_day == page.today:
        return md("Today, {day}.", day=day)
    return md("Marked for {day}." if mark.on_day > page.today else "It was marked for {day}.", day=day)


def move(page: MilestonePage) -> b.Modal:
    """Another day for it."""
    return b.Modal(
        title="Move the milestone",
        callback="milestones.move",
        submit="Move it",
        close="Leave it",
        meta=f"{page.mark.id} {page.mark.version}",
        blocks=(
            b.quote(page.mark.title),
            b.date_input("day", "The day", initial=max(page.mark.on_day, page.today).isoformat()),
        ),
    )


def due(page: MilestonePage) -> b.Message:
    """On the day, to both; no title in it."""
    mark, name, day = page.mark, _partner(page), times.date_words(page.mark.on_day)
    if mark.state == MilestoneState.REACHED:
        return _plain(md("Reached, on a day you and {name} marked. You two did that.", name=name), page)
    if mark.state == MilestoneState.DROPPED:
        return _plain(md("You and {name} let this one go, which is fine too.", name=name), page)
    if not page.card.is_live:
        return _plain(md("Your mentoring with {name} has come to an end, and its milestones with it.", name=name), page)
    if mark.on_day > page.today:
        return _plain(md("You and {name} moved this day to {day}.", name=name, day=day), page)
    words = (
        md("Today is a day you and {name} marked. Did you get there?", name=name)
        if mark.on_day == page.today
        else md("{day} was a day you and {name} marked. Did you get there?", name=name, day=day)
    )
    reached = b.button("Reached", "milestones.reach", mark.id, "primary")
    return b.Message(words, (b.section(words), b.actions(reached, b.button("Open it", "milestones.open", mark.id))))


def _plain(words: Markup, page: MilestonePage) -> b.Message:
    return b.Message(words, (b.section(words), b.actions(b.button("Open it", "milestones.open", page.mark.id))))


def due_line(page: MilestonePage) -> Markup:
    """The same as a line of a digest."""
    return md("You and {name} marked {day}.", name=_partner(page), day=times.date_words(page.mark.on_day))


def _partner(page: MilestonePage) -> str:
    return first(page.card.partner_of(page.reader))
