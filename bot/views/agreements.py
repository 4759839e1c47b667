"""An agreement, as the two read it: offered, proposed, signed, changed. The goal and the boundaries stay in modals."""

from collections.abc import Callable

from bot.rules.agreements import (
    PREFILLED,
    Happened,
    Method,
    Stage,
    Standing,
    Terms,
    Version,
    VersionPage,
)
from bot.rules.rhythms import Rhythm
from bot.slack import blocks as b
from bot.slack.text import Markup, joined, md
from bot.views import times
from bot.views.people import first, seen_by
from storage.models.agreements import AgreementState
from storage.models.members import Member

PROMISE_LINE = "What we say stays between us, except where somebody's safety is at stake."
RHYTHMS = {
    Rhythm.EASING: "every two weeks for eight weeks, then monthly",
    Rhythm.WEEKLY: "every week",
    Rhythm.FORTNIGHTLY: "every two weeks",
    Rhythm.MONTHLY: "every month",
}
METHODS = {
    Method.IN_PERSON: "in person",
    Method.VIDEO: "by video",
    Method.PHONE: "by phone",
    Method.CHAT: "by chat",
    Method.EMAIL: "by e-mail",
}
STATES = {
    AgreementState.PROPOSED: "waits for a signature",
    AgreementState.SIGNED: "signed by both",
    AgreementState.REPLACED: "never signed by both; a newer one took its place",
    AgreementState.PAST: "signed by both, and held until a newer one was",
}


def reply_words(days: int) -> str:
    """How soon an answer comes."""
    return "within one working day" if days == 1 else f"within {days} working days"


def lines(terms: Terms) -> Markup:
    """What may stand in a message: everything but the words of the two."""
    return joined(
        [
            md(
                "*Meet* {rhythm}, {minutes} minutes, {method}",
                rhythm=RHYTHMS[terms.rhythm],
                minutes=terms.minutes,
                method=METHODS[terms.method],
            ),
            md("*Answer* {reply}", reply=reply_words(terms.reply_days)),
            md("*Until* {day}", day=times.date_words(terms.ends_on)),
        ]
    )


def _sign(label: str, pair_id: str, version: int) -> b.Block:
    return b.button(label, "agreements.sign", f"{pair_id} {version}", "primary")


def _sign_here(label: str, pair_id: str, version: int) -> b.Block:
    """The same where the whole agreement can take the place of what one is in."""
    return b.button(label, "agreements.sign_here", f"{pair_id} {version}", "primary")


def _read(label: str, pair_id: str) -> b.Block:
    return b.button(label, "agreements.read", pair_id)


def _change(pair_id: str) -> b.Block:
    return b.button("Suggest a change", "agreements.change", pair_id)


def offer(facts: Standing) -> tuple[b.Block, ...]:
    """The prefilled agreement inside the message that follows a yes: one tap signs it."""
    if facts.stage is not Stage.NOTHING or not facts.card.is_live:
        return _as_it_stands(facts, _sign)
    pair_id = facts.card.id
    return (
        b.section(joined([md("Your agreement, if you like it as it stands:"), lines(facts.terms), md(PROMISE_LINE)])),
        b.actions(_sign("Sign", pair_id, PREFILLED), _read("Read or change it", pair_id)),
    )


def in_pair(facts: Standing) -> tuple[b.Block, ...]:
    """The agreement on the pair's own page; nothing where the pair ended without one."""
    return _as_it_stands(facts, _sign_here)


def _as_it_stands(facts: Standing, sign: Callable[[str, str, int], b.Block]) -> tuple[b.Block, ...]:
    pair_id, name = facts.card.id, first(facts.partner)
    buttons: tuple[b.Block, ...]
    match facts.stage:
        case Stage.NOTHING:
            said = md("*Agreement*  Not signed yet, and nothing waits for it.")
            buttons = (sign("Sign", pair_id, PREFILLED), _read("Read or change it", pair_id))
        case Stage.MINE:
            said = md("*Agreement*  You signed; {name} reads it next.", name=name)
            buttons = (_read("Read or change it", pair_id),)
        case Stage.THEIRS:
            said = md("*Agreement*  {name} signed this and asks for your yes.", name=name)
            buttons = (sign("Sign", pair_id, facts.newest), _read("Read it all", pair_id), _change(pair_id))
        case Stage.SIGNED:
            said = md("*Agreement*  Signed by you both on {day}.", day=_signed_day(facts.holding, facts.reader))
            buttons = (_read("Read it all", pair_id), _change(pair_id))
    if not facts.card.is_live and not facts.versions:
        return ()
    if not facts.card.is_live:
        said, buttons = joined([md("*Agreement*  "), _stands(facts)], ""), (_read("Read it all", pair_id),)
    return (b.section(joined([said, lines(facts.terms)])), b.actions(*buttons))


def _signed_day(version: Version | None, reader: Member) -> str:
    moment = version.signed_at if version else None
    return times.day(moment, reader.zone) if moment else ""


def _plain(words: Markup, *buttons: b.Block) -> b.Message:
    return b.Message(words, (b.section(words), *((b.actions(*buttons),) if buttons else ())))


def proposed(page: VersionPage) -> b.Message:
    """The other one's proposal: a doorbell with the lines that are nobody's secret."""
    if not page.waits or page.is_own:
        return _settled(page)
    name, version, pair_id = first(page.version.proposer), page.version, page.card.id
    said = (
        md("{name} signed an agreement for the two of you. Does it suit you?", name=name)
        if version.number == 1
        else md("{name} suggests a change to your agreement, and has signed it. Does it suit you?", name=name)
    )
    buttons = (_sign("Sign", pair_id, version.number), _read("Read it all", pair_id), _change(pair_id))
    return b.Message(said, (b.section(joined([said, lines(version.terms)])), b.actions(*buttons)))


def _settled(page: VersionPage) -> b.Message:
    """A version that asks for nothing any more, so that no old button misleads."""
    name, version, read = first(page.card.partner_of(page.reader)), page.version, _read("Read it all", page.card.id)
    if version.state in {AgreementState.SIGNED, AgreementState.PAST}:
        day = _signed_day(version, page.reader)
        return _plain(md("You and {name} signed this agreement on {day}.", name=name, day=day), read)
    if not page.card.is_live:
        return _plain(md("Your mentoring with {name} has come to an end, so nothing waits for a signature.", name=name))
    if version.state == AgreementState.REPLACED:
        return _plain(md("A newer version of your agreement with {name} took this one's place.", name=name), read)
    return _plain(md("You signed this; {name} reads it next.", name=name), read)


def signed(page: VersionPage) -> b.Message:
    """To the proposer: the other one signed."""
    words = md(
        "{name} signed your agreement, so it holds now. I keep quiet as long as you meet {rhythm}.",
        name=first(page.card.partner_of(page.reader)),
        rhythm=_in_sentence(page.version.terms),
    )
    return _plain(words, _read("Read it all", page.card.id))


def _in_sentence(terms: Terms) -> str:
    return "as agreed" if terms.rhythm is Rhythm.EASING else RHYTHMS[terms.rhythm]


def unsigned(page: VersionPage) -> b.Message:
    """Two weeks on: it can be signed as it stands, or stay as it is."""
    if not page.waits:
        return _settled(page)
    name, pair_id = first(page.card.partner_of(page.reader)), page.card.id
    since = times.day(page.version.proposed_at, page.reader.zone)
    if page.is_own:
        words = md(
            "The agreement you signed on {day} waits for {name}, whom I've asked again. Meeting needs no signature.",
            name=name,
            day=since,
        )
        return _plain(words, _read("Read or change it", pair_id))
    words = md("{name}'s agreement has waited since {day}. Would it do as it stands?", name=name, day=since)
    buttons = (_sign("Sign as it stands", pair_id, page.version.number), _change(pair_id), _read("Read it", pair_id))
    return b.Message(words, (b.section(joined([words, lines(page.version.terms)])), b.actions(*buttons)))


def unsigned_line(page: VersionPage) -> Markup:
    """The same as a line of a digest."""
    name = first(page.card.partner_of(page.reader))
    if page.is_own:
        return md("Your agreement with {name} waits for their signature.", name=name)
    return md("Your agreement with {name} waits for your signature.", name=name)


def standing(facts: Standing) -> b.Modal:
    """The whole agreement, with what the last tap came to on top."""
    terms = facts.terms
    return b.Modal(
        title="Your agreement",
        callback="agreements.standing",
        meta=facts.card.id,
        blocks=(
            b.section(_came_to(facts)),
            *((b.section(lines(terms)), *_words_of(terms)) if facts.card.is_live or facts.versions else ()),
            *((b.actions(*buttons),) if (buttons := _standing_buttons(facts)) else ()),
            *_confidentiality(facts),
            b.context(seen_by("agreements.goal", "agreements.boundaries")),
        ),
    )


def came_to(facts: Standing) -> b.Message:
    """What a tap on Sign in a message came to; a newer version is read before it is signed."""
    return b.message(_came_to(facts), _read("Read it all", facts.card.id))


def _words_of(terms: Terms) -> tuple[b.Block, ...]:
    goal = (b.section(md("*Goal*")), b.quote(terms.goal)) if terms.goal else ()
    boundaries = (b.section(md("*What we leave out*")), b.quote(terms.boundaries)) if terms.boundaries else ()
    return (*goal, *boundaries)


def _confidentiality(facts: Standing) -> tuple[b.Block, ...]:
    text = facts.confidentiality
    version = b.context(md("Confidentiality and the limits of advice, version {version}", version=text.version))
    return (b.divider(), *(b.section(md(paragraph)) for paragraph in text.paragraphs), version)


def _standing_buttons(facts: Standing) -> tuple[b.Block, ...]:
    pair_id, waiting = facts.card.id, facts.waiting
    number = waiting.number if waiting else PREFILLED
    return (
        *((_sign_here("Sign", pair_id, number),) if facts.can_sign else ()),
        *((_change(pair_id),) if facts.card.is_live else ()),
        *((b.button("Every version", "agreements.history", pair_id),) if facts.versions else ()),
    )


def _came_to(facts: Standing) -> Markup:
    name = first(facts.partner)
    match facts.happened:
        case Happened.PROPOSED:
            return md("Signed by you. {name} gets it in their own hours, to sign or to suggest a change.", name=name)
        case Happened.SIGNED:
            return md("Signed by you both. From here on, reminders follow this rhythm.")
        case Happened.SAME:
            return joined([md("Nothing changed, so nothing was sent."), _stands(facts)], " ")
        case Happened.NEWER:
            return joined([_newer(facts), md("Nothing was signed. This is the newest.")], " ")
        case Happened.OUTRUN:
            return md(
                "{name} was a moment quicker; here is theirs. Your words are kept: *Suggest a change* opens with them.",
                name=name,
            )
        case Happened.NOTHING:
            return _stands(facts)


def _newer(facts: Standing) -> Markup:
    if facts.versions and facts.versions[0].proposer.id == facts.reader.id:
        return md("There is a newer version of yours.")
    return md("{name} proposed another version meanwhile.", name=first(facts.partner))


def _stands(facts: Standing) -> Markup:
    name = first(facts.partner)
    if not facts.card.is_live and not facts.versions:
        return md("Your mentoring with {name} has come to an end, and nothing was signed.", name=name)
    if not facts.card.is_live:
        return md("Your mentoring with {name} has come to an end. This is how the agreement stood.", name=name)
    match facts.stage:
        case Stage.NOTHING:
            return md("Prefilled from the request. Sign it as it stands, or suggest a change.")
        case Stage.MINE:
            return joined([md("You signed; {name} reads it next.", name=name), _meanwhile(facts)], "")
        case Stage.THEIRS:
            return joined([md("{name} signed this and asks for your yes.", name=name), _meanwhile(facts)], "")
        case Stage.SIGNED:
            return md("Signed by you both on {day}.", day=_signed_day(facts.holding, facts.reader))


def _meanwhile(facts: Standing) -> Markup:
    return md(" Version {number} holds until then.", number=facts.holding.number) if facts.holding else Markup("")


def history(facts: Standing) -> b.Modal:
    """Every version there was."""
    shown = facts.versions[:40]
    return b.Modal(
        title="Every version",
        callback="agreements.versions",
        meta=facts.card.id,
        blocks=(
            *(
                b.section(
                    version_line(each, facts.reader),
                    b.button("Read", "agreements.version", f"{facts.card.id} {each.number}"),
                )
                for each in shown
            ),
            b.actions(_read("Back to the newest", facts.card.id)),
        ),
    )


def version_line(version: Version, reader: Member) -> Markup:
    """`Version 2, signed by both on Mon 1 Mar`."""
    if version.signed_at is not None:
        day = times.day(version.signed_at, reader.zone)
        past = "; a newer one has taken over" if version.state == AgreementState.PAST else ""
        return md("*Version {number}*, signed by both on {day}{past}", number=version.number, day=day, past=past)
    return md(
        "*Version {number}*, proposed by {who} on {day}; {state}",
        number=version.number,
        who="you" if version.proposer.id == reader.id else first(version.proposer),
        day=times.day(version.proposed_at, reader.zone),
        state=STATES[version.state],
    )


def version(page: VersionPage) -> b.Modal:
    """One version, as it was."""
    terms = page.version.terms
    return b.Modal(
        title=f"Version {page.version.number}",
        callback="agreements.one_version",
        meta=page.card.id,
        blocks=(
            b.section(version_line(page.version, page.reader)),
            b.section(lines(terms)),
            *_words_of(terms),
            b.actions(b.button("Every version", "agreements.history", page.card.id), _read("The newest", page.card.id)),
            b.context(seen_by("agreements.goal", "agreements.boundaries")),
        ),
    )
