"""No chain of views deeper than three, every title within 24 characters, every kind of news with its class."""

from collections.abc import Callable, Mapping
from pathlib import Path

from bot.commands.world import start_world
from bot.news import NEWS
from bot.rules.news import KINDS
from bot.slack.blocks import TITLE_MAX
from bot.slack.router import RouteKind
from bot.views.gallery import all_samples
from handlers import ROUTES
from storage.models.outbox import Urgency
from tests.builders import MONDAY
from tests.journeys.acts import person
from tests.reading import Shown, buttons, calls_of, parsed, replies_in, samples_by_view, shown_by, strings, submits

DEEPEST = 3
PUSHED_BY_A_BUTTON = {"OpenModal", "Tell"}
PUSHED_BY_A_FORM = {"OpenModal"}
Found = Callable[[RouteKind, str], frozenset[Shown]]


def found(kind: RouteKind, route_id: str) -> frozenset[Shown]:
    route = ROUTES.find(kind, route_id)
    return shown_by(route) if route else frozenset()


def next_views(view: str, depth: int, found: Found) -> set[tuple[str, int]]:
    """Where one can go from a view shown as a modal at this depth, and how deep that is."""
    payloads = [sample.payload for sample in samples_by_view().get(view, [])]
    pressed = {each for payload in payloads for action in buttons(payload) for each in found(RouteKind.BUTTON, action)}
    sent = {each for payload in payloads for each in found(RouteKind.FORM, submits(payload))}
    refused = {("a refusal", depth + 1)} if any(buttons(payload) for payload in payloads) else set()
    return (
        {(each.view, depth + (each.reply in PUSHED_BY_A_BUTTON)) for each in pressed}
        | {(each.view, depth + (each.reply in PUSHED_BY_A_FORM)) for each in sent}
        | refused
    )


def too_deep(found: Found) -> list[str]:
    """Every chain of presses that would open a fourth view on top of three."""
    starts = {(each.view, 1) for route in ROUTES.by_key.values() for each in found(route.kind, route.id)}
    paths: dict[tuple[str, int], str] = {start: start[0] for start in starts}
    waiting = list(starts)
    while waiting:
        view, depth = waiting.pop()
        for following in next_views(view, depth, found) - paths.keys():
            paths[following] = f"{paths[view, depth]} > {following[0]}"
            if following[1] <= DEEPEST:
                waiting.append(following)
    return sorted(path for (_, depth), path in paths.items() if depth > DEEPEST)


def test_no_chain_of_views_is_deeper_than_three() -> None:
    assert too_deep(found) == []


def test_a_fourth_view_would_be_found() -> None:
    def deeper(kind: RouteKind, route_id: str) -> frozenset[Shown]:
        return frozenset({Shown("OpenModal", "find.start")}) if route_id == "find.ask" else found(kind, route_id)

    assert any(path.endswith("find.results > find.start > find.results > a refusal") for path in too_deep(deeper))


def test_replies_are_read_from_the_handlers_as_they_are_written() -> None:
    source = (
        "from bot.views import find as views\ndef a(c):\n    return _b(c)\ndef _b(c):\n    return Tell(views.x(c))\n"
    )
    assert list(replies_in(source, "a")) == [Shown("Tell", "find.x")]
    assert Shown("UpdateModal", "find.results") in found(RouteKind.FORM, "find.search")


def long_titles(titles: Mapping[str, str]) -> list[str]:
    return [f"{place}: {title}" for place, title in titles.items() if len(title) > TITLE_MAX]


def test_every_title_fits() -> None:
    sampled = {s.name: s.payload["title"]["text"] for s in all_samples() if s.surface == "modal"}
    written = {
        f"{path} {word.value}": text
        for path, tree in parsed("handlers").items()
        for call in calls_of(tree, "Tell", "Replace")
        for word in call.keywords
        for text in strings([word.value])
    }
    assert len(sampled) > 10
    assert written
    assert long_titles(sampled | written) == []
    assert long_titles({"a modal": "x" * 25}) == [f"a modal: {'x' * 25}"]


def test_every_kind_of_news_names_its_class_and_has_its_words() -> None:
    assert set(KINDS) == set(NEWS)
    assert {rule.urgency for rule in KINDS.values()} <= set(Urgency)


async def test_the_longest_way_through_modals_works_over_the_wire(tmp_path: Path) -> None:
    world = await start_world(tmp_path, now=MONDAY)
    try:
        noor = person(world, "noor")
        await noor.open_home()
        await (await noor.home()).click("Help")
        await (await noor.modal("Help")).click("My profile")
        profile = await noor.modal("Your profile")
        await profile.fill(learns="data analysis")
        await profile.submit()
        await (await noor.modal("Saved")).click("Find a mentor")
        questions = await noor.modal(callback_id="find.search")
        await questions.fill(topic="data analysis", goal="Move into a data role")
        await questions.submit()
        await (await noor.modal("Who could help")).click("Ask Tomás")
        await (await noor.modal("Ask Tomás")).submit()
        await person(world, "tomas").message(containing="would like you as a mentor")
        await noor.no_modal()
    finally:
        await world.stop()
