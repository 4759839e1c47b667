"""blocks.validate: the Block Kit rules as a method anybody may call."""

from playground.api.call import Answer, Call
from playground.blocks import validate
from playground.checks import parsed
from playground.refusals import RefusalError


def validate_blocks(call: Call) -> Answer:
    """blocks.validate: exactly one of blocks, view and message."""
    given = {
        name: parsed(call.arguments[name], "invalid_arguments")
        for name in ("blocks", "view", "message")
        if call.arguments.get(name) not in (None, "")
    }
    answer = validate(given)
    if not answer.get("ok"):
        facts = {name: value for name, value in answer.items() if name not in {"ok", "error"}}
        raise RefusalError(str(answer["error"]), **facts)
    return {}
