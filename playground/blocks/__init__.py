"""Block Kit's rules as data, and a judge that refuses in Slack's own words what Slack refuses.

The data stands in limits.json, read at the first judgement. Problems come in the order they are met; rules between
parts (unique ids, totals, submit with an input) are judged once every part is well formed, as Slack does.
"""

from playground.blocks.answers import refusal_for_message, refusal_for_view, validate
from playground.blocks.limits import limits
from playground.blocks.problems import Code, Problem
from playground.blocks.surfaces import check_blocks, check_message, check_view

__all__ = [
    "Code",
    "Problem",
    "check_blocks",
    "check_message",
    "check_view",
    "limits",
    "refusal_for_message",
    "refusal_for_view",
    "validate",
]
