"""The tokens an app gets in a workspace: issued, rotated, run out, taken back."""

from playground.ids import Ids
from playground.records import App

LIFETIME = 43_200
MOST_SPENT = 50


def issue(app: App, ids: Ids, now: float, *, rotates: bool) -> None:
    """A token for an app that has none that works; with rotation it runs out, and a refresh token comes along."""
    number = f"{ids.digits(13)}-{ids.digits(13)}"
    start = "xoxe.xoxb-playground" if rotates else "xoxb-playground"
    app.bot_token = f"{start}-{number}-{ids.secret()}"
    app.refresh_token = f"xoxe-playground-{ids.secret(60)}" if rotates else ""
    app.expires_at = now + LIFETIME if rotates else 0.0


def rotate(app: App, ids: Ids, now: float) -> None:
    """A new pair; the token before goes on until its own end, the one before that is revoked."""
    if app.earlier_token:
        _spend(app, app.earlier_token, "token_revoked")
    app.earlier_token, app.earlier_expires_at = app.bot_token, app.expires_at
    issue(app, ids, now, rotates=True)


def replace_dead(app: App, ids: Ids, now: float, *, rotates: bool) -> None:
    """A token for an app that comes back; none of those before ever works again."""
    word = "account_inactive" if app.removed else "token_revoked"
    for token in (app.bot_token, app.earlier_token):
        if token:
            _spend(app, token, word)
    app.earlier_token, app.earlier_expires_at = "", 0.0
    issue(app, ids, now, rotates=rotates)


def _spend(app: App, token: str, word: str) -> None:
    app.spent[token] = word
    while len(app.spent) > MOST_SPENT:
        del app.spent[next(iter(app.spent))]


def known(app: App, token: str) -> bool:
    """Whether this was ever a bot token of the app here."""
    return token in {app.bot_token, app.earlier_token} or token in app.spent


def refusal_of(app: App, token: str, now: float) -> str:
    """The word a bot token of this app is refused by; empty when it works."""
    if token in app.spent:
        return app.spent[token]
    if app.removed:
        return "account_inactive"
    if app.revoked:
        return "token_revoked"
    expires_at = app.expires_at if token == app.bot_token else app.earlier_expires_at
    return "token_expired" if expires_at and now >= expires_at else ""
