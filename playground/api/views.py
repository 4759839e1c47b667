"""views.*: modals and Home tabs."""

from playground import modals
from playground.api.call import Answer, Call
from playground.checks import parsed, refuse_bad_view
from playground.payloads import view_object
from playground.records import Json, View
from playground.refusals import RefusalError


def _content(call: Call, *kinds: str) -> Json:
    """The view of a call, checked as Slack checks it."""
    raw = call.arguments.get("view")
    if raw in (None, ""):
        raise invalid_view("missing required field: view", "/view")
    try:
        content = parsed(raw, "invalid_arguments")
    except RefusalError as problem:
        raise invalid_view("must provide an object", "/view") from problem
    if not isinstance(content, dict):
        raise invalid_view("must provide an object", "/view")
    if content.get("type") not in kinds and isinstance(content.get("type"), str):
        raise invalid_view(f"unsupported type: {content['type']}", "/view/type")
    refuse_bad_view(content)
    return content


def invalid_view(message: str, pointer: str) -> RefusalError:
    """The refusal of a view that is wrong at this place."""
    return RefusalError(
        "invalid_arguments", response_metadata={"messages": [f"[ERROR] {message} [json-pointer:{pointer}]"]}
    )


def _answer(call: Call, view: View) -> Answer:
    return {"view": view_object(call.state, view)}


def open_(call: Call) -> Answer:
    """views.open: a modal for whoever did the deed, within three seconds of it."""
    content = _content(call, "modal")
    trigger = call.world.triggers.look(call.arguments.get("trigger_id") or call.arguments.get("interactivity_pointer"))
    modals.check_external_id(call.world, content)
    trigger.used = True
    return _answer(call, modals.open_modal(call.world, trigger.user, content))


def push(call: Call) -> Answer:
    """views.push: on top of the modal the deed was done in."""
    content = _content(call, "modal")
    trigger = call.world.triggers.look(call.arguments.get("trigger_id") or call.arguments.get("interactivity_pointer"))
    stack = [each.id for each in call.state.modals(trigger.user)]
    if trigger.view is None or trigger.view not in stack:
        raise RefusalError("not_found")
    modals.check_external_id(call.world, content)
    if len(stack) >= call.world.limits.stack:
        raise RefusalError("push_limit_reached")
    trigger.used = True
    return _answer(call, modals.open_modal(call.world, trigger.user, content, push=True))


def update(call: Call) -> Answer:
    """views.update: by view_id or external_id; an old hash loses."""
    content = _content(call, "modal", "home")
    view = _named(call)
    if content["type"] != view.type:
        raise RefusalError("not_found")
    _check_hash(call, view)
    modals.check_external_id(call.world, content, besides=view)
    modals.replace(call.world, view, content)
    return _answer(call, view)


def _named(call: Call) -> View:
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        raise invalid_view("missing required field: view_id", "")
    for view in call.state.views.values():
        if view.id == view_id or (external_id and view.content.get("external_id") == external_id):
            return view
    raise RefusalError("not_found")


def _check_hash(call: Call, view: View | None) -> None:
    known = call.text("hash")
    if known and (view is None or known != view.hash):
        raise RefusalError("hash_conflict")


def publish(call: Call) -> Answer:
    """views.publish: a person's Home tab."""
    content = _content(call, "home")
    user = call.state.users.get(call.text("user_id"))
    if user is None or user.is_bot or user.deleted or user.foreign:
        unknown = user is None or user.deleted or user.foreign
        raise RefusalError("user_not_found") if unknown else RefusalError("not_enabled")
    if not call.world.manifest.home_tab:
        raise RefusalError("not_enabled")
    before = call.state.home(user.id)
    _check_hash(call, before)
    modals.check_external_id(call.world, content, besides=before)
    return _answer(call, modals.publish(call.world, user.id, content))
