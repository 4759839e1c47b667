"""The questions a round's groups begin with, as they stand in bot/content/questions.md."""

from pathlib import Path

BULLET = "- "


def _read() -> tuple[str, ...]:
    text = (Path(__file__).parents[1] / "content" / "questions.md").read_text(encoding="utf-8")
    return tuple(line.removeprefix(BULLET) for line in text.splitlines() if line.startswith(BULLET))


QUESTIONS = _read()
