"""What people put into fields: mostly sense, sometimes nonsense, sometimes what was meant to do harm."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from playground.driver_blocks import Choice
from playground.elements import options_of
from playground.records import Json
from playground.state import State

SENSE = (
    "data analysis",
    "Python, SQL",
    "public speaking",
    "I'd like half an hour for a first chat about moving teams.",
    "Be ready to lead a project by summer",
    "giving feedback",
    "https://meet.example/room",
    "English, Arabic",
)
NONSENSE = (
    "x",
    "   ",
    "…",
    "<!channel> <@U1> *bold* `code` <https://evil.example|bank>",
    "\u202eback to front\u0000",
    "🦜" * 60,
    "javascript:alert(1)",
    "'; DROP TABLE members; --",
    "a" * 4000,
    "line\n" * 40,
    "&lt;b&gt; & < >",
)
SPAN = 3000


class Typist:
    """Answers the fields of whatever is before somebody."""

    def __init__(self, dice: random.Random, state: State) -> None:
        self._dice, self._state = dice, state

    def words(self, sense: float = 0.8) -> str:
        """Something typed."""
        return self._dice.choice(SENSE if self._dice.random() < sense else NONSENSE)

    def answers(self, blocks: list[Json], now: datetime, sense: float) -> dict[str, Any]:
        """Something for each field, or nothing: `sense` is how likely each answer is a good one."""
        fields = Choice.fields_in(blocks)
        found = {block_id: self._answer(choice.element, now, sense) for block_id, choice in fields.items()}
        return {block_id: answer for block_id, answer in found.items() if answer is not None}

    def _answer(self, element: Json, now: datetime, sense: float) -> Any:
        """None leaves a field as it is, which is good sense where it is filled already."""
        dice, kind, is_good = self._dice, element["type"], self._dice.random() < sense
        if is_good and any(key.startswith("initial_") for key in element) and dice.random() < 0.5:
            return None
        if kind in CHOOSERS:
            return CHOOSERS[kind](self, element)
        if kind == "datepicker":
            return self._day(now, is_good=is_good)
        if kind == "timepicker":
            return f"{dice.randrange(9, 17) if is_good else dice.randrange(24):02}:{dice.choice((0, 15, 30)):02}"
        if kind == "number_input":
            return dice.choice((1, 2, 20, 30)) if is_good else dice.choice((-1, 0, 10**9, "1.5"))
        return self._typed(element, is_good=is_good)

    def option(self, element: Json) -> Any:
        """One of its choices."""
        return self._dice.choice([option["value"] for option in options_of(element)])

    def some(self, element: Json) -> Any:
        """Some of its choices."""
        values = [option["value"] for option in options_of(element)]
        return self._dice.sample(values, self._dice.randint(0, len(values)))

    def person(self, _: Json) -> Any:
        """Anybody at all, bots and those who are gone included."""
        return self._dice.choice(list(self._state.users))

    def place(self, _: Json) -> Any:
        """Any place at all."""
        return self._dice.choice([each.id for each in self._state.conversations.values()])

    def _day(self, now: datetime, *, is_good: bool) -> str:
        days = self._dice.choice((1, 2, 3, 7, 21, 45, 90)) if is_good else self._dice.randint(-SPAN, SPAN)
        return f"{now + timedelta(days=days):%Y-%m-%d}"

    def _typed(self, element: Json, *, is_good: bool) -> str:
        words = self._dice.choice(SENSE if is_good else NONSENSE)
        return words[: element.get("max_length") or SPAN] if self._dice.random() < 0.9 else words


CHOOSERS: dict[str, Callable[[Typist, Json], Any]] = {
    "static_select": Typist.option,
    "radio_buttons": Typist.option,
    "checkboxes": Typist.some,
    "multi_static_select": Typist.some,
    "users_select": Typist.person,
    "conversations_select": Typist.place,
    "channels_select": Typist.place,
}
