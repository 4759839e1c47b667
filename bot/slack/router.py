"""A feature's table of commands, buttons, forms and events; ids are `feature.verb`, from the function's own name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.slack.calls import Call
from bot.slack.forms import Form
from bot.slack.replies import Reply

Handler = Callable[..., Reply]


class RouteKind(StrEnum):
    """What can be listened for."""

    COMMAND = "command"
    BUTTON = "button"
    FORM = "form"
    EVENT = "event"
    SHORTCUT = "shortcut"


@dataclass(frozen=True, slots=True)
class Flags:
    """How the shell runs a route: see the acknowledgement table in bot/app.py."""

    opens_first: bool = False
    reads: bool = False
    durable: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """One listener."""

    kind: RouteKind
    id: str
    handler: Handler
    form: type[Form] | None = None
    flags: Flags = Flags()
    summary: str = ""


class Router:
    """Collects a feature's listeners; handlers stay plain functions."""

    def __init__(self, feature: str) -> None:
        self.feature = feature
        self.routes: list[Route] = []

    def command(self, word: str, **flags: bool) -> Callable[[Handler], Handler]:
        """Listen for `/mentor <word>`."""
        return self._adding(RouteKind.COMMAND, lambda _: word, flags)

    def button(self, **flags: bool) -> Callable[[Handler], Handler]:
        """Listen for a button whose action id is `feature.<function name>`."""
        return self._adding(RouteKind.BUTTON, self._own_id, flags)

    def form(self, form: type[Form], **flags: bool) -> Callable[[Handler], Handler]:
        """Listen for a modal whose callback id is `feature.<function name>`; the handler gets the checked form."""
        return self._adding(RouteKind.FORM, self._own_id, flags, form)

    def event(self, name: str, **flags: bool) -> Callable[[Handler], Handler]:
        """Listen for an event of this type."""
        return self._adding(RouteKind.EVENT, lambda _: name, flags)

    def shortcut(self, **flags: bool) -> Callable[[Handler], Handler]:
        """Listen for a shortcut whose callback id is `feature.<function name>`."""
        return self._adding(RouteKind.SHORTCUT, self._own_id, flags)

    def _own_id(self, handler: Handler) -> str:
        return f"{self.feature}.{handler.__name__}"

    def _adding(
        self,
        kind: RouteKind,
        name: Callable[[Handler], str],
        flags: dict[str, bool],
        form: type[Form] | None = None,
    ) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            summary = (handler.__doc__ or "").strip().split("\n")[0]
            self.routes.append(Route(kind, name(handler), handler, form, Flags(**flags), summary))
            return handler

        return add


@dataclass(frozen=True, slots=True)
class Routes:
    """Every listener there is, by kind and id."""

    by_key: dict[tuple[RouteKind, str], Route]

    def find(self, kind: RouteKind, route_id: str) -> Route | None:
        """The listener for this id, if there is one."""
        return self.by_key.get((kind, route_id))

    def of(self, kind: RouteKind) -> list[Route]:
        """Every listener of one kind, in the order the features are listed."""
        return [route for (found, _), route in self.by_key.items() if found == kind]


def gather(routers: Iterable[Router]) -> Routes:
    """Put the features' tables together; two listeners for one id are refused at start."""
    by_key: dict[tuple[RouteKind, str], Route] = {}
    for route in (route for router in routers for route in router.routes):
        if (route.kind, route.id) in by_key:
            message = f"two listeners for {route.kind} {route.id}"
            raise ValueError(message)
        by_key[route.kind, route.id] = route
    return Routes(by_key)


def run(route: Route, call: Call, form: Any = None) -> Reply:
    """Call the handler with what it asked for."""
    return route.handler(call) if route.form is None else route.handler(call, form)
