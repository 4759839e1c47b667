"""`/mentor settings`: how much one wants to hear, when, and away until."""

from bot.slack.router import Router

router = Router("preferences")
