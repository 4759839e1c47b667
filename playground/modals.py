"""Views before people: a stack of at most three modals and one Home each, with a hash for every change."""

from playground.elements import beginning_state, dress
from playground.payloads import view_object
from playground.records import Json, View
from playground.refusals import RefusalError
from playground.world import World


def _new_hash(world: World) -> str:
    return f"{int(world.clock.seconds())}.{world.ids.secret(8)}"


def check_external_id(world: World, content: Json, besides: View | None = None) -> None:
    """An external_id may be in use once in a workspace."""
    wanted = content.get("external_id")
    if wanted and any(
        each.content.get("external_id") == wanted and each is not besides for each in world.state.views.values()
    ):
        raise RefusalError("duplicate_external_id")


def open_modal(world: World, user_id: str, content: Json, *, push: bool = False) -> View:
    """Show a modal: alone, or on top of the others when pushed."""
    seat = world.state.seat(user_id)
    if not push:
        clear(world, user_id)
    stack = world.state.modals(user_id)
    if len(stack) >= world.limits.stack:
        raise RefusalError("push_limit_reached")
    view_id = world.ids.make("V")
    view = View(
        id=view_id,
        type="modal",
        user=user_id,
        hash=_new_hash(world),
        content=_dressed(world, content),
        root_view_id=stack[0].root_view_id if stack else view_id,
        previous_view_id=stack[-1].id if stack else None,
    )
    view.values = beginning_state(view.content["blocks"])
    seat.modals = [*(each.id for each in stack), view_id]
    world.state.keep(view)
    world.state.keep(seat)
    tell_modals(world, user_id)
    return view


def _dressed(world: World, content: Json) -> Json:
    dressed = dict(content)
    dressed["blocks"] = dress(content.get("blocks") or [], world.ids)
    return dressed


def replace(world: World, view: View, content: Json) -> None:
    """Show other content in the same view; what was typed stays where both ids are the same."""
    view.content = _dressed(world, content)
    view.values = beginning_state(view.content["blocks"], view.values)
    view.hash = _new_hash(world)
    view.problem = None
    world.state.keep(view)
    tell(world, view)


def publish(world: World, user_id: str, content: Json) -> View:
    """Put a Home view before a person, in place of the last one."""
    seat = world.state.seat(user_id)
    view = world.state.home(user_id)
    if view is None:
        key = world.ids.make("V")
        view = View(key, "home", user_id, "", {}, root_view_id=key)
        seat.home = key
        world.state.keep(seat)
    replace(world, view, content)
    return view


def pop(world: World, view: View) -> None:
    """Close one modal, and those on top of it."""
    seat = world.state.seat(view.user)
    if view.id not in seat.modals:
        return
    place = seat.modals.index(view.id)
    for each in seat.modals[place:]:
        gone = world.state.views.get(each)
        if gone is not None:
            world.state.drop(gone)
    seat.modals = seat.modals[:place]
    world.state.keep(seat)
    tell_modals(world, view.user)


def clear(world: World, user_id: str) -> None:
    """Close all of a person's modals."""
    stack = world.state.modals(user_id)
    if stack:
        pop(world, stack[0])


def set_problem(world: World, view: View, problem: str | None) -> None:
    """Say in the modal that something went wrong; what was typed stays."""
    if view.problem != problem:
        view.problem = problem
        world.state.keep(view)
        tell_modals(world, view.user)


def shown(world: World, view: View) -> Json:
    """A view as the page draws it."""
    return view_object(world.state, view) | {"problem": view.problem}


def tell(world: World, view: View) -> None:
    """Have open pages draw this view again."""
    if view.type == "home":
        if world.stream.watched:
            world.stream.tell("home", [view.user], view=shown(world, view))
    else:
        tell_modals(world, view.user)


def tell_modals(world: World, user_id: str) -> None:
    """Have open pages draw this person's modals again, in the workspace they live in."""
    home = world.workspaces.of_team(world.state.users[user_id].team_id) or world
    if home.stream.watched:
        stack = [shown(world, each) for each in world.state.modals(user_id)]
        home.stream.tell("modals", [user_id], modals=stack)
