"""A consent on its way from the installer to the app."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grant:
    """Behind a code: who consented, the redirect and scopes asked for, and when, in monotonic seconds."""

    user: str
    redirect_uri: str
    scopes: tuple[str, ...]
    made: float
