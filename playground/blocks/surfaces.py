"""Judges whole payloads: a message, a modal, a Home, or an array of blocks on its own."""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from playground.blocks import compiling, problems
from playground.blocks.crossing import crossing_problems, inputs_can_be_submitted
from playground.blocks.limits import limits
from playground.blocks.problems import Problem
from playground.blocks.sizes import message_size_problem, view_size_problem
from playground.blocks.walk import Walk

ViewKind: TypeAlias = Literal["modal", "home"]
Surface: TypeAlias = Literal["message", "modal", "home"]
SURFACES: tuple[Surface, ...] = ("message", "modal", "home")


def check_message(payload: Any) -> list[Problem]:
    """Every problem of a message's text, blocks and attachments; whether it says anything at all is not asked here."""
    if not isinstance(payload, dict):
        return [problems.wrong_type("", "an object")]
    walk = Walk("message")
    if "text" in payload and not isinstance(payload["text"], str):
        walk.problems.append(problems.wrong_type("/text", "a string"))
    arrays = [(payload["blocks"], "/blocks")] if "blocks" in payload else []
    arrays += blocks_of_attachments(payload, walk)
    return judged_message(arrays, walk)


def judged_message(arrays: list[tuple[Any, str]], walk: Walk) -> list[Problem]:
    """The problems of all arrays of blocks that make one message, ids and totals counted across them."""
    for blocks, pointer in arrays:
        compiling.message_blocks()(blocks, pointer, walk)
    walk.problems = walk.problems or crossing_problems(walk)
    if not walk.problems and (found := message_size_problem([blocks for blocks, _ in arrays])):
        walk.problems.append(found)
    return walk.problems


def blocks_of_attachments(payload: Mapping[str, Any], walk: Walk) -> list[tuple[Any, str]]:
    """The arrays of blocks inside attachments, with their pointers; the list itself is checked on the way."""
    attachments = payload.get("attachments", [])
    most = limits()["payload"]["message"]["max_attachments"]
    if not isinstance(attachments, list):
        walk.problems.append(problems.wrong_type("/attachments", "an array"))
        return []
    if len(attachments) > most:
        walk.problems.append(problems.too_many("/attachments", most, len(attachments)))
        return []
    found = []
    for index, attachment in enumerate(attachments):
        if not isinstance(attachment, dict):
            walk.problems.append(problems.wrong_type(f"/attachments/{index}", "an object"))
        elif "blocks" in attachment:
            found.append((attachment["blocks"], f"/attachments/{index}/blocks"))
    return found


def check_view(view: Any, kind: ViewKind | None = None) -> list[Problem]:
    """Every problem of a view; `kind` is what the method takes, None what the view says it is."""
    if not isinstance(view, dict):
        return [problems.wrong_type("/view", "an object")]
    kind, wrong = kind_of(view, kind)
    if kind is None:
        return wrong
    walk = Walk(kind)
    compiling.view(kind)(view, "/view", walk)
    if walk.problems:
        return walk.problems
    too_large = view_size_problem(view)  # only now: what is well formed is not nested too deep to be written
    return [too_large] if too_large else [*inputs_can_be_submitted(walk, view), *crossing_problems(walk)]


def kind_of(view: Mapping[str, Any], kind: ViewKind | None) -> tuple[ViewKind | None, list[Problem]]:
    """Which view it is to be judged as, or why it cannot be."""
    if kind is not None:
        return kind, []
    if "type" not in view:
        return None, [problems.missing("/view", "type")]
    if not isinstance(view["type"], str):
        return None, [problems.wrong_type("/view/type", "a string")]
    kinds: tuple[ViewKind, ...] = ("modal", "home")
    for known in kinds:
        if view["type"] == known:
            return known, []
    return None, [problems.unsupported("/view", kinds, view["type"])]


def check_blocks(blocks: Any, surface: Surface | None = None, pointer: str = "/blocks") -> list[Problem]:
    """Every problem of an array of blocks; without a surface it passes if any takes it, else the nearest one speaks."""
    if surface is None:
        return min((check_blocks(blocks, each, pointer) for each in SURFACES), key=len)
    walk = Walk(surface)
    if surface == "message":
        return judged_message([(blocks, pointer)], walk)
    compiling.view_blocks(surface)(blocks, pointer, walk)
    return walk.problems or crossing_problems(walk)
