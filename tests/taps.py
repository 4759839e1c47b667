"""A person's tap as the shell carries it out: a delivery through Deeds, in one transaction, words for every refusal."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from bot.deeds import Deeds, Outcome, misread, refused
from bot.errors import MentorError, NotForYouError
from bot.slack.calls import Source
from bot.slack.forms import FormError
from bot.slack.incoming import Incoming
from bot.slack.router import RouteKind
from handlers import ROUTES
from storage.models.members import Member
from tests.builders import SECONDS, House

NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Taps:
    """Everything one person can press, type and send, in one house."""

    house: House
    who: Member

    def run(self, incoming: Incoming) -> Outcome:
        """Carry it out; a refusal comes out as the error it is, with nothing written."""
        house, deeds = self.house, Deeds(ROUTES, self.house.vault)
        route = deeds.route(incoming)
        do = house.database.read if route.flags.reads else house.database.write
        outcome: Outcome = do(lambda s: deeds.carry_out(s, incoming, route, house.now)).result(SECONDS)
        return outcome

    def told(self, incoming: Incoming) -> Outcome:
        """Carry it out; a refusal becomes words and a form's words are kept, as the shell does."""
        house, deeds = self.house, Deeds(ROUTES, self.house.vault)
        try:
            return self.run(incoming)
        except MentorError as problem:
            if incoming.kind is RouteKind.FORM and not isinstance(problem, NotForYouError):
                house.database.write(lambda s: deeds.keep_draft(s, incoming, house.now)).result(SECONDS)
            return refused(problem, incoming)
        except FormError as problem:
            return misread(problem, incoming)

    def incoming(self, kind: RouteKind, route_id: str, **more: Any) -> Incoming:
        """A delivery of this person's, each its own."""
        facts: dict[str, Any] = {
            "key": f"{kind}:{next(NUMBERS)}",
            "workspace_id": self.house.workspace_id,
            "slack_id": self.who.slack_id,
            "source": Source.MESSAGE,
        }
        return Incoming(kind=kind, id=route_id, **(facts | more))

    def type(self, words: str) -> Outcome:
        """`/mentor` and what follows it."""
        word, _, rest = words.partition(" ")
        return self.told(self.incoming(RouteKind.COMMAND, word.lower(), text=rest, source=Source.COMMAND))

    def press(self, action: str, value: str = "", **more: Any) -> Outcome:
        """A button."""
        return self.told(self.incoming(RouteKind.BUTTON, action, value=value, **more))

    def submit(self, callback: str, meta: str = "", **fields: object) -> Outcome:
        """A modal, with its fields by block id."""
        view = {"id": "V1", "hash": str(next(NUMBERS)), "blocks": [_block(name) for name in fields]}
        state = {name: {name: _element(value)} for name, value in fields.items()}
        return self.told(
            self.incoming(RouteKind.FORM, callback, meta=meta, state=state, view=view, source=Source.MODAL)
        )


def _block(name: str) -> dict[str, Any]:
    return {"type": "input", "block_id": name}


def _element(value: object) -> dict[str, Any]:
    if isinstance(value, list):
        return {"type": "checkboxes", "selected_options": [{"value": each} for each in value]}
    return {"type": "plain_text_input", "value": value}
