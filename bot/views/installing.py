"""The pages of an installation: plain words in a browser, since there is no workspace to say them in yet."""

import base64
import hashlib
from html import escape
from string import Template

STYLE = (
    "body{margin:3rem auto;max-width:34rem;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif;color:#1f2328;"
    "background:#faf8f5}h1{font-family:Georgia,serif;font-size:1.6rem}a{color:#7a3309;font-weight:600}"
    "code{background:#efe9e1;padding:.1rem .3rem;border-radius:.2rem}"
)
STYLE_HASH = "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
"""What a page's security policy lets in: this style and nothing else."""
PAGE = Template(
    "<!DOCTYPE html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
    f"<title>$title</title><style>{STYLE}</style><main><h1>$title</h1>$said</main></html>"
)
WHY_NOT = {
    "access_denied": "Nothing was installed, and nothing was kept. You can begin again whenever you like.",
    "invalid_browser": "This page belongs to an installation begun in another browser, or longer than ten minutes ago.",
    "invalid_state": "This page was used already, or it was opened longer than ten minutes ago.",
    "missing_code": "Slack sent you back without a code, so there was nothing to install with.",
    "invalid_code": "Slack did not take the code it sent you back with. It lives for ten minutes, and works once.",
    "storage_error": "I could not write the installation down just now. Nothing was kept.",
    "org_install": "I live in one workspace at a time. Choose a workspace, not the whole organisation.",
    "away": "Slack can't be reached from here just now. Nothing was kept.",
}
UNKNOWN = "Something was not as expected, and nothing was kept."


def installed(team: str, link: str) -> str:
    """It worked: where to go, and what to type; `link` leads to the workspace, and may be empty."""
    way = f"<p><a href='{escape(link)}'>Open {escape(team)}</a></p>" if link else ""
    said = (
        f"<p>Open {escape(team)} and type <code>/mentor</code>. Whoever installed me first organises mentoring there, "
        f"and finds how it goes on my Home tab: states and counts, never words.</p>{way}"
        "<p>What people tell me stays with them. When the app is removed, its access ends at once, "
        "and everything is forgotten two weeks later.</p>"
    )
    return PAGE.substitute(title=f"Mentor lives in {escape(team)} now", said=said)


def not_installed(reason: str, again: str) -> str:
    """It did not: why, and the way back to the beginning."""
    said = f"<p>{WHY_NOT.get(reason, UNKNOWN)}</p><p><a href='{escape(again)}'>Begin again</a></p>"
    return PAGE.substitute(title="Mentor is not installed", said=said)
