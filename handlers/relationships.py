"""A pair: look at it, pause, stop, go on."""

from bot.slack.router import Router

router = Router("relationships")
