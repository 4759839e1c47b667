"""Skills as people type them: several on a line, folded to keys that can be compared."""

import re
import unicodedata

from bot.rules.policy import SKILLS_MOST

NAME_MAX = 60
SEPARATORS = re.compile(r"[,;\n•]+|\s+/\s+|\s+and\s+", re.IGNORECASE)
WORD = re.compile(r"[\w+#.]+")
SMALL_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "be",
        "become",
        "better",
        "by",
        "do",
        "for",
        "from",
        "get",
        "good",
        "how",
        "i",
        "in",
        "into",
        "is",
        "it",
        "learn",
        "like",
        "me",
        "more",
        "my",
        "of",
        "on",
        "or",
        "so",
        "than",
        "that",
        "the",
        "to",
        "want",
        "with",
        "would",
        "work",
        "working",
    ]
)


def parse_skills(typed: str) -> list[tuple[str, str]]:
    """Split a line into (name, key) pairs, each key once, no more than a person may list."""
    found: dict[str, str] = {}
    for part in SEPARATORS.split(typed):
        name = part.strip(" .-*\t")[:NAME_MAX]
        key = fold(name)
        if key and key not in found:
            found[key] = name
    return [(name, key) for key, name in found.items()][: SKILLS_MOST.value]


def fold(name: str) -> str:
    """A name without case, accents and doubled spaces."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(c for c in "".join(c for c in bare if not unicodedata.combining(c)).split())


def words_of(text: str) -> frozenset[str]:
    """The words of a text that carry meaning, folded and without a plural s."""
    words = (word.strip(".") for word in WORD.findall(fold(text)))
    return frozenset(_singular(word) for word in words if word and word not in SMALL_WORDS)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word  # noqa: PLR2004
