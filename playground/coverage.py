"""What the playground covers and what it does not, as one table: `python -m playground.coverage` writes it.

The table is generated from what the code itself goes by, so that nothing is claimed that is not there.
"""

from pathlib import Path

from playground.api.table import METHODS, SPECIAL
from playground.coverage_refusals import refusals_of
from playground.events import SENT
from playground.rates import PER_MINUTE
from playground.scopes import EVENT_SCOPES

SOURCE = "https://docs.slack.dev/reference/methods/"
FILE = Path(__file__).parent / "COVERAGE.md"

# What somebody might expect and what happens instead.
LEFT_OUT = (
    ("User tokens (xoxp) and user scopes", "only bot and app-level tokens exist; others are `invalid_auth`"),
    ("PKCE, distribution, approval of apps by administrators", "any full member installs, anywhere"),
    ("Enterprise Grid", "workspaces stand alone; `enterprise_id` is always null"),
    ("Incoming webhooks, workflows, functions, canvases, lists", "their methods are `unknown_method`"),
    ("Unfurling of links, `link_names`, `parse`", "taken and ignored"),
    ("Own name and picture of a message (`username`, `icon_*`)", "taken and ignored"),
    ("Checks of attachments beyond their number", "kept and shown as they came"),
    ("Files from URLs, thumbnails, previews", "a file is its bytes, offered for download"),
    ("Do not disturb, presence, status, calls, huddles", "`dnd.info` says off, `users.getPresence` says active"),
    ("Hourly redelivery for 24 hours, switching off failing subscriptions", "three redeliveries, then silence"),
    ("Time limits of editing, restricted channels, message retention", "not enforced"),
)


def table() -> str:
    """The whole page as Markdown."""
    methods = [_method_row(name) for name in sorted(METHODS)]
    never = sorted(set(EVENT_SCOPES) - SENT)
    lines = [
        "# What this workspace covers",
        "",
        "Written by `python -m playground.coverage`; a test keeps it true. A method that is not here is answered",
        "`unknown_method`, never with a made-up success.",
        "",
        f"## Web API: {len(methods)} methods",
        "",
        "Every method is refused first for its token, its scope (`missing_scope`), its rate (`ratelimited`) and",
        "arguments that cannot be read; then for what its row says. The source is the method's own page, linked here.",
        "",
        "| method | any of these scopes | calls a minute | refuses with |",
        "|---|---|---|---|",
        *methods,
        "",
        f"## Events that are sent: {len(SENT)}",
        "",
        ", ".join(f"`{name}`" for name in sorted(SENT)),
        "",
        f"## Events a manifest may name that never come: {len(never)}",
        "",
        ", ".join(f"`{name}`" for name in never),
        "",
        "## Left out, and what happens instead",
        "",
        "| what | instead |",
        "|---|---|",
        *(f"| {what} | {instead} |" for what, instead in LEFT_OUT),
        "",
    ]
    return "\n".join(lines)


def _method_row(name: str) -> str:
    method = METHODS[name]
    rate = "several hundred" if method.tier == SPECIAL else str(PER_MINUTE[method.tier])
    scopes = ", ".join(f"`{scope}`" for scope in method.scopes) or "–"
    refusals = ", ".join(f"`{code}`" for code in refusals_of(method.run)) or "–"
    return f"| [`{name}`]({SOURCE}{name}) | {scopes} | {rate} | {refusals} |"


if __name__ == "__main__":
    FILE.write_text(table(), encoding="utf-8")
