"""What a field says when it holds too much; Slack's own client stops people before, a forged one does not."""

from datetime import date

from pydantic import AfterValidator

from bot.slack.forms import wrong


def at_most(limit: int) -> AfterValidator:
    """Refuse what is longer than its field, in code points, rather than cut somebody's words silently."""

    def check(value: str) -> str:
        if len(value) > limit:
            raise wrong(f"That's {len(value):,} characters, and {limit:,} fit here. Please shorten it a little.")
        return value

    return AfterValidator(check)


def read_day(value: object) -> object:
    """The day somebody picked, for use before a form's own check."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise wrong("Pick a day, please.") from None
