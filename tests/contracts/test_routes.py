"""Every button and modal in any view has a handler, and every handler is reached from some view."""

import ast
import re

from bot.demo import guide
from bot.slack.router import RouteKind
from bot.views.gallery import all_samples
from handlers import ROUTES
from tests.reading import buttons, calls_of, parsed, strings, submits, written_actions

GRAMMAR = re.compile(r"[a-z]+\.[a-z][a-z_]*")


def without_partner(shown: set[str], handled: set[str]) -> list[str]:
    """Ids on one side alone."""
    return [f"no handler: {name}" for name in sorted(shown - handled)] + [
        f"no view: {name}" for name in sorted(handled - shown)
    ]


def handled(kind: RouteKind) -> set[str]:
    return {route.id for route in ROUTES.of(kind)}


def written() -> set[str]:
    return {name for tree in parsed("bot/views").values() for name in written_actions(tree)}


def sampled() -> set[str]:
    return {name for sample in all_samples() for name in buttons(sample.payload)}


def sent() -> set[str]:
    return {submits(sample.payload) for sample in all_samples()} - {""}


def test_every_button_has_its_handler_and_every_handler_its_button() -> None:
    assert without_partner(sampled(), handled(RouteKind.BUTTON)) == []
    assert without_partner(sampled() | {"a.new"}, handled(RouteKind.BUTTON) | {"b.old"}) == [
        "no handler: a.new",
        "no view: b.old",
    ]


def test_every_button_written_in_a_view_is_in_some_sample() -> None:
    assert written() == sampled()
    tree = ast.parse('b.button("Go", "trips.go", style="primary")')
    assert written_actions(tree) == {"trips.go"}


def test_every_modal_that_can_be_sent_has_its_handler_and_every_form_its_modal() -> None:
    assert without_partner(sent(), handled(RouteKind.FORM)) == []
    shows_only = {"type": "modal", "callback_id": "find.results"}
    assert submits(shows_only) == ""
    assert submits(shows_only | {"submit": {}}) == "find.results"


def test_every_id_is_feature_dot_verb_and_begins_with_its_own_feature() -> None:
    for kind in (RouteKind.BUTTON, RouteKind.FORM, RouteKind.SHORTCUT):
        for route in ROUTES.of(kind):
            assert GRAMMAR.fullmatch(route.id), route.id
            assert route.id.split(".")[0] == route.handler.__module__.removeprefix("handlers."), route.id


def test_the_words_of_help_and_the_manifest_know_every_command() -> None:
    typed = {word for tree in parsed("bot/views").values() for text in _all_strings(tree) for word in _commands(text)}
    assert typed <= handled(RouteKind.COMMAND), "nothing tells people to type what is not there"
    assert {"find", "profile", "help"} <= typed
    assert _commands("`/mentor fnid` and /mentor find SQL") == {"fnid", "find"}


def _all_strings(tree: ast.Module) -> list[str]:
    return strings([node for node in ast.walk(tree) if isinstance(node, ast.Constant)])


def _commands(text: str) -> set[str]:
    return set(re.findall(r"/mentor ([a-z]+)", text))


def test_the_guide_points_only_at_what_is_there() -> None:
    kinds = {"action": RouteKind.BUTTON, "submit": RouteKind.FORM}
    pointed = [(kinds[step.points_at[0]], step.points_at[1]) for step in guide.STEPS if step.points_at[0] in kinds]
    assert pointed
    assert [each for each in pointed if ROUTES.find(*each) is None] == []


def test_every_listener_says_what_it_does() -> None:
    assert [route.id for route in ROUTES.by_key.values() if not route.summary.endswith(".")] == []
    assert len(list(calls_of(ast.parse("router.button()\nb.button()"), "button"))) == 2
