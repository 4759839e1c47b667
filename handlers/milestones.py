"""Milestones: set, reach, move, drop."""

from bot.slack.router import Router

router = Router("milestones")
