"""A profile, and leaving."""

from typing import Annotated

from pydantic import AfterValidator

from bot.rules.policy import PLACES, PLACES_MOST
from bot.rules.profiles import Answers, LeavePage, ProfilePage
from bot.rules.skills import parse_skills
from bot.slack import blocks as b
from bot.slack.forms import Form, Line, wrong
from bot.slack.text import Markup, joined, listed, md
from bot.views.fields import at_most
from bot.views.find import GOAL_MAX
from bot.views.people import first, seen_by

SKILLS_MAX = 300
OPEN, CLOSED = "open", "closed"


def _skills(value: str) -> str:
    if value and not parse_skills(value):
        raise wrong("Name a thing or two in words, with commas between, such as: Python, public speaking.")
    return value


def _room(value: str | None) -> str:
    value = value or f"{OPEN}-{PLACES.value}"
    if value not in {option.value for option in room_options()}:
        raise wrong(f"Choose between 1 and {PLACES_MOST.value}, please.")
    return value


class ProfileForm(Form):
    """Everything a profile holds; every field may stay empty."""

    teaches: Annotated[Line, at_most(SKILLS_MAX), AfterValidator(_skills)] = ""
    learns: Annotated[Line, at_most(SKILLS_MAX), AfterValidator(_skills)] = ""
    goal: Annotated[Line, at_most(GOAL_MAX)] = ""
    languages: Annotated[Line, at_most(SKILLS_MAX), AfterValidator(_skills)] = ""
    room: Annotated[str | None, AfterValidator(_room)] = f"{OPEN}-{PLACES.value}"

    def answers(self) -> Answers:
        """The form as the service takes it: one choice holds both the number of places and being open."""
        state, _, places = _room(self.room).partition("-")
        return Answers(self.teaches, self.learns, self.goal, self.languages, int(places), is_open=state == OPEN)


def edit(page: ProfilePage, kept: dict[str, str]) -> b.Modal:
    """The whole profile: five fields, none of them required."""
    profile = page.profile
    room = f"{OPEN if profile is None or profile.is_open else CLOSED}-{_places_of(page)}"
    return b.Modal(
        title="Your profile",
        callback="profiles.save",
        submit="Save",
        close="Back",
        blocks=(
            *(() if page.has_joined else (b.section(md("Saving this is joining. Everything can stay empty.")),)),
            _skills_field("teaches", "I can help others with", "SQL, giving feedback", kept, page.teaches),
            b.select("room", "Mentees at a time", room_options(), initial=kept.get("room", room)),
            _skills_field("learns", "I want to learn", "data analysis", kept, page.learns),
            b.text_input(
                "goal",
                "One goal",
                initial=kept.get("goal", profile.goal if profile else ""),
                max_length=GOAL_MAX,
                optional=True,
            ),
            _skills_field(
                "languages",
                "Languages I'm at ease in",
                "English, Portuguese",
                kept,
                profile.languages if profile else (),
            ),
            b.context(joined([seen_by("profiles.skills"), md("Your goal is for you and the mentor you ask.")], " ")),
        ),
    )


def _skills_field(
    field: str, label: str, example: str, kept: dict[str, str], now: tuple[str, ...] | list[str]
) -> b.Block:
    return b.text_input(
        field,
        label,
        placeholder=example,
        initial=kept.get(field, ", ".join(now)),
        max_length=SKILLS_MAX,
        optional=True,
    )


def _places_of(page: ProfilePage) -> int:
    return page.profile.places if page.profile and page.profile.places else PLACES.value


def room_options() -> list[b.Option]:
    """How many mentees, or none new for now."""
    numbers = range(1, PLACES_MOST.value + 1)
    is_open = [b.Option(f"{OPEN}-{n}", "One" if n == 1 else f"Up to {n}") for n in numbers]
    closed = [b.Option(f"{CLOSED}-{n}", f"Not now (later up to {n})") for n in numbers]
    return is_open + closed


def saved(page: ProfilePage) -> b.Modal:
    """What others can find now."""
    profile = page.profile
    lines = []
    if page.teaches and profile is not None and profile.is_open:
        lines.append(md("People can ask you about {skills}.", skills=listed(list(page.teaches))))
    elif page.teaches:
        lines.append(md("Nobody can ask you for now; your places are kept for later."))
    if page.learns:
        lines.append(md("You want to learn {skills}.", skills=listed(list(page.learns))))
    lines.append(md("Change it whenever you like with `/mentor profile`."))
    next_step = (b.actions(b.button("Find a mentor", "find.start", style="primary")),) if page.learns else ()
    return b.Modal(title="Saved", callback="profiles.saved", blocks=(b.section(joined(lines)), *next_step))


class LeaveForm(Form):
    """Leaving asks nothing."""


def leave(page: LeavePage) -> b.Modal:
    """What leaving ends, and who reads what; no reason is asked."""
    return b.Modal(
        title="Leave mentoring",
        callback="profiles.leave",
        submit="Leave",
        close="Stay",
        blocks=(
            b.section(md("You can stop here without a why. You have ten minutes to change your mind.")),
            *b.paragraphs(_what_ends(page)),
        ),
    )


def _what_ends(page: LeavePage) -> list[Markup]:
    lines = [md("Nobody can find or ask you any more.")]
    if page.is_searching:
        lines.append(md("Your search ends; whoever is being asked reads that you're no longer looking."))
    if page.waiting:
        lines.append(md("Requests waiting for you go to the next name, without a word about why."))
    lines += [
        md("{name} reads: _{line}_", name=first(partner), line="Your mentoring has come to an end. Thank you for it.")
        for partner in page.partners
    ]
    return [md("•  {line}", line=line) for line in lines]


def left(*, can_undo: bool) -> b.Message:
    """One has left; for ten minutes it can be taken back."""
    if can_undo:
        words = md("You've left mentoring. For ten minutes nobody knows, and you can still stay.")
        return b.Message(words, (b.section(words), b.actions(b.button("Stay after all", "profiles.undo_leave"))))
    words = md("You've left mentoring. `/mentor find` brings you back whenever you like.")
    return b.Message(words, (b.section(words),))


def stayed() -> b.Message:
    """A leave was taken back."""
    words = md("Good to have you. Everything is as it was.")
    return b.Message(words, (b.section(words),))
