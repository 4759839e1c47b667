"""Check-ins: questions by taps, half-time on one screen, and what one said for oneself alone."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from pydantic import BeforeValidator

from bot.rules.checkins import LOOKING_BACK, OPTIONS, TAPS, AllSaid, Answer, CheckinCard, PairCheckins, Question, Said
from bot.slack import blocks as b
from bot.slack.forms import Form, Words, wrong
from bot.slack.text import Markup, cut, joined, md
from bot.views import times
from bot.views.fields import at_most
from bot.views.people import first, seen_by
from storage.models.checkins import CheckinKind, CheckinState

REFLECTION_MAX = 3000
SAID_MOST = 10
VERBS = ("checkins.first", "checkins.second", "checkins.third")

QUESTIONS: Mapping[Question, str] = {
    Question.OFTEN: "Are the two of you meeting often enough?",
    Question.USEFUL: "Is it useful to you?",
    Question.CHANGE: "Is there anything you'd like changed?",
    Question.CONFIDENCE: "How confident are you about what you set out to do?",
    Question.WAYS: "How you two work together",
    Question.IN_TOUCH: "Are the two of you still in touch?",
    Question.HELPED: "Looking back, did it help you?",
    Question.RECOMMEND: "Would you recommend mentoring here to a colleague?",
}
ANSWERS: Mapping[Answer, str] = {
    Answer.OFTEN_ENOUGH: "Yes",
    Answer.MORE: "Could be more",
    Answer.HARDLY: "Hardly",
    Answer.VERY: "Very",
    Answer.SOMEWHAT: "Somewhat",
    Answer.NOT_YET: "Not yet",
    Answer.ALL_GOOD: "All good",
    Answer.SMALL_THINGS: "Small things",
    Answer.HELP: "I'd like help",
    Answer.CONFIDENT_1: "1, not yet",
    Answer.CONFIDENT_2: "2, a little",
    Answer.CONFIDENT_3: "3, halfway",
    Answer.CONFIDENT_4: "4, fairly",
    Answer.CONFIDENT_5: "5, very",
    Answer.KEEP_WAYS: "Keep it as it is",
    Answer.CHANGE_WAYS: "Change something",
    Answer.STILL: "Yes",
    Answer.NOW_AND_THEN: "Now and then",
    Answer.NO_LONGER: "No",
    Answer.A_LOT: "A lot",
    Answer.A_LITTLE: "A little",
    Answer.NOT_REALLY: "Not really",
    Answer.WOULD: "Yes",
    Answer.PERHAPS: "Perhaps",
    Answer.WOULD_NOT: "No",
}
LEADS = {
    (CheckinKind.PULSE, 0): "A quick look at how it goes with *{name}*. ",
    (CheckinKind.FOLLOW_UP, 0): "Your mentoring with *{name}* ended a while ago. ",
}
NAMES = {
    CheckinKind.PULSE: "Check-in",
    CheckinKind.HALF_TIME: "Half-time",
    CheckinKind.FOLLOW_UP: "Looking back",
}


def message(card: CheckinCard) -> b.Message:
    """A check-in as it stands now: it asks, thanks, or says that it has passed; never what was answered."""
    words = _words(card)
    return b.Message(words, (b.section(words), *_under(card)))


def question(card: CheckinCard) -> b.Modal:
    """The same as a modal, for whoever comes from the pair or from Home."""
    return b.Modal(
        title=NAMES[CheckinKind(card.checkin.kind)],
        callback="checkins.question",
        meta=card.checkin.id,
        blocks=message(card).blocks,
    )


def _words(card: CheckinCard) -> Markup:
    if card.checkin.state == CheckinState.ANSWERED:
        return md("Thanks, noted. It stays with you.")
    if card.is_over:
        return md(
            "Your mentoring with {name} has come to its end, so there's nothing to answer here.",
            name=first(card.partner),
        )
    if not card.is_open:
        return md("A newer check-in took this one's place, so there's nothing to answer here.")
    return _asking(card)


def _asking(card: CheckinCard) -> Markup:
    asked = card.question
    if asked is None:
        return md(
            "You and *{name}* are halfway. Would you look back for two minutes? Five short questions, on one page.",
            name=first(card.partner),
        )
    lead = md(LEADS.get((CheckinKind(card.checkin.kind), card.checkin.step), ""), name=first(card.partner))
    return joined([lead, md(QUESTIONS[asked])], "")


def _under(card: CheckinCard) -> tuple[b.Block, ...]:
    if card.checkin.state == CheckinState.ANSWERED:
        return (b.actions(*_afterwards(card)),)
    if not card.is_open:
        return ()
    return (b.actions(*_choices(card)), b.context(_small(card)))


def _afterwards(card: CheckinCard) -> tuple[b.Block, b.Block]:
    """The same for everyone, whatever they said, so that a message gives nothing away."""
    return (
        b.button("Add a reflection", "checkins.reflect", card.checkin.id),
        b.button("What I said", "checkins.said", card.pair.id),
    )


def _choices(card: CheckinCard) -> tuple[b.Block, ...]:
    asked = card.question
    if asked is None:
        return (b.button("Look back", "checkins.open", card.checkin.id, "primary"),)
    value = f"{card.checkin.id} {card.checkin.step}"
    first_, second, third = (ANSWERS[answer] for answer in OPTIONS[asked])
    return (
        b.button(first_, "checkins.first", value),
        b.button(second, "checkins.second", value),
        b.button(third, "checkins.third", value),
    )


def _small(card: CheckinCard) -> Markup:
    taps = TAPS[card.checkin.kind]
    if not taps:
        return private()
    where = md(
        "{step} of {all}, about you and {name}.",
        step=card.checkin.step + 1,
        all=len(taps),
        name=first(card.partner),
    )
    return joined([where, private()], " ")


def private() -> Markup:
    """Who reads the answers, from the permission matrix, and the one thing organisers do see."""
    return joined([seen_by("checkins.answers"), md("They see only how many answered.")], " ")


def helped(card: CheckinCard) -> b.Modal:
    """Somebody would like help: it is noted for them alone, and these are people to turn to."""
    return b.Modal(
        title="Thanks for saying so",
        callback="checkins.helped",
        meta=card.checkin.id,
        blocks=(b.section(_help_words()), b.actions(_worry(), _reflect(card))),
    )


def _help_words() -> Markup:
    return md("It's noted for you alone, and nobody was told. If you'd like to talk to someone, I'll show you who.")


def _worry() -> b.Block:
    return b.button("Something isn't right", "help.worry")


def _reflect(card: CheckinCard) -> b.Block:
    return b.button("Add a reflection", "checkins.reflect", card.checkin.id)


def _chosen(of: Question) -> BeforeValidator:
    """Take one of a question's own answers; anything else, and none, is asked again."""

    def check(value: object) -> object:
        if value in OPTIONS[of]:
            return Answer(str(value))
        raise wrong("Please pick one of these.")

    return BeforeValidator(check)


class LookBackForm(Form):
    """Half-time: five questions, each one choice."""

    often: Annotated[Answer, _chosen(Question.OFTEN)]
    useful: Annotated[Answer, _chosen(Question.USEFUL)]
    change: Annotated[Answer, _chosen(Question.CHANGE)]
    confidence: Annotated[Answer, _chosen(Question.CONFIDENCE)]
    ways: Annotated[Answer, _chosen(Question.WAYS)]

    def answers(self) -> dict[Question, Answer]:
        """What was chosen, by question."""
        return {asked: getattr(self, asked.value) for asked in LOOKING_BACK}


def look_back(card: CheckinCard, kept: Mapping[str, str]) -> b.Modal:
    """Half-time on one screen; choices that could not be sent before are still chosen."""
    return b.Modal(
        title="Half-time",
        callback="checkins.look_back",
        submit="Done",
        close="Later",
        meta=card.checkin.id,
        blocks=(
            b.section(md("You and *{name}*, halfway. First thoughts are fine.", name=first(card.partner))),
            *(_field(asked, kept) for asked in LOOKING_BACK),
            b.context(private()),
        ),
    )


def _field(asked: Question, kept: Mapping[str, str]) -> b.Block:
    field: Callable[..., b.Block] = b.select if asked is Question.CONFIDENCE else b.radio
    options = [b.Option(answer, ANSWERS[answer]) for answer in OPTIONS[asked]]
    return field(asked.value, QUESTIONS[asked], options, initial=kept.get(asked, ""))


def looked_back(card: CheckinCard, answers: Mapping[Question, Answer]) -> b.Modal:
    """Half-time is noted; a wish to change something, or for help, leads to where that is done."""
    wants_change = answers.get(Question.WAYS) is Answer.CHANGE_WAYS
    wants_help = answers.get(Question.CHANGE) is Answer.HELP
    change = md(
        "To change how you two work, suggest a new version of your agreement; it holds when {name} signs too.",
        name=first(card.partner),
    )
    lines = [md("Thanks, noted. It stays with you.")]
    lines += ([change] if wants_change else []) + ([_help_words()] if wants_help else [])
    buttons = [b.button("Open our agreement", "agreements.read", card.pair.id)] if wants_change else []
    buttons += [_worry()] if wants_help else []
    return b.Modal(
        title="Half-time",
        callback="checkins.looked_back",
        meta=card.checkin.id,
        blocks=(*(b.section(line) for line in lines), b.actions(*buttons, _reflect(card))),
    )


class ReflectionForm(Form):
    """Words for oneself; none take away what was there."""

    words: Annotated[Words, at_most(REFLECTION_MAX)] = ""


def reflect(card: CheckinCard, words: str) -> b.Modal:
    """A reflection, new or to be changed."""
    return b.Modal(
        title="A reflection",
        callback="checkins.keep_reflection",
        submit="Keep",
        close="Not now",
        meta=card.checkin.id,
        blocks=(
            b.text_input(
                "words",
                "What would you like to remember?",
                hint="A line is plenty. Empty takes it away again.",
                initial=words,
                max_length=REFLECTION_MAX,
                lines=True,
                optional=True,
            ),
            b.context(seen_by("checkins.reflection")),
        ),
    )


def said(facts: AllSaid) -> b.Modal:
    """All one said in a pair, for oneself; only modals ever show it."""
    name = first(facts.pair.partner_of(facts.reader))
    nothing = b.section(md("Nothing yet. Your answers about you and {name} will be here.", name=name))
    shown = [block for one in facts.answered[:SAID_MOST] for block in _said(one)] or [nothing]
    return b.Modal(
        title="What I said",
        callback="checkins.all_said",
        meta=facts.pair.id,
        blocks=(
            b.section(md("About you and *{name}*, newest first.", name=name)),
            *shown,
            b.context(seen_by("checkins.answers", "checkins.reflection")),
        ),
    )


def _said(one: Said) -> tuple[b.Block, ...]:
    row = one.card.checkin
    when = times.day(row.answered_at, one.card.reader.zone) if row.answered_at else ""
    head = md("*{what}*, {when}", what=NAMES[CheckinKind(row.kind)], when=when)
    lines = [
        md("{asked} *{answer}*", asked=QUESTIONS[asked], answer=ANSWERS[answer])
        for asked, answer in one.answers.items()
    ]
    label = "Change the reflection" if one.reflection else "Add a reflection"
    button = b.button(label, "checkins.reflect", row.id)
    quoted = (b.quote(one.reflection),) if one.reflection else ()
    return (b.divider(), b.section(joined([head, *lines]), button), *quoted)


def in_pair(facts: PairCheckins) -> tuple[b.Block, ...]:
    """What waits in a pair, and the way to what one said; nothing where there is neither."""
    waiting = (_waiting(facts.waiting, "A check-in waits for you."),) if facts.waiting else ()
    if not facts.has_said:
        return waiting
    own = b.button("What I said", "checkins.said", facts.pair.id)
    return (*waiting, b.section(md("Your own answers so far, seen by you alone."), own))


def on_home(waiting: Sequence[CheckinCard]) -> tuple[b.Block, ...]:
    """Every check-in that waits, one row each."""
    return tuple(_waiting(card, "A check-in about you and {name} waits.") for card in waiting)


def _waiting(card: CheckinCard, words: str) -> b.Block:
    label = "Look back" if card.question is None else "Answer"
    return b.section(md(words, name=first(card.partner)), b.button(label, "checkins.open", card.checkin.id))


def line(card: CheckinCard) -> Markup:
    """A check-in that waits, as a line of a digest."""
    minutes = "two minutes" if card.question is None else "a minute"
    return md(
        "A check-in about you and {name} waits on the Home tab: {minutes}, seen by you alone.",
        name=cut(first(card.partner), 40),
        minutes=minutes,
    )
