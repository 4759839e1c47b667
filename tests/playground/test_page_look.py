"""The page's files as they lie: colours that can be read, sizes, and what they may never hold."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "playground" / "page"
SOURCES = sorted(each for each in FOLDER.iterdir() if each.suffix in {".js", ".css", ".html", ".svg"})
FORBIDDEN = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|setAttribute\(.style|style=|gradient"
)
TOKEN = re.compile(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)")
PAIRS = [
    ("ink", "page", 7.0),
    ("ink", "surface", 7.0),
    ("ink", "sunk", 7.0),
    ("ink", "tint", 7.0),
    ("ink-soft", "page", 4.5),
    ("ink-soft", "surface", 4.5),
    ("ink-soft", "sunk", 4.5),
    ("ink-soft", "tint", 4.5),
    ("accent", "page", 4.5),
    ("accent", "surface", 4.5),
    ("accent", "sunk", 4.5),
    ("on-accent", "accent", 4.5),
    ("on-accent", "accent-hover", 4.5),
    ("danger", "page", 4.5),
    ("danger", "surface", 4.5),
    ("danger", "sunk", 4.5),
    ("notice", "notice-page", 4.5),
    ("control", "page", 3.0),
    ("control", "surface", 3.0),
]


def tokens(theme: int) -> dict[str, str]:
    """The colours of one theme, 0 light and 1 dark."""
    text = (FOLDER / "tokens.css").read_text(encoding="utf-8")
    return {found[0]: found[1 + theme] for found in TOKEN.findall(text)}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    """The ratio between two colours."""
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_every_pair_of_colours_can_be_read(theme: int, front: str, back: str, least: float) -> None:
    found = tokens(theme)
    assert contrast(found[front], found[back]) >= least


def test_initials_can_be_read_on_every_face() -> None:
    text = (FOLDER / "tokens.css").read_text(encoding="utf-8")
    faces = re.findall(r"\.c\d \{\n  background: (#\w+);", text)
    assert len(faces) == 6
    assert min(contrast("#1e2326", face) for face in faces) >= 7


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_file_of_the_page_is_short_plain_and_self_contained(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 400
    assert not FORBIDDEN.search(text)
    addresses = re.findall(r"https?://[\w.]+", text)
    assert [each for each in addresses if each != "http://www.w3.org"] == []


def test_every_module_is_fetched_at_once_and_not_one_after_another() -> None:
    text = (FOLDER / "index.html").read_text(encoding="utf-8")
    ahead = set(re.findall(r'modulepreload" href="/page/([\w.]+)"', text))
    assert ahead == {each.name for each in SOURCES if each.suffix == ".js"} - {"main.js"}


def test_every_module_the_page_imports_is_there() -> None:
    for source in SOURCES:
        for name in re.findall(r'from "\./([\w.]+)"', source.read_text(encoding="utf-8")):
            assert (FOLDER / name).is_file(), f"{source.name} imports {name}"


def test_no_size_of_type_is_under_thirteen() -> None:
    text = "".join(each.read_text(encoding="utf-8") for each in SOURCES if each.suffix == ".css")
    sizes = re.findall(r"(?:font-size: |font: (?:[\w-]+ )?)(\d+)px", text)
    assert set(sizes) == {"13", "15", "17", "21", "28"}


def test_only_modals_and_questions_cast_a_shadow() -> None:
    text = "".join(each.read_text(encoding="utf-8") for each in SOURCES if each.suffix == ".css")
    owners = [rule.split("{")[0].strip() for rule in text.split("}") if "box-shadow: 0 8px" in rule]
    assert sorted(owners) == [".modal", ".question"]
