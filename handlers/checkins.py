"""Check-ins: three taps, a reflection if one likes."""

from bot.slack.router import Router

router = Router("checkins")
