"""Safe text: what people typed can enter mrkdwn only escaped, on one line, and cut by code points."""

import re
import unicodedata
from dataclasses import dataclass

MRKDWN_MAX = 3000
INLINE_MAX = 300
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
EMPHASIS = str.maketrans("", "", "*`")
MENTION = re.compile(r"[UW][A-Z0-9]{2,20}")

# Controls that turn, hide or split text: bidi overrides and isolates, zero-width marks, BOM.
# The zero-width joiner stays, since emoji of people are built with it.
HIDDEN = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x200E, 0x200F, 0x061C, 0xFEFF])


@dataclass(frozen=True, slots=True)
class Markup:
    """Slack mrkdwn that is known to be safe; only `md` and its kin make it."""

    value: str

    def __str__(self) -> str:
        return self.value


def clean(text: str) -> str:
    """Drop control and direction-turning characters, keep line breaks, compose accents, trim the ends."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").translate(HIDDEN)
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs", "Co"}).strip()


def one_line(text: str) -> str:
    """Fold every run of white space into one space."""
    return " ".join(clean(text).split())


def cut(text: str, limit: int) -> str:
    """Shorten to at most `limit` code points, saying so by an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def escape(text: str, limit: int = MRKDWN_MAX) -> str:
    """Escape Slack's three characters; the result, never cut inside an entity, is within `limit` code points."""
    pieces: list[str] = []
    length = 0
    for char in text:
        piece = ENTITIES.get(char, char)
        if length + len(piece) > limit - 1:
            return "".join(pieces) + "…"
        pieces.append(piece)
        length += len(piece)
    return "".join(pieces)


def md(template: str, **facts: object) -> Markup:
    """Fill a template of our own words; facts are escaped unless they are Markup already."""
    return Markup(template.format(**{name: _safe(fact) for name, fact in facts.items()}))


def unmarked(text: Markup) -> str:
    """The same words without emphasis, still escaped: what a notification shows and a screen reader reads aloud."""
    return text.value.translate(EMPHASIS)


def mention(slack_id: str) -> Markup:
    """A person's own name as Slack shows it; an id of the wrong shape is shown as plain text."""
    return Markup(f"<@{slack_id}>") if MENTION.fullmatch(slack_id) else Markup(escape(slack_id, INLINE_MAX))


def joined(parts: list[Markup], between: str = "\n") -> Markup:
    """Put safe pieces together."""
    return Markup(between.join(part.value for part in parts))


def listed(words: list[str], last: str = "and") -> str:
    """Words as a person lists them: a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def _safe(fact: object) -> str:
    return fact.value if isinstance(fact, Markup) else escape(cut(one_line(str(fact)), INLINE_MAX))
